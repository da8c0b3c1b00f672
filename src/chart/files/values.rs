//! `values.yaml`, and for each profile the file with what differs from it.

use std::fmt::Write as _;

use serde_json::{Map, json};

use super::outline::{Content, Node, switch};
use super::{Chart, Fault, Subchart, wrap};
use crate::params::Assignment;
use crate::tree::{Value, yaml};

/// Spaces of one level.
const STEP: usize = 2;

/// `values.yaml`: every value, each with a comment.
pub fn text(chart: &Chart, outline: &[Node]) -> Result<String, Fault> {
    let values = nested(outline, chart.base, chart.values)?;
    let head = format!(
        "Values of the chart {}. invgen made this file from the site `{}`, with the values of its profile `{}`.\n\n\
         Change the site file rather than this one, and render the chart again; or write what is to differ into a file of \
         your own and give it to Helm with `-f`. In place of the site's name and namespace Helm takes those of the release.",
        chart.name, chart.name, chart.base
    );
    let mut out = String::new();
    wrap::comment(&mut out, &head, 0);
    sections(&mut out, outline, &values);
    Ok(out)
}

/// `values-<profile>.yaml`: what differs from `values.yaml`. Of what a switch of the profile leaves unused, nothing is said.
pub fn profile(
    chart: &Chart,
    outline: &[Node],
    profile: &str,
    assignment: &Assignment,
) -> Result<String, Fault> {
    let base = nested(outline, chart.base, chart.values)?;
    let own = nested(outline, profile, &effective(chart, assignment))?;
    let difference = difference(&base, &own);
    let head = match &difference {
        None => format!(
            "The profile `{profile}` of the site `{}`, whose values stand in values.yaml: nothing differs.",
            chart.name
        ),
        Some(_) => format!(
            "The profile `{profile}` of the site `{}`, as far as it differs from values.yaml, which has the values of the \
             profile `{}`. Give it to Helm with `-f values-{profile}.yaml`.\n\ninvgen made this file: change the site file \
             and render the chart again.",
            chart.name, chart.base
        ),
    };
    let mut out = String::new();
    wrap::comment(&mut out, &head, 0);
    match &difference {
        None => out.push_str("{}\n"),
        Some(difference) => sections(&mut out, outline, difference),
    }
    Ok(out)
}

/// The values of a profile, and where they are not used those of `values.yaml`.
fn effective(chart: &Chart, assignment: &Assignment) -> Assignment {
    let mut effective = assignment.clone();
    for param in chart.registry.params() {
        let mut next = param.shape.when.as_deref();
        let mut is_off = false;
        while let Some(name) = next {
            is_off |= assignment.get(name) == Some(&Value::Bool(false));
            next = switch(chart.registry, name).and_then(|switch| switch.shape.when.as_deref());
        }
        if is_off && let Some(value) = chart.values.get(&param.path) {
            effective.insert(param.path.clone(), value.clone());
        }
    }
    effective
}

/// All values of a profile as one tree.
pub fn nested(outline: &[Node], profile: &str, assignment: &Assignment) -> Result<Value, Fault> {
    let mut map = Map::new();
    for node in outline {
        let value = match &node.content {
            Content::Value(param) => {
                let value = assignment.get(&param.path);
                value.cloned().ok_or_else(|| Fault::NoValue {
                    profile: profile.to_owned(),
                    path: param.path.clone(),
                })?
            }
            Content::Section(children) => nested(children, profile, assignment)?,
            Content::Subchart(subchart, children) => {
                let mut values = of_subchart(subchart, profile).clone();
                merge(&mut values, nested(children, profile, assignment)?);
                values
            }
        };
        map.insert(node.key.clone(), value);
    }
    Ok(Value::Object(map))
}

/// A profile that the subchart does not know has the values that it has everywhere.
fn of_subchart<'s>(subchart: &'s Subchart, profile: &str) -> &'s Value {
    subchart
        .profiles
        .iter()
        .find(|(known, _)| known == profile)
        .map_or(&subchart.values, |(_, values)| values)
}

