//! X15 volumes and mounts, X22 writable `/tmp`, X23 claims for one node.

use super::{Report, World};
use crate::support::kube::{Container, Pod, entries, id, list, name, text};
use serde_json::Value;
use std::collections::BTreeSet;

const ALLOWED: [&str; 8] = [
    "configMap",
    "secret",
    "emptyDir",
    "persistentVolumeClaim",
    "projected",
    "csi",
    "ephemeral",
    "downwardAPI",
];

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        let mounted: BTreeSet<String> = pod
            .containers()
            .iter()
            .flat_map(|found| mounts(pod, found, report))
            .collect();
        declared(pod, &mounted, report);
        for container in pod.containers() {
            writable_tmp(pod, &container, report);
        }
    }
    for claim in world.kind("PersistentVolumeClaim") {
        shared(world, claim, report);
    }
}

/// The volumes of a pod by name: its own and those made from claim templates.
fn volumes<'a>(pod: &Pod<'a>) -> Vec<(&'a str, &'a Value)> {
    let templates = list(pod.owner, "/spec/volumeClaimTemplates")
        .iter()
        .map(|claim| (name(claim), claim));
    list(pod.spec, "/volumes")
        .iter()
        .map(|volume| (text(volume, "/name"), volume))
        .chain(templates)
        .collect()
}

fn declared(pod: &Pod, mounted: &BTreeSet<String>, report: &mut Report) {
    let mut names = BTreeSet::new();
    for (name, volume) in volumes(pod) {
        if !names.insert(name) {
            report.add("X15", &pod.id, format!("two volumes are named {name}"));
        }
        if !mounted.contains(name) {
            report.add(
                "X15",
                &pod.id,
                format!("volume {name} is mounted by no container"),
            );
        }
        let sources = entries(volume, "")
            .map(|(key, _)| key)
            .filter(|key| *key != "name");
        let sources: Vec<&str> = sources.collect();
        let allowed = matches!(sources.as_slice(), [source] if ALLOWED.contains(source));
        // A claim template has a spec instead of a source.
        if volume.get("spec").is_none() && !allowed {
            report.add(
                "X15",
                &pod.id,
                format!("volume {name} is not of one allowed kind: {sources:?}"),
            );
        }
    }
}

fn mounts(pod: &Pod, container: &Container, report: &mut Report) -> Vec<String> {
    let mut paths = BTreeSet::new();
    let mut used = Vec::new();
    for mount in list(container.value, "/volumeMounts") {
        let (name, path) = (
            text(mount, "/name"),
            text(mount, "/mountPath").trim_end_matches('/'),
        );
        let at = format!("container {} mount {path}", container.name);
        if !volumes(pod).iter().any(|(known, _)| *known == name) {
            report.add(
                "X15",
                &pod.id,
                format!("{at} names volume `{name}`, which is not declared"),
            );
        }
        if !path.starts_with('/') {
            report.add("X15", &pod.id, format!("{at} is not an absolute path"));
        }
        if !paths.insert(path) {
            report.add("X15", &pod.id, format!("{at} is mounted twice"));
        }
        used.push(name.to_owned());
    }
    used
}

/// The root is read-only, and the container has a folder for temporary files: `/tmp`, or what `TMPDIR` names.
fn writable_tmp(pod: &Pod, container: &Container, report: &mut Report) {
    if container
        .value
        .pointer("/securityContext/readOnlyRootFilesystem")
        != Some(&Value::Bool(true))
    {
        return report.add(
            "X22",
            &pod.id,
            format!(
                "container {} has no read-only root file system",
                container.name
            ),
        );
    }
    let variables = list(container.value, "/env");
    let folder = variables
        .iter()
        .find(|variable| text(variable, "/name") == "TMPDIR")
        .map_or("/tmp", |found| text(found, "/value"));
    let found = list(container.value, "/volumeMounts").iter().any(|mount| {
        let wanted =
            text(mount, "/mountPath").trim_end_matches('/') == folder.trim_end_matches('/');
        let volume = volumes(pod)
            .into_iter()
            .find(|(name, _)| *name == text(mount, "/name"));
        let writable = |volume: &Value| {
            ["emptyDir", "persistentVolumeClaim", "ephemeral", "spec"]
                .iter()
                .any(|kind| volume.get(kind).is_some())
        };
        wanted && mount["readOnly"] != true && volume.is_some_and(|(_, volume)| writable(volume))
    });
    if !found {
        report.add(
            "X22",
            &pod.id,
            format!("container {} has no writable {folder}", container.name),
        );
    }
}

/// A claim without ReadWriteMany belongs to one pod, unless the cluster has one node.
fn shared(world: &World, claim: &Value, report: &mut Report) {
    let modes: Vec<&str> = list(claim, "/spec/accessModes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let known = [
        "ReadWriteOnce",
        "ReadWriteMany",
        "ReadWriteOncePod",
        "ReadOnlyMany",
    ];
    if modes.is_empty() || modes.iter().any(|mode| !known.contains(mode)) {
        return report.add(
            "X23",
            id(claim),
            format!("accessModes {modes:?} are not valid"),
        );
    }
    if modes.contains(&"ReadWriteMany")
        || world.outside.single_node && !modes.contains(&"ReadWriteOncePod")
    {
        return;
    }
    let mounts_it = |pod: &&Pod| {
        let names = list(pod.spec, "/volumes")
            .iter()
            .map(|volume| text(volume, "/persistentVolumeClaim/claimName"));
        names.into_iter().any(|used| used == name(claim))
    };
    let users: Vec<&Pod> = world.pods.iter().filter(mounts_it).collect();
    let mode = modes.join(", ");
    if users.len() > 1 && !users.iter().all(|pod| is_colocated(pod)) {
        let names: Vec<&str> = users.iter().map(|pod| pod.id.as_str()).collect();
        report.add(
            "X23",
            id(claim),
            format!("{mode}, but shared by {}", names.join(", ")),
        );
    }
    for pod in users {
        if world.replicas(pod).1 > 1 {
            report.add(
                "X23",
                id(claim),
                format!(
                    "{mode}, but {} has up to {} replicas",
                    pod.id,
                    world.replicas(pod).1
                ),
            );
        }
        if pod.kind == "Deployment" && text(pod.owner, "/spec/strategy/type") != "Recreate" {
            report.add(
                "X23",
                id(claim),
                format!(
                    "{mode}, but {} is updated while its old pod runs: use Recreate",
                    pod.id
                ),
            );
        }
    }
}

/// Whether a pod has to run on the node where certain others do.
fn is_colocated(pod: &Pod) -> bool {
    let rules = "/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    list(pod.spec, rules)
        .iter()
        .any(|rule| text(rule, "/topologyKey") == "kubernetes.io/hostname")
}
