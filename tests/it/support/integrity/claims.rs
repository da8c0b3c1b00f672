//! X04: claims, storage classes and service accounts that are referred to exist, and are there for something.

use super::{Report, World};
use crate::support::kube::{self, Pod, id, list, name, text};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        account(world, pod, report);
    }
    claims(world, report);
    accounts(world, report);
}

fn account(world: &World, pod: &Pod, report: &mut Report) {
    let name = text(pod.spec, "/serviceAccountName");
    if world.find("ServiceAccount", name).is_none() {
        report.add(
            "X04",
            &pod.id,
            format!("serviceAccountName `{name}` is no ServiceAccount"),
        );
    }
}

fn accounts(world: &World, report: &mut Report) {
    for account in world.kind("ServiceAccount") {
        let by: BTreeSet<&str> = world
            .pods
            .iter()
            .filter(|pod| text(pod.spec, "/serviceAccountName") == name(account))
            .map(Pod::component)
            .collect();
        match by.len() {
            0 => report.add("X04", id(account), "is used by nothing"),
            1 => {}
            _ => {
                let by: Vec<&str> = by.into_iter().collect();
                report.add(
                    "X17",
                    id(account),
                    format!("is shared by the components {}", by.join(", ")),
                );
            }
        }
    }
}

/// Claims and claim templates with the id of their object.
pub fn claims_and_templates(objects: &[Value]) -> impl Iterator<Item = (String, &Value)> {
    let claims = kube::of_kind(objects, "PersistentVolumeClaim").map(|claim| (id(claim), claim));
    let sets = kube::of_kind(objects, "StatefulSet");
    claims.chain(sets.flat_map(|set| {
        list(set, "/spec/volumeClaimTemplates")
            .iter()
            .map(|claim| (id(set), claim))
    }))
}

fn claims(world: &World, report: &mut Report) {
    let mut used = BTreeSet::new();
    for pod in &world.pods {
        for volume in list(pod.spec, "/volumes")
            .iter()
            .filter(|volume| volume.get("persistentVolumeClaim").is_some())
        {
            let claim = text(volume, "/persistentVolumeClaim/claimName");
            used.insert(claim);
            if world.find("PersistentVolumeClaim", claim).is_none() {
                let at = format!("volume {}", text(volume, "/name"));
                report.add(
                    "X04",
                    &pod.id,
                    format!("{at} names PersistentVolumeClaim `{claim}`, which does not exist"),
                );
            }
        }
    }
    for claim in world
        .kind("PersistentVolumeClaim")
        .filter(|claim| !used.contains(name(claim)))
    {
        report.add("X04", id(claim), "is used by nothing");
    }
    for (owner, claim) in claims_and_templates(world.objects) {
        let class = text(claim, "/spec/storageClassName");
        if !class.is_empty() && !world.outside.storage_classes.contains(class) {
            report.add(
                "X04",
                owner,
                format!(
                    "claim {} names storage class `{class}`, which does not exist",
                    name(claim)
                ),
            );
        }
    }
}
