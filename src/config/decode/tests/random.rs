//! Damaged and random sites.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::schema::validator;
use super::*;

fn mutated() -> impl Strategy<Value = Value> {
    let paths = prop::sample::select(vec![
        "/name",
        "/domain",
        "/image",
        "/image/tag",
        "/web",
        "/web/replicas",
        "/web/processes",
        "/web/autoscaling",
        "/postgresql",
        "/postgresql/provider",
        "/postgresql/size",
        "/postgresql/host",
        "/workers",
        "/words",
        "/words/memory",
        "/words/port",
        "/profiles",
        "/odd",
    ]);
    let values = prop_oneof![
        prop::sample::select(vec![
            json!(null),
            json!(true),
            json!(0),
            json!(3),
            json!(65),
            json!(-1),
            json!(1.5),
            json!(""),
            json!("lab"),
            json!("a.b"),
            json!("Lab"),
            json!("10Gi"),
            json!("internal"),
            json!("external"),
            json!([]),
            json!(["a"]),
            json!([[1]]),
            json!({}),
            json!({"provider": "external", "host": "a.b"}),
            json!({"maxReplicas": 3}),
            json!({"a": {"engine": "valkey"}}),
            json!({"dev": {"web": {"replicas": 3}}}),
            json!({"replicas": 4}),
        ]),
        "[a-z0-9.]{0,6}".prop_map(Value::from),
    ];
    proptest::collection::vec((paths, values), 0..6).prop_map(|changes| {
        let mut site = node(GOOD).to_json();
        for (path, value) in changes {
            let (parent, key) = path.rsplit_once('/').unwrap();
            if let Some(Value::Object(map)) = site.pointer_mut(parent) {
                map.insert(key.to_owned(), value);
            }
        }
        site
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_the_decoder_accepts_the_schema_accepts_and_reads_again(value in mutated()) {
        static SCHEMA: std::sync::LazyLock<jsonschema::Validator> = std::sync::LazyLock::new(|| validator(&[]).1);
        match read(&value.to_string()) {
            Ok(site) => {
                prop_assert!(SCHEMA.is_valid(&value), "the schema refuses {value}");
                prop_assert_eq!(read(&site.encode().to_string()).ok(), Some(site));
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty(), "refused without an error: {value}");
                prop_assert!(problems.iter().all(|problem| problem.span.is_some() && problem.help.is_some()));
            }
        }
    }

    #[test]
    fn any_yaml_is_decoded_or_refused(text in "(name|web|image|profiles|postgresql|words|workers|odd)?: ?\\PC{0,30}\n") {
        if let Ok(root) = yaml::parse(source(&text)) {
            prop_assert!(decode::<Site>(&root).is_err_and(|problems| !problems.is_empty()));
        }
    }
}
