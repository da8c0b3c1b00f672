//! The two finishing passes: what `kubectl apply` needs, and what Helm does otherwise.
//!
//! This is the one place where plain manifests and a chart differ. Both put texts and their digests where markers stand.
//! In plain manifests the name of a Job ends in the digest of its specification, so that a changed Job is a new one and an
//! unchanged one is left alone. In a chart a Job is a hook that Helm runs anew after every installation and upgrade; Helm
//! manages the objects, and makes the namespace itself.

use std::fmt::Write as _;

use serde_json::Map;
use sha2::{Digest as _, Sha256};

use super::marker::Marker;
use super::meta::MANAGER;
use super::{Fault, Object};
use crate::facts::JOB_DIGITS;
use crate::plan::{Kind, Plan, Pod, VolumeSource};
use crate::tree::{self, Value};

/// Label that says what manages an object.
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// A leaf that stands for the digest of all texts that a pod mounts; `None` if it mounts none.
pub fn digest_of_texts(plan: &Plan, pod: &Pod) -> Option<String> {
    let mut names = Vec::new();
    for volume in &pod.volumes {
        let VolumeSource::Config(ids) = &volume.source else {
            continue;
        };
        for config in plan
            .configs
            .iter()
            .filter(|config| ids.contains(&config.id))
        {
            names.extend(
                config
                    .files
                    .iter()
                    .map(|file| format!("{}/{}", config.id, file.name)),
            );
        }
    }
    (!names.is_empty()).then(|| Marker::Digest(names).to_string())
}

/// Finishes neutral objects for `kubectl apply`.
pub fn plain(plan: &Plan, mut objects: Vec<Object>) -> Result<Vec<Object>, Fault> {
    for object in &mut objects {
        resolve_markers(plan, &object.path, &mut object.value)?;
        if object.value["kind"] == "Job" {
            name_by_content(&mut object.value);
        }
    }
    Ok(objects)
}

/// Finishes neutral objects as Helm delivers them.
pub fn helm(plan: &Plan, objects: Vec<Object>) -> Result<Vec<Object>, Fault> {
    let mut finished = Vec::new();
    for object in objects {
        if let Some(mut object) = delivered_by_helm(plan, object) {
            resolve_markers(plan, &object.path, &mut object.value)?;
            finished.push(object);
        }
    }
    Ok(finished)
}

/// A neutral object as a chart has it, markers included; `None` if it has none of it.
pub fn delivered_by_helm(plan: &Plan, mut object: Object) -> Option<Object> {
    match object.value["kind"].as_str() {
        Some("Namespace") => return None,
        Some("Job") => run_as_hook(plan, &mut object.value),
        _ => {}
    }
    manage(&mut object.value);
    Some(object)
}

fn manage(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, item) in map {
                if key == MANAGED_BY && item == MANAGER {
                    *item = "Helm".into();
                } else {
                    manage(item);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(manage),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Hooks run one after the other by weight, which is the plan's order. Before that, Helm deletes what an earlier release has
/// left under the name.
fn run_as_hook(plan: &Plan, job: &mut Value) {
    let component = job["metadata"]["labels"]["app.kubernetes.io/component"].clone();
    let weight = plan
        .workloads
        .iter()
        .filter(|workload| matches!(workload.kind, Kind::Job(_)))
        .position(|workload| component == workload.component)
        .map_or(0, |position| position + 1);
    annotate(
        job,
        &[
            ("helm.sh/hook", "post-install,post-upgrade"),
            ("helm.sh/hook-weight", &weight.to_string()),
            ("helm.sh/hook-delete-policy", "before-hook-creation"),
        ],
    );
}

fn annotate(object: &mut Value, annotations: &[(&str, &str)]) {
    let Some(Value::Object(metadata)) = object.get_mut("metadata") else {
        return;
    };
    let entry = metadata
        .entry("annotations")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(map) = entry {
        for (key, value) in annotations {
            map.insert((*key).to_owned(), (*value).into());
        }
    }
}

fn resolve_markers(plan: &Plan, path: &str, value: &mut Value) -> Result<(), Fault> {
    match value {
        Value::String(leaf) => match Marker::read(leaf) {
            Some(Marker::Text(name)) => *leaf = text(plan, path, &name)?,
            Some(Marker::Digest(names)) => *leaf = digest(plan, path, &names)?,
            None => {}
        },
        Value::Array(items) => {
            for item in items {
                resolve_markers(plan, path, item)?;
            }
        }
        Value::Object(map) => {
            for item in map.values_mut() {
                resolve_markers(plan, path, item)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

fn text(plan: &Plan, path: &str, name: &str) -> Result<String, Fault> {
    plan.configs
        .iter()
        .flat_map(|config| config.files.iter().map(move |file| (config, file)))
        .find(|(config, file)| name == format!("{}/{}", config.id, file.name))
        .map(|(_, file)| file.text.to_string())
        .ok_or_else(|| Fault::UnknownText {
            path: path.to_owned(),
            text: name.to_owned(),
        })
}

/// SHA-256 of the texts without their final newlines, joined by newlines: what a chart's `sha256sum` gets as well.
fn digest(plan: &Plan, path: &str, names: &[String]) -> Result<String, Fault> {
    let mut texts = Vec::new();
    for name in names {
        let text = text(plan, path, name)?;
        texts.push(text.trim_end_matches('\n').to_owned());
    }
    Ok(sha256(texts.join("\n").as_bytes()))
}

fn name_by_content(job: &mut Value) {
    let specification = tree::yaml::document(&job["spec"]);
    let mut digits = sha256(specification.as_bytes());
    digits.truncate(JOB_DIGITS);
    if let Some(Value::String(name)) = job.pointer_mut("/metadata/name") {
        name.push('-');
        name.push_str(&digits);
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
