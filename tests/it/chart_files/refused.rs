//! What the schema refuses, and that Helm, the schema's reader in Rust, and the site file's own types agree on it.

use std::path::Path;
use std::str::FromStr;

use invgen::config::scalars::{
    Cidr, Digest, DnsLabel, Email, Hostname, ImageRepository, ImageTag, LabelKey, LabelValue,
    ObjectName, QueueName, Text,
};
use invgen::params::Kind;
use serde_json::{Value, json};

use super::helm::{helms, run, values};
use super::made::{Made, values_yaml};
use crate::support::examples;

/// What is set, and what Helm then complains about.
const REFUSED: &[(&str, &[&str])] = &[
    // Unknown keys, at every depth.
    ("nonsense=1", &["nonsense"]),
    ("web.nonsense=1", &["web", "nonsense"]),
    ("web.resources.limits.nonsense=1", &["limits", "nonsense"]),
    ("workers.indexing.nonsense=1", &["indexing", "nonsense"]),
    ("workers.more.concurrency=1", &["workers", "more"]),
    // null for a value, a section, a map, an entry of one, and a list.
    ("domain=null", &["domain"]),
    ("web.replicas=null", &["web", "replicas"]),
    ("web=null", &["web"]),
    ("web.resources=null", &["web", "resources"]),
    ("labels=null", &["labels"]),
    ("labels.mine=null", &["labels", "mine"]),
    ("image.pullSecrets=null", &["image", "pullSecrets"]),
    // Another type.
    ("image.tag=123", &["image", "tag"]),
    ("domain=true", &["domain"]),
    ("web.replicas=3.5", &["web", "replicas"]),
    ("web.replicas=three", &["web", "replicas"]),
    ("web.replicas=true", &["web", "replicas"]),
    ("web=3", &["web"]),
    ("labels=x", &["labels"]),
    ("labels.mine=3", &["labels", "mine"]),
    ("image.pullSecrets=x", &["image", "pullSecrets"]),
    ("image.pullSecrets.x=y", &["image", "pullSecrets"]),
    ("network.policies=yes", &["network", "policies"]),
    ("web.resources.limits.cpu=2", &["limits", "cpu"]),
    // Out of range, and none of the words.
    ("web.replicas=0", &["web", "replicas"]),
    ("web.replicas=101", &["web", "replicas"]),
    ("environment=prod", &["environment"]),
    ("environment=", &["environment"]),
    ("services.opensearch.nodes=2", &["opensearch", "nodes"]),
    ("setup.waitSeconds=0", &["setup", "waitSeconds"]),
    ("worker.queues={celery,low,celery}", &["worker", "queues"]),
    ("image.tag=latest", &["image", "tag"]),
    ("nginx.image.tag=1-Latest-alpine", &["nginx", "tag"]),
    // Keys that are not for the site to choose; Helm 4 names them alone.
    (
        r"labels.app\.kubernetes\.io/name=x",
        &["app.kubernetes.io/name"],
    ),
    (r"annotations.checksum/config=x", &["checksum/config"]),
    (
        r"exposure.ingress.annotations.cert-manager\.io/issuer=x",
        &["cert-manager.io/issuer"],
    ),
    // Items of lists of maps.
    (
        "scheduling.tolerations[0].key=x",
        &["tolerations", "operator"],
    ),
    (
        "scheduling.tolerations[0].operator=Exists",
        &["tolerations", "key"],
    ),
    // Empty texts where one is needed.
    ("domain=", &["domain"]),
    ("image.tag=", &["image", "tag"]),
    ("mail.host=", &["mail", "host"]),
    ("mail.encryption=", &["mail", "encryption"]),
    ("exposure.ingress.className=", &["className"]),
    // Rules across values.
    ("exposure.ingress.tls.enabled=false", &["tls", "enabled"]),
    ("exposure.ingress.controllerNamespace=", &["className"]),
    (
        "exposure.ingress.tls.issuer=,exposure.ingress.tls.secretName=",
        &["issuer"],
    ),
    ("mail.encryption=none", &["mail", "username"]),
];

/// What is set, and passes.
const ACCEPTED: &[&str] = &[
    "global.anything=1",
    "web.replicas=3",
    "labels.mine=x",
    "image.digest=",
    "network.dns.nodeCache=",
    "services.opensearch.heap=",
    "services.opensearch.heap=3Gi",
    "exposure.ingress.tls.issuer=",
    "mail.enabled=false,mail.host=,mail.encryption=,mail.sender=",
    "mail.encryption=none,mail.username=",
    "exposure.ingress.enabled=false,exposure.ingress.className=,exposure.ingress.tls.issuerKind=",
    "environment=development,exposure.ingress.tls.enabled=false,exposure.ingress.tls.issuerKind=",
    "exposure.ingress.className=haproxy,exposure.ingress.controllerNamespace=",
    "network.policies=false,exposure.ingress.controllerNamespace=",
    "scheduling.tolerations[0].key=x,scheduling.tolerations[0].operator=Exists",
];