fn merge(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                merge(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

/// What to put on top of `base` to have `wanted`: maps key by key, where null takes a key away; the rest as a whole.
fn difference(base: &Value, wanted: &Value) -> Option<Value> {
    let (Value::Object(from), Value::Object(to)) = (base, wanted) else {
        return (base != wanted).then(|| wanted.clone());
    };
    let mut changes = Map::new();
    for (key, value) in to {
        let change = match from.get(key) {
            Some(known) => difference(known, value),
            None => Some(value.clone()),
        };
        if let Some(change) = change {
            changes.insert(key.clone(), change);
        }
    }
    for key in from.keys().filter(|key| !to.contains_key(*key)) {
        changes.insert(key.clone(), Value::Null);
    }
    (!changes.is_empty()).then(|| Value::Object(changes))
}

/// The sections at the top, each after a blank line.
fn sections(out: &mut String, outline: &[Node], values: &Value) {
    for node in outline {
        if let Some(value) = values.get(&node.key) {
            out.push('\n');
            write(out, node, value, 0);
        }
    }
}

fn write(out: &mut String, node: &Node, value: &Value, indent: usize) {
    if !node.docs.is_empty() {
        wrap::comment(out, &node.docs, indent);
    }
    let children = match &node.content {
        Content::Section(children) => children,
        Content::Subchart(_, children) => {
            foreign(out, &node.key, children, value, indent);
            return;
        }
        Content::Value(_) => {
            plain(out, &node.key, value, indent);
            return;
        }
    };
    open(out, &node.key, indent);
    for child in children {
        if let Some(value) = value.get(&child.key) {
            write(out, child, value, indent + STEP);
        }
    }
}

/// Values of another chart: only the parameters among them have sentences.
fn foreign(out: &mut String, name: &str, known: &[Node], value: &Value, indent: usize) {
    let map = match value {
        Value::Object(map) if !known.is_empty() && !map.is_empty() => map,
        value => {
            plain(out, name, value, indent);
            return;
        }
    };
    open(out, name, indent);
    for (name, value) in map {
        match known.iter().find(|node| node.key == *name) {
            Some(node) if matches!(node.content, Content::Value(_)) => {
                write(out, node, value, indent + STEP);
            }
            node => {
                let known = node.map_or(&[][..], Node::children);
                foreign(out, name, known, value, indent + STEP);
            }
        }
    }
}

fn plain(out: &mut String, name: &str, value: &Value, indent: usize) {
    if taken_away(value) {
        wrap::comment(out, "null takes away what values.yaml has.", indent);
    }
    for line in yaml::document(&json!({ name: value })).lines() {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "{:indent$}{line}", "");
    }
}

fn taken_away(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.values().any(taken_away),
        _ => false,
    }
}

/// The line that begins a section.
fn open(out: &mut String, name: &str, indent: usize) {
    let line = yaml::document(&json!({ name: {} }));
    let line = line.trim_end().trim_end_matches(" {}");
    let _ = writeln!(out, "{:indent$}{line}", "");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_what_is_other_new_or_gone() {
        let base = json!({"same": {"a": 1}, "other": {"a": 1, "b": 2}, "list": [1, 2], "map": {"gone": "x"}, "kind": {}});
        let wanted = json!({"same": {"a": 1}, "other": {"a": 1, "b": 3}, "list": [2], "map": {"new": "y"}, "kind": "text"});
        let found = difference(&base, &wanted).unwrap();
        assert_eq!(
            found,
            json!({"other": {"b": 3}, "list": [2], "map": {"new": "y", "gone": null}, "kind": "text"})
        );
        assert_eq!(difference(&base, &base), None);
    }

    #[test]
    fn keys_and_values_are_quoted_where_yaml_reads_something_else() {
        let mut out = String::new();
        plain(&mut out, "on", &json!({"0123": "1e3", "a": []}), 2);
        assert_eq!(out, "  \"on\":\n    \"0123\": \"1e3\"\n    a: []\n");
        out.clear();
        open(&mut out, "on", 2);
        open(&mut out, "a-b", 0);
        assert_eq!(out, "  \"on\":\na-b:\n");
    }
}
