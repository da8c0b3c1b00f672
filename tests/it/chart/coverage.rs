//! Every parameter changes something, and every line of `values.yaml` is read.

use invgen::params::Assignment;
use serde_json::Value;

use super::arbitrary::{Pool, Source};
use super::made::{Made, at_length};

/// Assignments in which a parameter is tried before it counts as useless.
const TRIES: usize = 12;

#[test]
fn every_parameter_changes_something() {
    if !at_length() {
        return;
    }
    let made = Made::of("lab");
    let world = made.world();
    let pool = Pool::of(&made);
    let mut source = Source::new(7);
    let mut useless: Vec<String> = made
        .listed()
        .iter()
        .map(|param| param.path.clone())
        .collect();
    for _ in 0..TRIES {
        // Where everything is on, most is read.
        let mut around = pool.assignment(&mut source);
        for value in around.values_mut().filter(|value| value.is_boolean()) {
            *value = (source.below(3) > 0).into();
        }
        let before = world.objects(&around).unwrap();
        useless.retain(|path| {
            let mut changed: Assignment = around.clone();
            let Some(other) = pool.another(path, &around[path], &mut source) else {
                return true;
            };
            changed.insert(path.clone(), other);
            let after = world.objects(&changed).unwrap();
            before.len() == after.len()
                && before
                    .iter()
                    .zip(&after)
                    .all(|(one, other)| one.path == other.path && one.value == other.value)
        });
    }
    assert!(useless.is_empty(), "{useless:?}");
}

#[test]
fn every_line_of_the_values_is_read() {
    if !at_length() {
        return;
    }
    for example in ["minimal", "lab", "busy", "bitnami"] {
        let made = Made::of(example);
        let values: Value = serde_yaml::from_str(&made.files["values.yaml"]).unwrap();
        let templates: String = made
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("templates/"))
            .map(|(_, text)| text.as_str())
            .collect();
        let chart: Value = serde_yaml::from_str(&made.files["Chart.yaml"]).unwrap();
        let parts: Vec<&str> = chart["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|part| part["name"].as_str().unwrap())
            .collect();
        let mut lines = Vec::new();
        leaves(&values, "", &mut lines);
        let mut listed: Vec<String> = made
            .listed()
            .iter()
            .map(|param| param.path.clone())
            .collect();
        for line in lines {
            // What stands under the name of another chart is that chart's to read; a test of its own holds it against it.
            if parts
                .iter()
                .any(|part| line.starts_with(&format!("{part}.")))
            {
                listed.retain(|path| *path != line);
                continue;
            }
            let at = listed
                .iter()
                .position(|path| *path == line || line.starts_with(&format!("{path}.")));
            let path =
                listed[at.unwrap_or_else(|| panic!("{example}: {line} is no parameter"))].clone();
            assert!(is_read(&templates, &path), "{example}: {line} is not read");
        }
    }
}

fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let at = if at.is_empty() {
                    key.clone()
                } else {
                    format!("{at}.{key}")
                };
                leaves(value, &at, found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

/// Whether some template has the path, or prints a section that it is in.
fn is_read(templates: &str, path: &str) -> bool {
    let mut here = String::from(".Values");
    let mut places = Vec::new();
    for key in path.split('.') {
        if key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            here = format!("{here}.{key}");
        } else {
            here = format!("(index {here} \"{key}\")");
        }
        places.push(here.clone());
    }
    let sections = places.split_last().unwrap().1;
    templates.contains(&here)
        || sections
            .iter()
            .any(|section| templates.contains(&format!("toYaml {section} ")))
}
