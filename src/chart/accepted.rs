//! Whether the chart's own schema takes the values of every profile: Helm would refuse them later, and far from the site file.

use serde_json::{Map, Value};

use super::Fault;
use super::files;
use crate::emit::File;
use crate::params::{Assignment, Registry};

/// Refuses profiles with values that the schema among these files does not take.
pub fn all_are_accepted(
    files: &[File],
    registry: &Registry,
    profiles: &[(String, Assignment)],
) -> Result<(), Fault> {
    let ours = |error: &dyn std::fmt::Display| Fault::Schema(error.to_string());
    let text = files
        .iter()
        .find(|file| file.path == "values.schema.json")
        .map_or("", |file| file.text.as_str());
    let schema = serde_json::from_str(text).map_err(|error| ours(&error))?;
    let schema = jsonschema::validator_for(&schema).map_err(|error| ours(&error))?;
    for (profile, values) in profiles {
        let tree = nested(registry, values);
        let problems: Vec<String> = schema
            .iter_errors(&tree)
            .map(|error| format!("`{}`: {error}", key(&error.instance_path().to_string())))
            .collect();
        if !problems.is_empty() {
            return Err(Fault::Values {
                profile: profile.clone(),
                problems,
            });
        }
    }
    Ok(())
}

/// An assignment as the tree that a values file holds.
fn nested(registry: &Registry, values: &Assignment) -> Value {
    let mut tree = Value::Object(Map::new());
    for param in files::used(registry) {
        let mut place = &mut tree;
        for key in param.path.split('.') {
            place = &mut place[key];
        }
        *place = values.get(&param.path).cloned().unwrap_or_default();
    }
    tree
}

fn key(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}
