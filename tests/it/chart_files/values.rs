//! `values.yaml` and the values of the profiles: complete, explained, and merged by Helm to what each profile says.

use invgen::chart::files::{Fault, Subchart};
use invgen::params::{Kind, Name, Param, Shape};
use serde_json::{Value, json};

use super::helm::{helms, values};
use super::made::{Made, values_yaml};
use crate::support::examples;

/// The value at a path of keys joined by dots.
fn at<'v>(tree: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(tree, |tree, key| tree.get(key))
}

fn without_nulls(tree: &Value) -> Value {
    match tree {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), without_nulls(value)))
            .collect(),
        other => other.clone(),
    }
}

/// Whether a parameter is behind a switch that is off.
fn is_unused(made: &Made, values: &Value, param: &Param) -> bool {
    let mut next = param.shape.when.clone();
    while let Some(switch) = next {
        if at(values, &switch) == Some(&json!(false)) {
            return true;
        }
        next = match made.registry.get(&switch) {
            Some(Name::Param(param)) => param.shape.when.clone(),
            _ => None,
        };
    }
    false
}

#[test]
fn helm_gives_the_templates_what_each_profile_says() {
    for example in examples::examples() {
        let made = Made::of(&example);
        let folder = tempfile::tempdir().unwrap();
        made.write(folder.path());
        for helm in helms() {
            assert_eq!(
                values(&helm, folder.path(), &[]).unwrap(),
                made.nested("prod"),
                "{example}"
            );
            for (profile, _) in &made.profiles {
                let file = folder.path().join(format!("values-{profile}.yaml"));
                let found = values(&helm, folder.path(), &["-f", file.to_str().unwrap()]).unwrap();
                let wanted = made.nested(profile);
                let mut compared = 0;
                for param in made.registry.params() {
                    if at(&found, &param.path).is_some() && !is_unused(&made, &wanted, param) {
                        let (found, wanted) = (at(&found, &param.path), at(&wanted, &param.path));
                        assert_eq!(found, wanted, "{example} {profile} {}", param.path);
                        compared += 1;
                    }
                }
                assert!(compared > 100, "{example} {profile}: {compared} values");
                for part in &made.subcharts {
                    // Helm drops the nulls when it hands the values on.
                    let found = without_nulls(&found[&part.name]);
                    assert_eq!(found, wanted[&part.name], "{example} {profile}");
                }
            }
        }
    }
}

#[test]
fn a_profile_takes_keys_of_maps_away_and_replaces_lists() {
    let mut made = Made::of("minimal");
    for (profile, values) in &mut made.profiles {
        let (labels, queues) = match profile.as_str() {
            "prod" => (
                json!({"example.org/owner": "library", "team": "a"}),
                json!(["x", "y"]),
            ),
            "dev" => (json!({"team": "b", "on": "0123"}), json!(["z"])),
            _ => (json!({}), json!([])),
        };
        values.insert("labels".into(), labels);
        values.insert("image.pullSecrets".into(), queues);
    }
    assert!(
        made.text("values-dev.yaml").contains(
            "# Labels added to every object and pod.\n# null takes away what values.yaml has.\nlabels:\n  team: b\n  \"on\": \"0123\"\n  example.org/owner: null\n"
        ),
        "{}",
        made.text("values-dev.yaml")
    );
    let folder = tempfile::tempdir().unwrap();
    made.write(folder.path());
    for helm in helms() {
        for profile in ["prod", "dev", "staging"] {
            let file = folder.path().join(format!("values-{profile}.yaml"));
            let found = values(&helm, folder.path(), &["-f", file.to_str().unwrap()]).unwrap();
            let wanted = made.nested(profile);
            assert_eq!(found["labels"], wanted["labels"], "{profile}");
            assert_eq!(
                found["image"]["pullSecrets"],
                wanted["image"]["pullSecrets"]
            );
        }
        // A file of the user's own on top of a profile's.
        let (dev, own) = (
            folder.path().join("values-dev.yaml"),
            folder.path().join("own"),
        );
        std::fs::write(&own, "labels: {mine: \"1\"}\n").unwrap();
        let files = ["-f", dev.to_str().unwrap(), "-f", own.to_str().unwrap()];
        let found = values(&helm, folder.path(), &files).unwrap();
        assert_eq!(
            found["labels"],
            json!({"team": "b", "on": "0123", "mine": "1"})
        );
    }
}

