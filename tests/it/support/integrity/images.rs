//! X21: pinned images, no service links, a restart when the configuration changes.

use super::{Report, World};
use crate::support::kube::{Pod, entries, list, text};
use serde_json::Value;

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        if pod.spec.pointer("/enableServiceLinks") != Some(&Value::Bool(false)) {
            report.add(
                "X21",
                &pod.id,
                "enableServiceLinks is not false: Services would set variables such as LAB_PORT",
            );
        }
        for container in pod.containers() {
            let (at, image) = (
                format!("container {}", container.name),
                text(container.value, "/image"),
            );
            if !pinned(image) {
                report.add(
                    "X21",
                    &pod.id,
                    format!("{at} image `{image}` has no tag or digest, or the tag latest"),
                );
            }
            let policy = text(container.value, "/imagePullPolicy");
            if !matches!(policy, "Always" | "IfNotPresent") {
                report.add(
                    "X21",
                    &pod.id,
                    format!("{at} imagePullPolicy `{policy}` is neither Always nor IfNotPresent"),
                );
            }
        }
        if pod.serves() {
            restarts(world, pod, report);
        }
    }
}

fn pinned(image: &str) -> bool {
    let (name, digest) = image
        .split_once('@')
        .map_or((image, None), |(name, digest)| (name, Some(digest)));
    let last = name.rsplit('/').next().unwrap_or("");
    let tag = last.split_once(':').map(|(_, tag)| tag);
    let valid = digest.is_none_or(|digest| {
        digest
            .strip_prefix("sha256:")
            .is_some_and(|hex| hex.len() == 64)
    });
    !last.is_empty()
        && valid
        && tag != Some("latest")
        && tag != Some("")
        && (tag.is_some() || digest.is_some())
}

/// A pod that reads a ConfigMap carries a digest in an annotation, or the ConfigMap is immutable and so renamed by a change.
fn restarts(world: &World, pod: &Pod, report: &mut Report) {
    let digest = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| text.len() >= 8 && text.chars().all(|c| c.is_ascii_hexdigit()))
    };
    if entries(pod.template, "/metadata/annotations").any(|(_, value)| digest(value)) {
        return;
    }
    let volumes = list(pod.spec, "/volumes")
        .iter()
        .map(|volume| text(volume, "/configMap/name"));
    let containers = pod.containers();
    let from = containers
        .iter()
        .flat_map(|container| list(container.value, "/envFrom"));
    for name in volumes.chain(from.map(|entry| text(entry, "/configMapRef/name"))) {
        if world
            .find("ConfigMap", name)
            .is_some_and(|map| map["immutable"] != true)
        {
            report.add(
                "X21",
                &pod.id,
                format!(
                    "a change of ConfigMap {name} restarts nothing: no digest among the annotations"
                ),
            );
        }
    }
}
