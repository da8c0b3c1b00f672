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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::config::{load, read};
    use crate::k8s;
    use crate::plan::text::{Block, Text};
    use crate::plan::{Kind, Par};
    use crate::render;

    fn plan() -> Plan {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lab/site.yaml");
        let parsed = load::parse(read::read(example.as_ref()).unwrap()).unwrap();
        render::plan(&parsed.load(Some("prod"), &[]).unwrap().site).unwrap()
    }

    fn finished(plan: &Plan) -> Vec<Value> {
        let objects = plain(plan, k8s::objects(plan).unwrap()).unwrap();
        objects.into_iter().map(|object| object.value).collect()
    }

    /// The checksum on each workload's pods, by component.
    fn checksums(plan: &Plan) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        finished(plan)
            .iter()
            .filter_map(|object| {
                let digest =
                    object.pointer("/spec/template/metadata/annotations/checksum~1config")?;
                let component = &object["metadata"]["labels"]["app.kubernetes.io/component"];
                Some((text(component), text(digest)))
            })
            .collect()
    }

    fn job_names(plan: &Plan) -> BTreeMap<String, String> {
        finished(plan)
            .iter()
            .filter(|object| object["kind"] == "Job")
            .map(|object| {
                let component = &object["metadata"]["labels"]["app.kubernetes.io/component"];
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                (text(component), text(&object["metadata"]["name"]))
            })
            .collect()
    }

    fn differing(
        before: &BTreeMap<String, String>,
        after: &BTreeMap<String, String>,
    ) -> BTreeSet<String> {
        assert_eq!(before.len(), after.len());
        before
            .iter()
            .filter(|(component, value)| after[*component] != **value)
            .map(|(component, _)| component.clone())
            .collect()
    }

    #[test]
    fn a_checksum_is_the_digest_of_the_mounted_texts() {
        let plan = plan();
        let config = plan.configs.iter().find(|config| config.id == "postgresql");
        let texts: Vec<_> = config
            .unwrap()
            .files
            .iter()
            .map(|file| file.text.to_string())
            .collect();
        assert!(texts.len() > 1 && texts.iter().all(|text| text.ends_with('\n')));
        let joined = texts.concat();
        let expected = sha256(joined.strip_suffix('\n').unwrap().as_bytes());
        assert_eq!(checksums(&plan)["postgresql"], expected);
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn no_placeholder_is_left() {
        for object in finished(&plan()) {
            assert!(!object.to_string().contains("digest-of"), "{object}");
        }
    }

    #[test]
    fn a_changed_text_restarts_exactly_the_pods_that_mount_it() {
        let plan = plan();
        let before = checksums(&plan);
        for index in 0..plan.configs.len() {
            let id = &plan.configs[index].id;
            let mount: BTreeSet<_> = plan
                .workloads
                .iter()
                .filter(|workload| {
                    workload.pod.volumes.iter().any(|volume| {
                        matches!(&volume.source, VolumeSource::Config(ids) if ids.contains(id))
                    })
                })
                .map(|workload| workload.component.clone())
                .collect();
            assert!(!mount.is_empty(), "nothing mounts {id}");
            for file in 0..plan.configs[index].files.len() {
                let mut changed = plan.clone();
                let text = &mut changed.configs[index].files[file].text;
                let block = Block::new("text", &format!("{text}# another line")).unwrap();
                *text = Text::new(vec![block]).unwrap();
                assert_eq!(differing(&before, &checksums(&changed)), mount, "{id}");
            }
        }
    }

    #[test]
    fn a_job_has_another_name_when_it_does_another_thing() {
        let plan = plan();
        let before = job_names(&plan);
        assert!(before.len() > 1, "{before:?}");
        assert_eq!(before, job_names(&plan));
        for component in before.keys() {
            let mut changed = plan.clone();
            let workload = changed
                .workloads
                .iter_mut()
                .find(|workload| workload.component == *component)
                .unwrap();
            let Kind::Job(task) = &mut workload.kind else {
                panic!("{component} is no Job");
            };
            task.retries = Par::new(task.retries.leaf() + 1);
            let after = job_names(&changed);
            assert_eq!(
                differing(&before, &after),
                BTreeSet::from([component.clone()])
            );
        }
        // What is only about other objects leaves the Jobs alone.
        let mut changed = plan.clone();
        changed.exposure = None;
        assert_eq!(before, job_names(&changed));
    }

    #[test]
    fn the_names_of_jobs_are_dns_labels_that_pods_can_extend() {
        for (component, name) in job_names(&plan()) {
            let digits = name.strip_prefix(&format!("lab-{component}-")).unwrap();
            assert_eq!(digits.len(), JOB_DIGITS);
            assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
            // A pod's name adds a dash and five characters.
            assert!(name.len() <= 57, "{name}");
            let label: Result<crate::config::scalars::DnsLabel, _> = name.parse();
            assert!(label.is_ok(), "{name}");
        }
    }
}
