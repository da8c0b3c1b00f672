//! What plain output has for these charts.

use std::process::Command;

use invgen::k8s;
use serde_json::Value;

use super::{SITE, plan, plans, values};
use crate::support::examples::documents;

fn invgen(arguments: &[&str], folder: &std::path::Path) -> (String, String) {
    std::fs::write(folder.join("site.yaml"), SITE).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_invgen"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, told) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{told}");
    (out, told)
}

#[test]
fn the_commands_name_what_is_there_and_kubectl_takes_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    invgen(&["render", "-p", "dev", "-o", "out"], folder.path());
    let beside = folder.path().join("out/bitnami");
    let names: Vec<String> = std::fs::read_dir(&beside)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
    // The ends of the files that kubectl takes from a folder.
    for end in [".yaml", ".yml", ".json"] {
        assert!(!names.iter().any(|name| name.ends_with(end)), "{names:?}");
    }
    let readme = std::fs::read_to_string(beside.join("README.md")).unwrap();
    let commands: Vec<Vec<String>> = readme
        .replace("\\\n", " ")
        .lines()
        .filter(|line| line.starts_with("helm "))
        .map(|line| line.split_whitespace().map(str::to_owned).collect())
        .collect();
    let expected = [
        ("postgresql", "16.7.27"),
        ("redis", "22.0.7"),
        ("rabbitmq", "16.0.14"),
    ]
    .map(|(chart, version)| {
        format!(
            "helm upgrade --install lab-{chart} oci://registry-1.docker.io/bitnamicharts/{chart} \
             --version {version} --namespace lab-rdm --values {chart}.values"
        )
        .split_whitespace()
        .map(str::to_owned)
        .collect::<Vec<_>>()
    });
    assert_eq!(commands, expected);
    for command in &commands {
        let file = beside.join(command.last().unwrap());
        let read = documents(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(read.len(), 1, "{}", file.display());
    }
}

#[test]
fn a_stream_holds_manifests_alone_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (out, told) = invgen(&["render", "-p", "dev"], folder.path());
    assert!(told.contains("`-o DIR` also writes the values"), "{told}");
    for document in documents(&out).unwrap() {
        assert!(document["kind"].is_string(), "{document}");
    }
}

#[test]
fn the_list_of_secrets_has_the_keys_of_the_charts() {
    let folder = tempfile::tempdir().unwrap();
    let sets = ["--set", "services.postgresql.architecture=replication"];
    let (list, _) = invgen(&[["secrets", "--list"], sets].concat(), folder.path());
    for key in [
        "lab-postgresql (namespace lab-rdm)",
        "  postgres-password ",
        "  replication-password ",
        "lab-redis (",
        "  redis-password ",
        "lab-rabbitmq (",
        "  rabbitmq-password ",
        "  rabbitmq-erlang-cookie ",
    ] {
        assert!(list.contains(key), "{key}\n{list}");
    }
}

#[test]
fn the_application_mounts_its_own_passwords_and_no_others() {
    let plan = plan(
        "prod",
        &["services.postgresql.architecture=replication".to_owned()],
    );
    let objects = k8s::objects(&plan).unwrap();
    let web = objects
        .iter()
        .find(|object| object.path == "web/deployment.yaml")
        .unwrap();
    let volumes = web.value.pointer("/spec/template/spec/volumes").unwrap();
    let sources = volumes
        .as_array()
        .unwrap()
        .iter()
        .find(|volume| volume["name"] == "secrets")
        .and_then(|volume| volume.pointer("/projected/sources"))
        .unwrap();
    let mut items: Vec<(String, String)> = Vec::new();
    for source in sources.as_array().unwrap() {
        let secret = &source["secret"];
        for item in secret["items"].as_array().unwrap() {
            let key = format!(
                "{}/{}",
                secret["name"].as_str().unwrap(),
                item["key"].as_str().unwrap()
            );
            items.push((key, item["path"].as_str().unwrap().to_owned()));
        }
    }
    items.retain(|(key, _)| !key.starts_with("lab-app/"));
    let expected = [
        ("lab-postgresql/password", "postgresql/password"),
        ("lab-redis/redis-password", "redis/password"),
        ("lab-rabbitmq/rabbitmq-password", "rabbitmq/password"),
    ]
    .map(|(key, path)| (key.to_owned(), path.to_owned()));
    assert_eq!(items, expected);
}

#[test]
fn nothing_of_the_internal_provider_is_left() {
    let plan = plan("prod", &[]);
    for object in k8s::objects(&plan).unwrap() {
        let folder = object.path.split('/').next().unwrap();
        assert!(
            !["postgresql", "redis", "rabbitmq"].contains(&folder),
            "{}",
            object.path
        );
    }
}

#[test]
fn an_expression_may_stand_for_the_instance() {
    let plan = plan(
        "prod",
        &["services.postgresql.metrics={namespace: prom}".to_owned()],
    );
    let expression = "{{ .Release.Name }}";
    for subchart in &plan.subcharts {
        let values = k8s::values(&plan, subchart, &expression.into()).unwrap();
        let mut instances = Vec::new();
        collect("app.kubernetes.io/instance", &values, &mut instances);
        collect("app.kubernetes.io/part-of", &values, &mut instances);
        assert!(instances.len() > 4, "{}: {instances:?}", subchart.chart);
        assert!(
            instances.iter().all(|found| *found == expression),
            "{instances:?}"
        );
    }
}

fn collect<'v>(key: &str, value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                if name == key {
                    found.push(value);
                }
                collect(key, value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(key, item, found)),
        _ => {}
    }
}

#[test]
fn no_value_is_a_secret_or_a_template() {
    for plan in plans() {
        for (chart, values) in values(&plan) {
            let text = values.to_string();
            assert!(!text.contains("{{"), "{chart}: {text}");
            assert!(!text.contains("assword\":\""), "{chart}: {text}");
        }
    }
}