fn busy() -> (Made, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let made = Made::of("busy");
    made.write(folder.path());
    (made, folder)
}

#[test]
fn helm_refuses_what_is_wrong_and_names_it() {
    let (_, folder) = busy();
    for helm in helms() {
        for (set, named) in REFUSED {
            let message = values(&helm, folder.path(), &["--set", set]).expect_err(set);
            assert!(message.contains("schema"), "{set}: {message}");
            for name in *named {
                assert!(message.contains(name), "{set}: {name} is not in\n{message}");
            }
        }
        for set in ACCEPTED {
            let found = values(&helm, folder.path(), &["--set", set]);
            assert!(found.is_ok(), "{set}: {found:?}");
        }
        let text = ["--set-string", "network.policies=true"];
        let message = values(&helm, folder.path(), &text).unwrap_err();
        assert!(message.contains("policies"), "{message}");
        let open = ["--set-json", "network.egress.smtp.ports=[]"];
        let message = values(&helm, folder.path(), &open).unwrap_err();
        assert!(message.contains("ports"), "{message}");
        let none = ["--set-json", "image.pullSecrets=[]"];
        let found = values(&helm, folder.path(), &none).unwrap();
        assert_eq!(found["image"]["pullSecrets"], json!([]));
    }
}

#[test]
fn it_passes_the_linter_and_is_packed() {
    for example in examples::examples() {
        let folder = tempfile::tempdir().unwrap();
        let chart = folder.path().join(&example);
        Made::of(&example).write(&chart);
        std::fs::write(chart.join(".invgen"), "a list of files\n").unwrap();
        let (chart, packed) = (chart.to_str().unwrap(), folder.path().join("packed"));
        for helm in helms() {
            let report = run(&helm, &["lint", "--strict", chart]).unwrap();
            assert!(report.contains("0 chart(s) failed"), "{report}");
            assert!(
                !report.contains("WARN") && !report.contains("ERR"),
                "{report}"
            );
            let packed = packed.to_str().unwrap();
            run(
                &helm,
                &["package", chart, "--version", "1.2.3", "-d", packed],
            )
            .unwrap();
            let archive = format!("{packed}/{}-1.2.3.tgz", Made::of(&example).name);
            let shown = run(&helm, &["show", "chart", &archive]).unwrap();
            assert_eq!(values_yaml(&shown)["version"], "1.2.3");
        }
    }
}

#[test]
fn it_works_within_another_chart() {
    let folder = tempfile::tempdir().unwrap();
    let made = Made::of("busy");
    made.write(&folder.path().join("charts/busy"));
    std::fs::write(
        folder.path().join("Chart.yaml"),
        "{apiVersion: v2, name: parent, version: 0.1.0, dependencies: [{name: busy, version: 0.1.0}]}\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("values.yaml"),
        "{busy: {web: {threads: 3}}, global: {x: 1}}\n",
    )
    .unwrap();
    for helm in helms() {
        let found = values(&helm, folder.path(), &[]).unwrap();
        assert_eq!(found["web"]["threads"], 3);
        assert_eq!(found["web"]["processes"], 4);
        let message = values(&helm, folder.path(), &["--set", "busy.web.nonsense=1"]).unwrap_err();
        assert!(message.contains("nonsense"), "{message}");
        let message = values(&helm, folder.path(), &["--set", "busy.domain=null"]).unwrap_err();
        assert!(message.contains("domain"), "{message}");
    }
}