#[test]
fn a_profile_without_differences_says_so() {
    let made = Made::of("lab");
    assert_eq!(
        made.text("values-prod.yaml"),
        "# The profile `prod` of the site `lab`, whose values stand in values.yaml: nothing differs.\n{}\n"
    );
}

#[test]
fn every_value_and_section_has_a_sentence_that_is_true_of_a_chart() {
    for example in examples::examples() {
        let made = Made::of(&example);
        for profile in ["values.yaml", "values-dev.yaml", "values-staging.yaml"] {
            let text = made.text(profile);
            let mut sentence = String::new();
            let mut of_part = false;
            for line in text.lines() {
                // What the values of a chart of others mean, that says itself.
                let is_inside = line.is_empty() || line.starts_with(' ');
                if is_inside && of_part {
                    continue;
                }
                of_part = made
                    .subcharts
                    .iter()
                    .any(|part| line == format!("{}:", part.name));
                assert!(line.chars().count() <= 100 || !line.contains('#'), "{line}");
                let bare = line.trim_start();
                if let Some(words) = bare.strip_prefix('#') {
                    sentence += words;
                    continue;
                }
                let (key, _) = bare.split_once(':').unwrap_or((bare, ""));
                let is_entry = key.contains(['/', ' ']) || bare.starts_with("- ");
                let is_part = ["operator", "value", "effect"].contains(&key);
                if !bare.is_empty() && !is_entry && !is_part {
                    assert!(sentence.ends_with('.'), "{example} {profile}: {line}");
                }
                for wrong in ["not set", "null`", "<name>", "this section", "says nothing"] {
                    assert!(!sentence.contains(wrong), "{wrong}: {sentence}");
                }
                sentence.clear();
            }
        }
    }
}

#[test]
fn sections_and_values_stand_in_the_order_of_the_site_file() {
    let text = Made::of("busy").text("values.yaml");
    let mut rest = text.as_str();
    for key in [
        "environment:",
        "domain:",
        "image:",
        "repository:",
        "tag:",
        "digest:",
        "pullPolicy:",
        "invenio:",
        "uploads:",
        "timeoutSeconds:",
        "web:",
        "api:",
        "nginx:",
        "worker:",
        "queues:",
        "workers:",
        "indexing:",
        "statistics:",
        "beat:",
        "setup:",
        "waitSeconds:",
        "initDeadlineSeconds:",
        "retries:",
        "expires:",
        "keepSeconds:",
        "storage:",
        "services:",
        "postgresql:",
        "maxConnections:",
        "opensearch:",
        "exposure:",
        "enabled:",
        "className:",
        "tls:",
        "enabled:",
        "issuer:",
        "mail:",
        "enabled:",
        "host:",
        "auth:",
        "managed:",
        "enabled:",
        "registration:",
        "network:",
        "egress:",
        "scheduling:",
        "guardrails:",
        "secrets:",
        "labels:",
        "annotations:",
    ] {
        let found = [' ', '\n']
            .iter()
            .filter_map(|before| rest.find(&format!("{before}{key}")))
            .min();
        rest = &rest[found.unwrap_or_else(|| panic!("{key} is not in\n{rest}"))..][1..];
    }
}

#[test]
fn a_part_that_not_every_profile_has_begins_with_its_switch() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.yaml");
    let minimal = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/minimal/site.yaml");
    let profiles = "profiles:
  staging:
    workers: {bulk: {queues: [bulk]}}
    api: {}
    network: {egress: [{name: smtp, cidr: 192.0.2.25/32, ports: [587]}]}
