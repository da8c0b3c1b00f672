//! Objects against objects.

use std::collections::BTreeMap;

use serde_json::Value;

/// Objects by kind, namespace and name.
pub type Objects = BTreeMap<String, Value>;

/// Objects by what tells them apart.
///
/// # Panics
/// When two are the same by that.
pub fn keyed(objects: impl IntoIterator<Item = Value>) -> Objects {
    let mut keyed = Objects::new();
    for object in objects {
        let key = format!(
            "{} {}/{}",
            object["kind"], object["metadata"]["namespace"], object["metadata"]["name"]
        );
        assert!(
            keyed.insert(key.clone(), object).is_none(),
            "{key} appears twice"
        );
    }
    keyed
}

/// The first places where they differ, with both values; types count, as `1` and `1.0` do.
pub fn differences(want: &Objects, got: &Objects) -> Vec<String> {
    let mut found = Vec::new();
    for key in want
        .keys()
        .chain(got.keys().filter(|key| !want.contains_key(*key)))
    {
        match (want.get(key), got.get(key)) {
            (Some(want), Some(got)) => values(want, got, key, &mut found),
            (Some(_), None) => found.push(format!("{key} is missing")),
            _ => found.push(format!("{key} is too much")),
        }
    }
    found.truncate(8);
    found
}

fn values(want: &Value, got: &Value, at: &str, found: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                let at = format!("{at}/{key}");
                match other.get(key) {
                    Some(other) => values(value, other, &at, found),
                    None => found.push(format!("{at} is missing")),
                }
            }
            for key in other.keys().filter(|key| !one.contains_key(*key)) {
                found.push(format!("{at}/{key} is too much"));
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                values(one, other, &format!("{at}/{index}"), found);
            }
        }
        _ if want != got => found.push(format!("{at}: {} instead of {}", short(got), short(want))),
        _ => {}
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(300).collect()
}

#[test]
fn differences_are_seen_in_type_place_and_number() {
    let object = |spec: Value| {
        keyed([serde_json::json!({"kind": "A", "metadata": {"name": "a"}, "spec": spec})])
    };
    let one = object(serde_json::json!({"n": 1, "l": [1, 2], "s": "1"}));
    assert!(differences(&one, &one).is_empty());
    for other in [
        serde_json::json!({"n": 1.0, "l": [1, 2], "s": "1"}),
        serde_json::json!({"n": 1, "l": [2, 1], "s": "1"}),
        serde_json::json!({"n": 1, "l": [1, 2], "s": 1}),
        serde_json::json!({"n": 1, "l": [1, 2], "s": "1", "t": null}),
        serde_json::json!({"n": 1, "l": [1, 2]}),
    ] {
        assert!(
            !differences(&one, &object(other.clone())).is_empty(),
            "{other}"
        );
    }
    assert_eq!(differences(&one, &Objects::new()).len(), 1);
}
