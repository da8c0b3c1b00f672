//! The JSON Schema says what the decoder says.

use serde_json::{Value, json};

use super::*;
use crate::config::schema::json_schema;

/// The editor's view: whether the JSON Schema accepts the text.
pub fn accepted(schema: &jsonschema::Validator, text: &str) -> bool {
    schema.is_valid(&node(text).to_json())
}

pub fn validator(profiles: &[Node]) -> (Value, jsonschema::Validator) {
    let schema = json_schema::<Site>("Site", profiles);
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let validator = jsonschema::draft7::new(&schema).unwrap();
    (schema, validator)
}

#[test]
fn schema_and_decoder_agree() {
    let (_, schema) = validator(&[]);
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replace(from, to)
    };
    let plus = |more: &str| format!("{GOOD}{more}\n");
    let good = [
        GOOD.to_owned(),
        plus("workers: {a: {queues: [], engine: valkey}}"),
        plus("words: {memory: 2Gi, port: \"80\", version: 1.33, tag: \"1.10\"}"),
        plus("words: {memory: 2, port: 80, version: \"1.33\", tag: null}"),
        plus("profiles: {dev: {web: {replicas: 1}}, x: {postgresql: {size: 1}}, none: null}"),
        plus("profiles: {dev: {image: {tag: a}, web: {autoscaling: {enabled: false}}}}"),
        with("{provider: internal}", "{provider: external, host: a.b}"),
        with(
            "  replicas: 2",
            "  replicas: 100\n  autoscaling: {maxReplicas: 3}\n  ephemeral-storage: x",
        ),
        with("  replicas: 2", "  replicas: 1\n  autoscaling: null"),
    ];
    for text in &good {
        assert!(
            read(text).is_ok(),
            "{text}\n{}",
            shown(&read(text).unwrap_err())
        );
        assert!(accepted(&schema, text), "{text}");
    }
    let bad = [
        with("name: lab\n", ""),
        with("name: lab", "name: Lab"),
        with("name: lab", "name: 3"),
        with("name: lab", "name: [lab]"),
        with("name: lab", "name: null"),
        with("data.lab.example.org", "localhost"),
        with("tag: \"1.10\"", "tag: 1.10"),
        with(", tag: \"1.10\"", ""),
        with("image: {", "image: {pull_secrets: [], "),
        with("image: {", "image: {pullSecrets: [X], "),
        with("image: {", "image: {pullSecrets: x, "),
        with("replicas: 2", "replicas: 0"),
        with("replicas: 2", "replicas: 101"),
        with("replicas: 2", "replicas: \"2\""),
        with("replicas: 2", "replicas: 2.5"),
        with("replicas: 2", "replicas: -1"),
        with("replicas: 2", "processes: 2"),
        with("replicas: 2", "replicas: 2\n  autoscaling: {}"),
        with(
            "replicas: 2",
            "replicas: 2\n  autoscaling: {maxReplicas: 2, enabled: yes}",
        ),
        with("replicas: 2", "replicas: 2\n  ephemeralStorage: x"),
        with("{provider: internal}", "{}"),
        with("{provider: internal}", "{provider: cloud}"),
        with("{provider: internal}", "{provider: internal, host: a.b}"),
        with("{provider: internal}", "{provider: external}"),
        with("{provider: internal}", "{size: 3}"),
        plus("workers: {A: {}}"),
        plus("workers: {a: {engine: mysql}}"),
        plus("workers: [a]"),
        plus("words: {memory: 2GB}"),
        plus("words: {port: http}"),
        plus("words: {tag: 1.10}"),
        plus("words: {version: true}"),
        plus("profiles: {dev: {web: {replicas: 0}}}"),
        plus("profiles: {dev: {unknown: 0}}"),
        plus("profiles: {dev: {postgresql: {sise: 0}}}"),
        plus("profiles: {Dev: {}}"),
        plus("profiles: [dev]"),
        plus("extra: 1"),
    ];
    for text in &bad {
        assert!(read(text).is_err(), "{text}");
        assert!(!accepted(&schema, text), "{text}");
    }
}

#[test]
fn descriptions_and_defaults_reach_the_schema() {
    let (schema, _) = validator(&[]);
    let web = &schema["definitions"]["Web"];
    assert_eq!(web["description"], "The web server.");
    assert_eq!(
        web["properties"]["processes"],
        json!({"description": "Processes of one pod.", "type": "integer", "minimum": 1, "maximum": 64, "default": 4})
    );
    assert_eq!(web["required"], json!(["replicas"]));
    assert_eq!(web["additionalProperties"], json!(false));
    assert_eq!(
        schema["definitions"]["Worker"]["properties"]["engine"],
        json!({"description": "Engine.", "allOf": [{"$ref": "#/definitions/Engine"}], "default": "redis"})
    );
    assert_eq!(
        schema["definitions"]["Engine"]["enumDescriptions"],
        json!(["The original.", "The fork."])
    );
    assert_eq!(
        schema["definitions"]["Words"]["properties"]["memory"]["default"],
        "1Gi"
    );
    let mut found = Vec::new();
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        undescribed(definition, name, &mut found);
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Properties without a description.
fn undescribed(value: &Value, at: &str, found: &mut Vec<String>) {
    for (key, property) in value["properties"].as_object().into_iter().flatten() {
        if property["description"].as_str().is_none_or(str::is_empty) {
            found.push(format!("{at}.{key}"));
        }
    }
    for variant in value["anyOf"].as_array().into_iter().flatten() {
        undescribed(variant, at, found);
    }
}

#[test]
fn what_all_profiles_supply_is_not_required_of_the_file() {
    let profiles = |texts: &[&str]| texts.iter().map(|text| node(text)).collect::<Vec<_>>();
    let without = GOOD.replace("web:\n  replicas: 2\n", "");
    let (_, plain) = validator(&[]);
    assert!(!accepted(&plain, &without));
    let (schema, both) = validator(&profiles(&[
        "web: {replicas: 1}\n",
        "web: {replicas: 3}\nname: x\n",
    ]));
    assert!(
        accepted(&both, &without),
        "the only required key of the section is supplied"
    );
    assert!(
        !accepted(&both, &without.replace("name: lab\n", "")),
        "one profile alone supplies the name"
    );
    assert!(!accepted(&both, &format!("{without}web: {{unknown: 1}}\n")));
    assert!(schema["definitions"]["Web"].get("required").is_none());
    let (_, partly) = validator(&profiles(&["image: {tag: a}\n"]));
    assert!(accepted(&partly, &GOOD.replace(", tag: \"1.10\"", "")));
    assert!(!accepted(
        &partly,
        &GOOD.replace(
            "image: {repository: r.example.org/lab, tag: \"1.10\"}\n",
            ""
        )
    ));
    let (_, tagged) = validator(&profiles(&[
        "postgresql: {provider: external, host: a.b}\n",
    ]));
    assert!(accepted(
        &tagged,
        &GOOD.replace("postgresql: {provider: internal}\n", "")
    ));
}