";
    std::fs::write(&file, std::fs::read_to_string(minimal).unwrap() + profiles).unwrap();
    let made = Made::of_file(&file, &["prod".into(), "staging".into()]);
    let text = made.text("values.yaml");
    for start in [
        "\napi:\n  # Whether the REST API runs in pods of its own.\n  enabled: false\n  # ",
        "\n  bulk:\n    # Whether this worker runs.\n    enabled: false\n    # ",
        "\n    smtp:\n      # Whether the application may connect there.\n      enabled: false\n      # ",
    ] {
        assert!(text.contains(start), "{start} is not in\n{text}");
    }
    made.write(folder.path());
    for helm in helms() {
        let staging = folder.path().join("values-staging.yaml");
        let found = values(&helm, folder.path(), &["-f", staging.to_str().unwrap()]).unwrap();
        assert_eq!(
            found["workers"]["bulk"],
            made.nested("staging")["workers"]["bulk"]
        );
        assert_eq!(found["network"], made.nested("staging")["network"]);
        let empty = values(
            &helm,
            folder.path(),
            &["--set", "network.egress.smtp.cidr="],
        )
        .unwrap();
        assert_eq!(empty["network"]["egress"]["smtp"]["cidr"], "");
        let set = "network.egress.smtp.enabled=true,network.egress.smtp.cidr=";
        let message = values(&helm, folder.path(), &["--set", set]).unwrap_err();
        assert!(message.contains("cidr"), "{message}");
    }
}

#[test]
fn only_what_a_template_uses_is_a_value() {
    let mut made = Made::of("minimal");
    let before = made.text("values.yaml");
    made.registry
        .add(Name::Param(param("web.unused", "Not used.", false)));
    for (_, values) in &mut made.profiles {
        values.insert("web.unused".into(), json!("x"));
    }
    assert_eq!(made.text("values.yaml"), before);
    // Not placed itself, but a name of a definition that is.
    let kind = "exposure.ingress.tls.issuerKind";
    assert!(matches!(made.registry.get(kind), Some(name) if !name.is_placed()));
    assert!(at(&values_yaml(&before), kind).is_some());
    assert!(at(&values_yaml(&before), "Release").is_none());
}

/// A text among the values.
fn param(path: &str, docs: &'static str, is_placed: bool) -> Param {
    Param {
        path: path.into(),
        kind: Kind::Text,
        value: Some(json!("x")),
        shape: Shape {
            schema: json!({"type": "string", "pattern": "^[a-z-]+$"}),
            docs: Some(docs).filter(|docs| !docs.is_empty()),
            optional: false,
            free: false,
            when: None,
        },
        placed: is_placed.into(),
    }
}

#[test]
fn faults_of_ours_are_named() {
    let with = |param: Param| {
        let mut made = Made::of("minimal");
        for (_, values) in &mut made.profiles {
            values.insert(param.path.clone(), json!("x"));
        }
        made.registry.add(Name::Param(param));
        made.try_files().unwrap_err()
    };
    let path = String::from;
    assert_eq!(
        with(param("web.novel", "", true)),
        Fault::NoSentence {
            path: path("web.novel")
        }
    );
    assert_eq!(
        with(param("web.processes.more", "More.", true)),
        Fault::TwoKinds {
            path: path("web.processes.more")
        }
    );
    assert_eq!(
        with(param("web.resources", "Less.", true)),
        Fault::TwoKinds {
            path: path("web.resources")
        }
    );
    let mut lost = param("web.novel", "Novel.", true);
    lost.shape.when = Some(path("web.switch"));
    assert_eq!(
        with(lost),
        Fault::NoSwitch {
            path: path("web.novel"),
            switch: path("web.switch")
        }
    );
    let mut made = Made::of("minimal");
    made.profiles[0].1.remove("domain");
    assert_eq!(
        made.try_files().unwrap_err(),
        Fault::NoValue {
            profile: made.profiles[0].0.clone(),
            path: path("domain")
        }
    );
}

