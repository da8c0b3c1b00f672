//! `schema/site.schema.json` is what the program prints, and examples and starter file keep to it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{examples, golden};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_committed_schema_is_the_printed_one() {
    let difference = golden::difference(
        "schema/site.schema.json",
        &invgen::config::site_schema::site_schema(),
    );
    assert!(difference.is_none(), "{}", difference.unwrap_or_default());
}

#[test]
fn examples_and_starter_keep_to_the_schema() {
    let schema: Value = serde_json::from_str(&invgen::config::site_schema::site_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut sites: Vec<String> = examples::examples()
        .into_iter()
        .map(|example| format!("examples/{example}/site.yaml"))
        .collect();
    sites.push("templates/starter/site.yaml".into());
    for site in sites {
        let value: Value = serde_yaml::from_str(&read(&site)).unwrap();
        let problems: Vec<_> = validator
            .iter_errors(&value)
            .map(|problem| format!("{}: {problem}", problem.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{site}: {problems:#?}");
    }
}

#[test]
fn every_key_is_explained() {
    fn walk(path: &str, schema: &Value, unexplained: &mut Vec<String>) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{key}");
            if property["description"]
                .as_str()
                .is_none_or(|text| !text.ends_with('.'))
            {
                unexplained.push(path);
            }
        }
    }
    let schema: Value = serde_json::from_str(&invgen::config::site_schema::site_schema()).unwrap();
    let mut unexplained = Vec::new();
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        walk(name, definition, &mut unexplained);
    }
    assert!(schema["definitions"].as_object().unwrap().len() > 40);
    assert!(
        unexplained.is_empty(),
        "keys without a sentence: {unexplained:?}"
    );
}
