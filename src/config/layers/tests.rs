use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::config::yaml;
use crate::diag::Source;

fn layer(layer: Layer, text: &str) -> (Layer, Node) {
    let name = format!("{layer:?}");
    let source = Arc::new(Source {
        name,
        text: text.to_owned(),
    });
    (layer, yaml::parse(source).unwrap())
}

fn written(span: &Span) -> String {
    format!("{} {}..{}", span.source.name, span.start, span.end)
}

fn sample() -> Merged {
    merge(vec![
        layer(Layer::Set, "web: {threads: 8}\n"),
        layer(
            Layer::Site,
            "web: {replicas: 3, list: [a, b]}\nworkers: {bulk: {queues: [x]}}\n",
        ),
        layer(
            Layer::BuiltInProfile,
            "web: {replicas: 1, scaling: {max: 9}, list: [c]}\nresources: {cpu: 1}\n",
        ),
        layer(
            Layer::SiteProfile,
            "web: {scaling: null}\nresources: {cpu: 2}\n",
        ),
    ])
    .unwrap()
}

#[test]
fn stronger_layers_win_whatever_the_order_they_are_given_in() {
    let wanted = json!({
        "web": {"replicas": 3, "scaling": null, "list": ["a", "b"], "threads": 8},
        "resources": {"cpu": 2},
        "workers": {"bulk": {"queues": ["x"]}},
    });
    assert_eq!(sample().root.to_json(), wanted);
    assert!(merge(Vec::new()).is_none());
}

#[test]
fn every_value_remembers_layer_and_place() {
    let merged = sample();
    for (path, layer, key, value) in [
        (
            "web.replicas",
            Layer::Site,
            Some("Site 6..14"),
            "Site 16..17",
        ),
        ("web.list[1]", Layer::Site, None, "Site 29..30"),
        (
            "web.scaling",
            Layer::SiteProfile,
            Some("SiteProfile 6..13"),
            "SiteProfile 15..19",
        ),
        ("web.threads", Layer::Set, Some("Set 6..13"), "Set 15..16"),
        ("web", Layer::Site, Some("Site 0..3"), "Site 5..32"),
        (
            "resources",
            Layer::SiteProfile,
            Some("SiteProfile 21..30"),
            "SiteProfile 32..40",
        ),
        (
            "resources.cpu",
            Layer::SiteProfile,
            Some("SiteProfile 33..36"),
            "SiteProfile 38..39",
        ),
    ] {
        let origin = merged.origin(path).unwrap_or_else(|| panic!("{path}"));
        let found = (
            origin.layer,
            origin.key.as_ref().map(written),
            written(&origin.value),
        );
        assert_eq!(
            found,
            (layer, key.map(str::to_owned), value.to_owned()),
            "{path}"
        );
    }
    for unwritten in [
        "web.none",
        "web.list[2]",
        "web.replicas.x",
        "web[0]",
        "a..b",
        "web=1",
    ] {
        assert!(merged.origin(unwritten).is_none(), "{unwritten}");
    }
    assert_eq!(
        written(&merged.nearest_origin("web.replicas.deep").unwrap().value),
        "Site 16..17"
    );
    assert_eq!(
        written(&merged.nearest_origin("web.none").unwrap().key.unwrap()),
        "Site 0..3"
    );
    assert!(merged.nearest_origin("none").unwrap().key.is_none());
}

#[test]
fn null_switches_off_and_a_map_over_null_starts_anew() {
    let below = || layer(Layer::BuiltInProfile, "a: {x: 1}\n");
    let off = layer(Layer::Site, "a: null\n");
    let on = layer(Layer::Set, "a: {y: 2}\n");
    assert_eq!(
        merge(vec![below(), off.clone()]).unwrap().root.to_json(),
        json!({"a": null})
    );
    assert_eq!(
        merge(vec![below(), off, on.clone()])
            .unwrap()
            .root
            .to_json(),
        json!({"a": {"y": 2}})
    );
    assert_eq!(
        merge(vec![below(), on]).unwrap().root.to_json(),
        json!({"a": {"x": 1, "y": 2}})
    );
}

/// The rule in its shortest form, over JSON.
fn rule(below: Value, above: Value) -> Value {
    match (below, above) {
        (Value::Object(mut below), Value::Object(above)) => {
            for (key, value) in above {
                let merged = match below.remove(&key) {
                    Some(old) => rule(old, value),
                    None => value,
                };
                below.insert(key, merged);
            }
            Value::Object(below)
        }
        (_, above) => above,
    }
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..9_i64).prop_map(Value::from)
    ];
    let inner = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    proptest::collection::btree_map("[a-d]", inner, 0..4)
        .prop_map(|map| Value::Object(map.into_iter().collect()))
}

/// Every path of the tree that ends in a leaf or list.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                leaves(value, &path, found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

proptest! {
    #[test]
    fn merging_follows_the_rule_and_origins_tell_the_truth(site in tree(), profile in tree(), set in tree()) {
        let layers = [(Layer::BuiltInProfile, &profile), (Layer::Site, &site), (Layer::Set, &set)];
        let nodes = layers.iter().map(|(name, value)| layer(*name, &value.to_string())).collect();
        let merged = merge(nodes).unwrap();
        prop_assert_eq!(merged.root.to_json(), rule(rule(profile.clone(), site.clone()), set.clone()));
        let mut paths = Vec::new();
        leaves(&merged.root.to_json(), "", &mut paths);
        for path in paths.iter().filter(|path| !path.is_empty()) {
            let origin = merged.origin(path).unwrap();
            let pointer = format!("/{}", path.replace('.', "/"));
            let merged_value = merged.root.to_json().pointer(&pointer).cloned().unwrap();
            // A map that is empty may have been written in several layers; the rest has exactly one writer, the strongest.
            if merged_value != json!({}) {
                let strongest = layers.iter().rev().find(|(_, value)| value.pointer(&pointer).is_some()).unwrap();
                prop_assert_eq!(origin.layer, strongest.0);
            }
            let text = &origin.value.source.text[origin.value.start..origin.value.end];
            prop_assert_eq!(serde_json::from_str::<Value>(text).unwrap(), merged_value);
        }
    }
}