/// A value, the type that the site file has there, and whether the empty text stands for none.
type Place = (&'static str, fn(&str) -> bool, bool);

fn parses<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

const PLACES: [Place; 10] = [
    ("domain", parses::<Hostname>, false),
    ("image.repository", parses::<ImageRepository>, false),
    ("image.tag", parses::<ImageTag>, false),
    ("image.digest", parses::<Digest>, true),
    ("invenio.siteName", parses::<Text>, true),
    ("invenio.adminEmail", parses::<Email>, true),
    (
        "exposure.ingress.controllerNamespace",
        parses::<DnsLabel>,
        false,
    ),
    ("scheduling.priorityClassName", parses::<ObjectName>, true),
    ("network.dns.nodeCache", parses::<Cidr>, true),
    ("network.egress.smtp.cidr", parses::<Cidr>, false),
];

const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "0",
    "on",
    "1e3",
    "a b",
    " a",
    "a ",
    "a-b",
    "a-",
    "-a",
    "a_b",
    "a__b",
    "a___b",
    "a.b",
    "a..b",
    "a.b.",
    "a.1",
    "1.a",
    "a/b",
    "a_b.c/d",
    "r:5000/a",
    "r:0/a",
    "r:65536/a",
    "A.b/c",
    "localhost/x",
    "a:b",
    "a+b",
    "a@b.c",
    "a@b",
    "a@b.1",
    "a@b-.c",
    "10.0.0.0/8",
    "10.0.0.0/08",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "::/0",
    "0::/0",
    "::1/128",
    "1::2::3/64",
    "2001:db8::/32",
    "::ffff:1.2.3.4/128",
    "1:2:3:4:5:6:7:8/128",
    "\t",
    "a\tb",
    "a\nb",
    "a\n",
    "\u{1}",
    "\u{200d}",
    "\u{feff}",
    "\u{ad}",
    "a\u{2028}b",
    "\u{2029}",
    "é",
    "日本",
    "😀",
    "\"",
    "\\",
    "'",
    "{{ .Values }}",
    "%d",
    "#",
    ": ",
    "null",
    "true",
    "p",
    "C",
    "Zl",
    "sha256:5f0c6a3d8b1e94c7720a4fd1b6e839c05d7a2f4e8c913b60a5d2e7f8190c3b4a",
    "sha256:5f",
];

/// Longer texts than a table can show.
fn long() -> Vec<String> {
    vec![
        "a".repeat(63),
        "a".repeat(64),
        "a".repeat(128),
        "a".repeat(129),
        format!("{}a", "a.".repeat(126)),
        format!("{}aa", "a.".repeat(126)),
        format!("{}@example.org", "a".repeat(242)),
        format!("{}@example.org", "a".repeat(243)),
        format!("{}a", "a/".repeat(127)),
        format!("{}aa", "a/".repeat(127)),
    ]
}

/// The tree with one value replaced.
fn with(tree: &Value, path: &str, value: Value) -> Value {
    let mut tree = tree.clone();
    *tree
        .pointer_mut(&format!("/{}", path.replace('.', "/")))
        .unwrap() = value;
    tree
}

fn accepted(helm: &Path, chart: &Path, tree: &Value) -> bool {
    let file = chart.join("case.json");
    std::fs::write(&file, tree.to_string()).unwrap();
    match values(helm, chart, &["-f", file.to_str().unwrap()]) {
        Ok(found) => {
            assert_eq!(found, *tree);
            true
        }
        Err(message) => {
            assert!(message.contains("schema"), "{message}");
            false
        }
    }
}