/// A chart with another one in it, whose values the chart has, and a parameter among them.
fn with_subchart() -> Made {
    let mut made = Made::of("minimal");
    let values = |replicas: i64| {
        json!({
            "enabled": true,
            "fullnameOverride": "rdm-database",
            "primary": {"replicas": replicas, "labels": {"a": "b"}},
        })
    };
    made.subcharts.push(Subchart {
        name: "database".into(),
        version: "1.2.3".into(),
        repository: "oci://registry.example.org/charts".into(),
        condition: Some("database.enabled".into()),
        values: values(3),
        profiles: vec![("dev".into(), values(1))],
    });
    let name = param(
        "database.fullnameOverride",
        "Begins the names of the database's objects.",
        true,
    );
    for (profile, values) in &mut made.profiles {
        values.insert(name.path.clone(), json!(format!("rdm-{profile}")));
    }
    made.registry.add(Name::Param(name));
    made
}

#[test]
fn the_values_of_another_chart_stand_under_its_name() {
    let made = with_subchart();
    let text = made.text("values.yaml");
    let end = text.find("\n# Values of the chart database 1.2.3").unwrap();
    assert_eq!(
        text[end..].lines().skip(3).collect::<Vec<_>>(),
        [
            "database:",
            "  enabled: true",
            "  # Begins the names of the database's objects.",
            "  fullnameOverride: rdm-prod",
            "  primary:",
            "    replicas: 3",
            "    labels:",
            "      a: b",
        ]
    );
    let dev = values_yaml(&made.text("values-dev.yaml"));
    assert_eq!(
        dev["database"],
        json!({"fullnameOverride": "rdm-dev", "primary": {"replicas": 1}})
    );
    let definition = values_yaml(&made.text("Chart.yaml"));
    assert_eq!(
        definition["dependencies"],
        json!([{
            "name": "database",
            "version": "1.2.3",
            "repository": "oci://registry.example.org/charts",
            "condition": "database.enabled",
        }])
    );
    assert!(made.text("README.md").contains("helm dependency build ."));
    assert!(
        !Made::of("minimal")
            .text("README.md")
            .contains("helm dependency")
    );
}

#[test]
fn another_chart_takes_any_value_but_parameters_keep_to_their_schema() {
    let folder = tempfile::tempdir().unwrap();
    with_subchart().write(folder.path());
    let inner = folder.path().join("charts/database");
    std::fs::create_dir_all(inner.join("templates")).unwrap();
    std::fs::write(
        inner.join("Chart.yaml"),
        "{apiVersion: v2, name: database, version: 1.2.3}\n",
    )
    .unwrap();
    std::fs::write(
        inner.join("templates/inner.yaml"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: inner}, data: {values: {{ .Values | toJson | quote }}}}\n",
    )
    .unwrap();
    for helm in helms() {
        let inner = |arguments: &[&str]| -> Result<Option<Value>, String> {
            let documents = super::helm::template(&helm, folder.path(), arguments)?;
            let found = documents
                .iter()
                .find(|document| document["metadata"]["name"] == "inner");
            let text = found.map(|document| document["data"]["values"].as_str().unwrap());
            Ok(text.map(|text| serde_json::from_str(text).unwrap()))
        };
        let found = inner(&["--set", "database.other=1"]).unwrap().unwrap();
        assert_eq!(found["other"], 1);
        assert_eq!(found["fullnameOverride"], "rdm-prod");
        assert_eq!(found["primary"]["replicas"], 3);
        assert_eq!(inner(&["--set", "database.enabled=false"]).unwrap(), None);
        let message = inner(&["--set", "database.fullnameOverride=RDM"]).unwrap_err();
        assert!(message.contains("fullnameOverride"), "{message}");
    }
}
