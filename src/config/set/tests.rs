use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn arguments_become_maps_with_places() {
    for (argument, wanted) in [
        ("web.replicas=3", json!({"web": {"replicas": 3}})),
        (r#"image.tag="1.10""#, json!({"image": {"tag": "1.10"}})),
        (
            "worker.queues=[celery, low]",
            json!({"worker": {"queues": ["celery", "low"]}}),
        ),
        (
            "a={b: {c: 1}, d: x}",
            json!({"a": {"b": {"c": 1}, "d": "x"}}),
        ),
        ("autoscaling=null", json!({"autoscaling": null})),
        ("autoscaling=", json!({"autoscaling": null})),
        ("name=a=b", json!({"name": "a=b"})),
        ("title=Lab of X", json!({"title": "Lab of X"})),
        (
            r#"nodeSelector["kubernetes.io/os"]=linux"#,
            json!({"nodeSelector": {"kubernetes.io/os": "linux"}}),
        ),
    ] {
        assert_eq!(parse(argument).unwrap().to_json(), wanted, "{argument}");
    }
    let node = parse("web.replicas=3").unwrap();
    let replicas = &node.get("web").unwrap().value.entries()[0];
    assert_eq!((replicas.key_span.start, replicas.key_span.end), (4, 12));
    assert_eq!(
        (replicas.value.span.start, replicas.value.span.end),
        (13, 14)
    );
    assert_eq!(replicas.key_span.source.name, "--set web.replicas");
}

#[test]
fn what_is_no_setting_is_explained() {
    for (argument, says) in [
        ("web.replicas", "has no `=`"),
        ("", "has no `=`"),
        ("=3", "no path"),
        ("web..x=3", "a key is missing"),
        ("web.=3", "a key is missing"),
        ("queues[0]=x", "leads into a list"),
        ("queues[x]=x", "malformed"),
        ("queues[0=x", "malformed"),
        ("a={b: 1", "not YAML"),
        ("a=[1, 2", "not YAML"),
        ("a={b: 1, b: 2}", "twice"),
        ("a=!tag x", "not supported"),
        ("a=1\n---\nb", "second document"),
    ] {
        let problems = parse(argument).expect_err(argument);
        let problem = &problems[0];
        assert_eq!(problem.code, codes::BAD_SET);
        assert!(
            problem.message.contains(says),
            "{argument}: {}",
            problem.message
        );
        assert!(
            problem.help.is_some() && problem.span.is_some(),
            "{argument}"
        );
    }
    let list = parse("workers.queues[0]=x").unwrap_err();
    assert_eq!(
        list[0].help.as_deref(),
        Some("give the whole list: `--set 'workers.queues=[first, second]'`")
    );
}

proptest! {
    #[test]
    fn never_panics(argument in "\\PC*|[a-z.=\\[\\]\"{}:, 0-9é]{0,30}") {
        for problem in parse(&argument).err().into_iter().flatten() {
            let span = problem.span.unwrap();
            prop_assert!(span.source.text.get(span.start..span.end).is_some());
        }
    }
}
