//! What the finishing pass makes of checksums and of Jobs' names.

use invgen::config::scalars::DnsLabel;
use invgen::config::{load, read};
use invgen::plan::text::{Block, Text};
use invgen::plan::{Kind, Par, Plan, VolumeSource};
use invgen::{k8s, render};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn plan() -> Plan {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lab/site.yaml");
    let parsed = load::parse(read::read(example.as_ref()).unwrap()).unwrap();
    render::plan(&parsed.load(Some("prod"), &[]).unwrap().site).unwrap()
}

fn finished(plan: &Plan) -> Vec<Value> {
    let objects = k8s::plain(plan, k8s::objects(plan).unwrap()).unwrap();
    objects.into_iter().map(|object| object.value).collect()
}

/// The checksum on each workload's pods, by component.
fn checksums(plan: &Plan) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    finished(plan)
        .iter()
        .filter_map(|object| {
            let digest = object.pointer("/spec/template/metadata/annotations/checksum~1config")?;
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
    let bytes = Sha256::digest(joined.strip_suffix('\n').unwrap());
    let mut expected = String::new();
    for byte in bytes {
        write!(expected, "{byte:02x}").unwrap();
    }
    assert_eq!(checksums(&plan)["postgresql"], expected);
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
        assert_eq!(digits.len(), 10);
        assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        // A pod's name adds a dash and five characters.
        assert!(name.len() <= 57, "{name}");
        let label: Result<DnsLabel, _> = name.parse();
        assert!(label.is_ok(), "{name}");
    }
}
