//! Every value that is emitted is one that the chart reads: an unknown one would be ignored without a word.

use std::collections::BTreeSet;
use std::fs;

use invgen::facts::charts;
use serde_json::Value;

use super::{plans, values};
use crate::support::tools::shared;

/// The places that a chart reads, as the shared data lists them.
struct Places(Value);

impl Places {
    /// Whether a place, or a map around it whose keys are anybody's, is listed; and whether a value suits it.
    fn complaint(&self, place: &str, value: &Value) -> Option<String> {
        let listed = &self.0["paths"][place];
        if listed.is_null() {
            let around = place.match_indices('.').map(|(at, _)| &place[..at]);
            let anybodys = around
                .into_iter()
                .any(|outer| self.0["paths"][outer]["freeform"] == true);
            return (!anybodys).then(|| format!("{place} is read by nothing"));
        }
        let kind = listed["type"].as_str().unwrap_or_default();
        let suits = match kind {
            "bool" => value.is_boolean(),
            "int" => value.is_u64(),
            "list" => value.is_array(),
            "map" => value.is_object(),
            "string" => value.is_string() || value.is_u64(),
            _ => true,
        };
        (!suits).then(|| format!("{place} is {value}, but the chart has a {kind} there"))
    }
}

/// The leaves of a tree with their places; a list is a leaf, and so is an empty map.
fn leaves(place: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let place = if place.is_empty() {
                    key.clone()
                } else {
                    format!("{place}.{key}")
                };
                leaves(&place, value, found);
            }
        }
        leaf => found.push((place.to_owned(), leaf.clone())),
    }
}

#[test]
fn every_value_is_one_that_the_chart_reads() {
    let Some(shared) = shared() else { return };
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(shared.join("data").join(name)).unwrap()).unwrap()
    };
    let emitted: Vec<_> = plans().iter().flat_map(values).collect();
    let mut wrong = BTreeSet::new();
    for chart in [&charts::POSTGRESQL, &charts::REDIS, &charts::RABBITMQ] {
        let pinned = read(&format!("values_paths_{}_published.json", chart.name));
        assert_eq!(pinned["version"], chart.version, "{}", chart.name);
        let newest = read(&format!("values_paths_{}.json", chart.name));
        for (which, places) in [("pinned", Places(pinned)), ("newest", Places(newest))] {
            let mut seen = 0;
            for (_, values) in emitted.iter().filter(|(name, _)| *name == chart.name) {
                let mut found = Vec::new();
                leaves("", values, &mut found);
                seen += found.len();
                wrong.extend(
                    found
                        .iter()
                        .filter_map(|(place, value)| places.complaint(place, value))
                        .map(|complaint| format!("{} ({which}): {complaint}", chart.name)),
                );
            }
            assert!(seen > 1000, "{} has {seen} values in all", chart.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The places of a chart's values; what somebody's own keys stand in counts as one.
fn shape(chart: &str, values: &Value) -> BTreeSet<String> {
    const OWN: [&str; 6] = [
        "commonLabels",
        "commonAnnotations",
        "nodeSelector",
        "labels",
        "additionalLabels",
        "ingressNSMatchLabels",
    ];
    let mut found = Vec::new();
    leaves("", values, &mut found);
    let places = found.into_iter().map(|(place, _)| {
        let mut kept = Vec::new();
        for key in place.split('.') {
            kept.push(key);
            if OWN.contains(&key) {
                break;
            }
        }
        kept.join(".")
    });
    // Copies of PostgreSQL come with a host of another name, so that such profiles share no chart anyway.
    places
        .filter(|place| {
            chart != "postgresql"
                || !(place.starts_with("readReplicas.")
                    || place.ends_with("replicationPasswordKey"))
        })
        .collect()
}

#[test]
fn every_mode_says_something_of_the_same_places() {
    let plans = plans();
    for chart in ["postgresql", "redis", "rabbitmq"] {
        let shapes: BTreeSet<BTreeSet<String>> = plans
            .iter()
            .flat_map(values)
            .filter(|(name, _)| *name == chart)
            .map(|(_, values)| shape(chart, &values))
            .collect();
        let all: BTreeSet<&String> = shapes.iter().flatten().collect();
        let common = |place: &&&String| shapes.iter().all(|shape| shape.contains(**place));
        let some: Vec<_> = all.iter().filter(|place| !common(place)).collect();
        assert!(some.is_empty(), "{chart} says only at times: {some:?}");
    }
}

#[test]
fn a_misspelt_place_and_an_odd_value_are_noticed() {
    let places = Places(serde_json::json!({"paths": {
        "primary.resources": {"type": "map", "freeform": true},
        "metrics.enabled": {"type": "bool"},
        "metrics": {"type": "map", "freeform": false},
    }}));
    let value = Value::from("on");
    assert_eq!(
        places.complaint("primary.resources.limits.cpu", &value),
        None
    );
    assert!(places.complaint("metrics.enable", &value).is_some());
    assert!(places.complaint("primary.resource", &value).is_some());
    assert!(places.complaint("metrics.enabled", &value).is_some());
    assert_eq!(places.complaint("metrics.enabled", &true.into()), None);
}

#[test]
fn the_pinned_images_are_those_that_the_charts_name() {
    let Some(shared) = shared() else { return };
    for chart in [&charts::POSTGRESQL, &charts::REDIS, &charts::RABBITMQ] {
        let file = format!("data/values_paths_{}_published.json", chart.name);
        let listed: Value =
            serde_json::from_str(&fs::read_to_string(shared.join(file)).unwrap()).unwrap();
        let default = |place: String| listed["paths"][&place]["default"].clone();
        let mut places = BTreeSet::new();
        for image in chart.images {
            assert_eq!(default(format!("{}.tag", image.place)), image.tag);
            assert_eq!(
                default(format!("{}.repository", image.place)),
                format!("bitnami/{}", image.name)
            );
            places.insert(format!("{}.repository", image.place));
        }
        let all: BTreeSet<String> = listed["paths"]
            .as_object()
            .unwrap()
            .keys()
            .filter(|place| place.ends_with("image.repository"))
            .cloned()
            .collect();
        assert_eq!(places, all, "the images of {}", chart.name);
    }
}
