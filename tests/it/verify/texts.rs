//! The texts inside ConfigMaps, each by the kind of file it is, and what is cheap to check of them in process or with Python.

use super::run;
use crate::support::{
    examples::{Rendered, documents, rendered},
    tools::python,
};
use std::{collections::BTreeSet, fs, process::Command};

/// What a data key of a ConfigMap holds, told by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Shell,
    Python,
    Nginx,
    Uwsgi,
    Redis,
    Postgresql,
    HostBasedAuthentication,
    /// Lines of `key = value`: RabbitMQ, Java properties.
    Properties,
    Yaml,
    Json,
    /// Erlang terms such as `enabled_plugins`.
    Erlang,
    /// A plain value, as an environment variable reads it.
    Value,
}

/// One text of a ConfigMap.
pub struct Text {
    /// `example/profile/ConfigMap/name/key`, of its first place: equal texts are kept once.
    pub place: String,
    pub text: String,
}

/// # Panics
/// When a key looks like a file name that nothing here can verify: a text is verified or named here, never passed over.
fn kind(place: &str, key: &str) -> Kind {
    match key {
        "nginx.conf" => return Kind::Nginx,
        "uwsgi.ini" => return Kind::Uwsgi,
        "redis.conf" | "valkey.conf" => return Kind::Redis,
        "postgresql.conf" => return Kind::Postgresql,
        "pg_hba.conf" => return Kind::HostBasedAuthentication,
        "rabbitmq.conf" => return Kind::Properties,
        "enabled_plugins" => return Kind::Erlang,
        _ => {}
    }
    match key.rsplit_once('.') {
        None => Kind::Value,
        Some((_, "sh")) => Kind::Shell,
        Some((_, "py" | "cfg")) => Kind::Python,
        Some((_, "properties")) => Kind::Properties,
        Some((_, "yaml" | "yml")) => Kind::Yaml,
        Some((_, "json")) => Kind::Json,
        Some(_) => {
            panic!("{place}: nothing verifies this kind of file; teach tests/it/verify/texts.rs")
        }
    }
}

/// The distinct texts of one kind in all ConfigMaps.
pub fn texts(trees: &[Rendered], wanted: Kind) -> Vec<Text> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for tree in trees {
        for (_, object) in tree
            .documents()
            .into_iter()
            .filter(|(_, object)| object["kind"] == "ConfigMap")
        {
            let name = object["metadata"]["name"].as_str().unwrap_or_default();
            for (key, value) in object["data"].as_object().into_iter().flatten() {
                let place = format!("{}/{}/ConfigMap/{name}/{key}", tree.example, tree.profile);
                let text = value
                    .as_str()
                    .unwrap_or_else(|| panic!("{place} is no string"));
                if kind(&place, key) == wanted && seen.insert((key.clone(), text.to_owned())) {
                    found.push(Text {
                        place,
                        text: text.to_owned(),
                    });
                }
            }
        }
    }
    found
}

#[test]
fn every_site_has_the_texts_that_an_invenio_site_needs() {
    for tree in rendered() {
        let trees = [tree];
        for kind in [Kind::Python, Kind::Nginx, Kind::Uwsgi] {
            let tree = &trees[0];
            assert!(
                !texts(&trees, kind).is_empty(),
                "{}/{} has no text of {kind:?}",
                tree.example,
                tree.profile
            );
        }
    }
}

#[test]
fn python_compiles_and_uses_no_undefined_name() {
    let found = texts(&rendered(), Kind::Python);
    let Some(complaints) = python_complaints(&found) else {
        return;
    };
    assert_eq!(complaints, "");
}

#[test]
fn bad_python_is_reported() {
    for (text, complaint) in [
        ("A = = 1\n", "invalid syntax"),
        ("A = timedelta(1)\n", "undefined name 'timedelta'"),
    ] {
        let text = Text {
            place: "planted".to_owned(),
            text: text.to_owned(),
        };
        let Some(complaints) = python_complaints(&[text]) else {
            return;
        };
        assert!(complaints.contains(complaint), "{complaints}");
    }
}

fn python_complaints(texts: &[Text]) -> Option<String> {
    let python = python()?;
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let name = format!("{number}.py");
        fs::write(folder.path().join(&name), &text.text).unwrap();
        names.push(format!("{name} is {}\n", text.place));
    }
    let mut command = Command::new(python);
    command
        .args(["-W", "error", "-m", "pyflakes", "."])
        .current_dir(folder.path());
    let (report, passed) = run(&mut command);
    Some(if passed {
        report
    } else {
        names.concat() + &report
    })
}

#[test]
fn structured_texts_parse() {
    let trees = rendered();
    for text in texts(&trees, Kind::Yaml) {
        let parsed = documents(&text.text);
        assert!(parsed.is_ok(), "{}: {}", text.place, parsed.unwrap_err());
    }
    for text in texts(&trees, Kind::Json) {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&text.text);
        assert!(parsed.is_ok(), "{}: {}", text.place, parsed.unwrap_err());
    }
    for text in texts(&trees, Kind::Properties) {
        assert_eq!(properties_complaints(&text.text), [""; 0], "{}", text.place);
    }
    for text in texts(&trees, Kind::Erlang) {
        let lines = text.text.lines().filter(|line| !line.starts_with('%'));
        let term = lines.collect::<Vec<_>>().join("\n");
        assert!(
            term.starts_with('[') && term.trim_end().ends_with("]."),
            "{}: no list that ends with a full stop",
            text.place
        );
    }
    for text in texts(&trees, Kind::Value) {
        assert!(
            !text.text.contains('\n'),
            "{} has several lines and no file name that tells its kind",
            text.place
        );
    }
}

#[test]
fn bad_structured_texts_are_reported() {
    assert!(documents("a: 1\na: 2\n").is_err());
    assert_eq!(
        properties_complaints("# fine\na.b = 1\n\nc = d = e\n"),
        [""; 0]
    );
    assert_eq!(
        properties_complaints("a = 1\nb\na = 2\n c d = 1\n"),
        [
            "no `=` in `b`",
            "`a` is set twice",
            "a blank in the key `c d`"
        ]
    );
}

/// What is wrong with lines of `key = value`.
fn properties_complaints(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let Some((key, _)) = line.split_once('=') else {
                return Some(format!("no `=` in `{line}`"));
            };
            let key = key.trim();
            if key.contains(' ') {
                return Some(format!("a blank in the key `{key}`"));
            }
            (!seen.insert(key)).then(|| format!("`{key}` is set twice"))
        })
        .collect()
}
