//! The finishing pass for plain manifests: what `kubectl apply` needs and a chart does otherwise.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Fault, Object};
use crate::facts::JOB_DIGITS;
use crate::plan::{Plan, Pod, VolumeSource};
use crate::tree::{self, Value};

/// Begins a leaf that stands for the digest of texts. A chart prints an expression there, plain manifests the digest;
/// the control character keeps any value of a site from looking like it.
const DIGEST_OF: &str = "\u{1}digest-of:";

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
    (!names.is_empty()).then(|| format!("{DIGEST_OF}{}", names.join(",")))
}

/// Finishes neutral objects for `kubectl apply`: checksums are computed, and a Job's name ends in the digest of its
/// specification, so that a changed Job is a new one and an unchanged one is left alone.
pub fn plain(plan: &Plan, mut objects: Vec<Object>) -> Result<Vec<Object>, Fault> {
    for object in &mut objects {
        resolve_digests(plan, &object.path, &mut object.value)?;
        if object.value["kind"] == "Job" {
            name_by_content(&mut object.value);
        }
    }
    Ok(objects)
}

fn resolve_digests(plan: &Plan, path: &str, value: &mut Value) -> Result<(), Fault> {
    match value {
        Value::String(text) => {
            if let Some(names) = text.strip_prefix(DIGEST_OF) {
                *text = digest(plan, path, names)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                resolve_digests(plan, path, item)?;
            }
        }
        Value::Object(map) => {
            for item in map.values_mut() {
                resolve_digests(plan, path, item)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// SHA-256 of the texts without their final newlines, joined by newlines: what a chart's `sha256sum` gets as well.
fn digest(plan: &Plan, path: &str, names: &str) -> Result<String, Fault> {
    let mut texts = Vec::new();
    for name in names.split(',') {
        let text = plan
            .configs
            .iter()
            .flat_map(|config| config.files.iter().map(move |file| (config, file)))
            .find(|(config, file)| name == format!("{}/{}", config.id, file.name))
            .ok_or_else(|| Fault::UnknownText {
                path: path.to_owned(),
                text: name.to_owned(),
            })?;
        texts.push(text.1.text.to_string().trim_end_matches('\n').to_owned());
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
