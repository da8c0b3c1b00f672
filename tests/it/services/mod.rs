//! The backing services' configuration, run by the real servers: what `examples/lab` renders for prod, with paths and ports
//! moved into a private folder, word by word.

mod opensearch;
mod postgresql;
mod rabbitmq;
mod redis;
mod sandbox;

use crate::support::examples;
use serde_json::Value;
use std::collections::BTreeMap;

/// A password with everything that shells, SQL, URLs and configuration files take for something else.
const AWKWARD: &str = r#" a"b'c\d\n$HOME ${x} $(id) `id` %s %% :e {{ f }} #g; é漢😀 -- "#;
/// A part of it that no notation writes differently: where it shows, the password does.
const MARK: &str = "%s %% :e";

/// What is rendered for one service.
struct Service {
    /// The ConfigMap's files.
    texts: BTreeMap<String, String>,
    /// The StatefulSet's pod.
    pod: Value,
}

impl Service {
    fn of(component: &str) -> Self {
        let tree = examples::rendered()
            .into_iter()
            .find(|tree| tree.example == "lab" && tree.profile == "prod")
            .unwrap();
        let object = |kind: &str| {
            let path = format!("{component}/{kind}.yaml");
            let documents = tree.documents();
            let mut found = documents.iter().filter(|(place, _)| *place == path);
            let object = found
                .next()
                .unwrap_or_else(|| panic!("no {path}"))
                .1
                .clone();
            assert!(found.next().is_none(), "{path} holds several objects");
            object
        };
        let texts = object("configmap")["data"].take();
        Self {
            texts: serde_json::from_value(texts).unwrap(),
            pod: object("statefulset")["spec"]["template"]["spec"].take(),
        }
    }

    /// A file's text with words replaced, each of which must occur.
    fn text(&self, name: &str, replacements: &[(&str, &str)]) -> String {
        let text = self.texts.get(name).unwrap_or_else(|| panic!("no {name}"));
        replaced(text, replacements)
    }

    /// The server's container.
    fn container(&self) -> &Value {
        &self.pod["containers"][0]
    }

    /// The value of a variable of the server's container.
    fn variable(&self, name: &str) -> &str {
        let variables = self.container()["env"].as_array().unwrap();
        let found = variables.iter().find(|variable| variable["name"] == name);
        found.unwrap_or_else(|| panic!("no variable {name}"))["value"]
            .as_str()
            .unwrap()
    }

    /// Where the server's container can write.
    fn writable(&self) -> Vec<&str> {
        let mounts = self.container()["volumeMounts"].as_array().unwrap();
        mounts
            .iter()
            .filter(|mount| mount["readOnly"] != true)
            .map(|mount| mount["mountPath"].as_str().unwrap())
            .collect()
    }

    /// The command of a probe of the server's container.
    fn probe(&self, name: &str) -> Vec<String> {
        words(&self.container()[name]["exec"]["command"])
    }
}

fn words(list: &Value) -> Vec<String> {
    serde_json::from_value(list.clone()).unwrap()
}

fn replaced(text: &str, replacements: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (from, to) in replacements {
        assert!(text.contains(from), "`{from}` does not occur in\n{text}");
        text = text.replace(from, to);
    }
    text
}