#[test]
fn types_schema_and_helm_agree_on_texts() {
    let (made, folder) = busy();
    let base = values_yaml(&made.text("values.yaml"));
    let schema = jsonschema::draft7::new(&made.schema()).unwrap();
    let texts: Vec<_> = TEXTS
        .iter()
        .map(ToString::to_string)
        .chain(long())
        .collect();
    let helms = helms();
    // Helm is slow to start. It gets what readers may see differently, each in the first place that takes it and in the
    // first that refuses it.
    for text in &texts {
        let is_odd = text.len() > 60
            || !text
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_./".contains(letter));
        let mut seen = [!is_odd; 2];
        for (path, parses, is_optional) in PLACES {
            let wanted = parses(text) || is_optional && text.is_empty();
            let tree = with(&base, path, json!(text));
            assert_eq!(schema.is_valid(&tree), wanted, "{path}: {text:?}");
            if !std::mem::replace(&mut seen[usize::from(wanted)], true) {
                for helm in &helms {
                    assert_eq!(
                        accepted(helm, folder.path(), &tree),
                        wanted,
                        "{path}: {text:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn types_schema_and_helm_agree_on_entries_of_maps_and_lists() {
    let (made, folder) = busy();
    let base = values_yaml(&made.text("values.yaml"));
    let schema = jsonschema::draft7::new(&made.schema()).unwrap();
    let helms = helms();
    let long = format!("{}a/b", "a.".repeat(127));
    for (text, reaches_helm) in TEXTS
        .iter()
        .map(|text| (*text, false))
        .chain([
            ("a.b/c", true),
            ("kubernetes.io/x", true),
            ("a.k8s.io/x", true),
            ("app.kubernetes.io/x", true),
        ])
        .chain([
            ("helm.sh/hook-weight", true),
            ("helm.sh/chart", true),
            (long.as_str(), true),
        ])
    {
        let reserved = |is_label: bool| {
            let prefix = text.split_once('/').map_or("", |(prefix, _)| prefix);
            let below = [".kubernetes.io", ".k8s.io"]
                .iter()
                .any(|end| prefix.ends_with(end));
            ["kubernetes.io", "k8s.io", "app.kubernetes.io"].contains(&prefix) || is_label && below
        };
        let own = text.starts_with("checksum/config") || text.starts_with("helm.sh/hook");
        let key = parses::<LabelKey>(text);
        for (path, value, wanted) in [
            ("labels", json!({text: "x"}), key && !reserved(true)),
            ("labels", json!({"x": text}), parses::<LabelValue>(text)),
            (
                "annotations",
                json!({text: "x"}),
                key && !reserved(false) && !own,
            ),
            ("annotations", json!({"x": text}), parses::<Text>(text)),
            ("scheduling.nodeSelector", json!({text: "x"}), key),
            ("worker.queues", json!([text]), parses::<QueueName>(text)),
            (
                "image.pullSecrets",
                json!([text]),
                parses::<ObjectName>(text),
            ),
        ] {
            let tree = with(&base, path, value);
            assert_eq!(schema.is_valid(&tree), wanted, "{path}: {text:?}");
            if reaches_helm && path != "worker.queues" {
                // Helm merges maps, so that the chart's own entries are there as well.
                let mut merged = tree.clone();
                for map in ["labels", "annotations", "scheduling.nodeSelector"] {
                    let pointer = format!("/{}", map.replace('.', "/"));
                    let mut all = base.pointer(&pointer).unwrap().clone();
                    for (key, value) in tree.pointer(&pointer).unwrap().as_object().unwrap() {
                        all[key] = value.clone();
                    }
                    merged = with(&merged, map, all);
                }
                for helm in &helms {
                    assert_eq!(
                        accepted(helm, folder.path(), &merged),
                        wanted,
                        "{path}: {text:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_pattern_means_the_same_to_all_readers() {
    fn walk(schema: &Value, patterns: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                for (key, value) in map {
                    match value.as_str() {
                        Some(pattern) if key == "pattern" => patterns.push(pattern.to_owned()),
                        _ => walk(value, patterns),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, patterns)),
            _ => {}
        }
    }
    let mut patterns = Vec::new();
    for example in examples::examples() {
        walk(&Made::of(&example).schema(), &mut patterns);
    }
    assert!(patterns.len() > 100);
    for pattern in patterns {
        // No escapes and groups that one of RE2 and ECMA 262 does not know, and nothing that depends on flags.
        for foreign in [r"\u", r"\x", r"\d", r"\w", r"\s", r"\b", r"\z", "(?", r"\1"] {
            assert!(!pattern.contains(foreign), "{foreign} in {pattern}");
        }
        assert!(pattern.is_ascii(), "{pattern}");
    }
}

#[test]
fn every_parameter_is_required_and_closed() {
    let made = Made::of("busy");
    let schema = made.schema();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let base = values_yaml(&made.text("values.yaml"));
    assert!(validator.is_valid(&base));
    let mut sections = 0;
    let mut pointers = vec![String::new()];
    while let Some(pointer) = pointers.pop() {
        let place = base.pointer(&pointer).unwrap();
        let path = pointer.trim_start_matches('/').replace('/', ".");
        let param = made.registry.params().find(|param| param.path == path);
        let own = match param {
            Some(param) => {
                assert!(
                    !validator.is_valid(&with_pointer(&base, &pointer, json!(null))),
                    "{path}"
                );
                let wrong = if param.kind == Kind::Text {
                    json!(1)
                } else {
                    json!("1")
                };
                assert!(
                    !validator.is_valid(&with_pointer(&base, &pointer, wrong)),
                    "{path}"
                );
                continue;
            }
            None => place.as_object().unwrap(),
        };
        sections += 1;
        let mut unknown = base.clone();
        unknown.pointer_mut(&pointer).unwrap()["zz"] = json!("zz");
        assert!(!validator.is_valid(&unknown), "{path} takes an unknown key");
        for key in own.keys() {
            let mut missing = base.clone();
            missing
                .pointer_mut(&pointer)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(key);
            assert!(!validator.is_valid(&missing), "{path} does without {key}");
            pointers.push(format!("{pointer}/{key}"));
        }
    }
    assert!(sections > 40, "{sections}");
}

fn with_pointer(tree: &Value, pointer: &str, value: Value) -> Value {
    let mut tree = tree.clone();
    *tree.pointer_mut(pointer).unwrap() = value;
    tree
}
