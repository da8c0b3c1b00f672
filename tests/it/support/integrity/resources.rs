//! X14: requests, limits, quota and limit range, by value.

use super::{Report, World};
use crate::support::kube::{Pod, entries, id, list, name, text};
use crate::support::quantity::parse;
use serde_json::Value;
use std::collections::BTreeMap;

const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        for container in pod.containers() {
            let at = format!("container {}", container.name);
            compute(&pod.id, &at, container.value, report);
            limit_range(
                world,
                "Container",
                &pod.id,
                &at,
                &container.value["resources"],
                report,
            );
        }
        for volume in list(pod.spec, "/volumes") {
            let size = volume.pointer("/emptyDir/sizeLimit");
            if size.is_some_and(|size| parse(size).is_none_or(|size| size <= 0)) {
                report.add(
                    "X14",
                    &pod.id,
                    format!("volume {} has no valid sizeLimit", text(volume, "/name")),
                );
            }
        }
        for claim in list(pod.owner, "/spec/volumeClaimTemplates") {
            storage(world, &pod.id, claim, report);
        }
    }
    for claim in world.kind("PersistentVolumeClaim") {
        storage(world, &id(claim), claim, report);
    }
    for quota in world.kind("ResourceQuota") {
        within(world, quota, report);
    }
}

fn compute(workload: &str, at: &str, container: &Value, report: &mut Report) {
    for resource in RESOURCES {
        let [request, limit] = ["requests", "limits"].map(|side| {
            let value = container.pointer(&format!("/resources/{side}/{resource}"));
            match value.map(parse) {
                None => report.add("X14", workload, format!("{at} has no {side}.{resource}")),
                Some(None) => report.add(
                    "X14",
                    workload,
                    format!(
                        "{at} {side}.{resource} is no quantity: {}",
                        value.unwrap_or(&Value::Null)
                    ),
                ),
                Some(Some(amount)) if amount <= 0 => report.add(
                    "X14",
                    workload,
                    format!("{at} {side}.{resource} is not above 0"),
                ),
                Some(Some(_)) => {}
            }
            value.and_then(parse)
        });
        if let (Some(request), Some(limit)) = (request, limit)
            && request > limit
        {
            report.add(
                "X14",
                workload,
                format!("{at} requests more {resource} than its limit"),
            );
        }
    }
}

fn storage(world: &World, owner: &str, claim: &Value, report: &mut Report) {
    let at = format!("claim {}", name(claim));
    match claim
        .pointer("/spec/resources/requests/storage")
        .and_then(parse)
    {
        Some(size) if size > 0 => {}
        _ => report.add("X14", owner, format!("{at} has no valid requests.storage")),
    }
    limit_range(
        world,
        "PersistentVolumeClaim",
        owner,
        &at,
        &claim["spec"]["resources"],
        report,
    );
}

fn limit_range(
    world: &World,
    scope: &str,
    owner: &str,
    at: &str,
    resources: &Value,
    report: &mut Report,
) {
    let ranges = world
        .kind("LimitRange")
        .flat_map(|range| list(range, "/spec/limits"));
    for range in ranges.filter(|range| text(range, "/type") == scope) {
        for (side, bound, low) in [("requests", "/min", true), ("limits", "/max", false)] {
            let side = if scope == "Container" {
                side
            } else {
                "requests"
            };
            for (resource, bound) in entries(range, bound) {
                let found = resources
                    .pointer(&format!("/{side}/{resource}"))
                    .and_then(parse);
                let wrong = |found| {
                    parse(bound).is_none_or(|bound| if low { found < bound } else { found > bound })
                };
                if found.is_some_and(wrong) {
                    let than = if low { "less" } else { "more" };
                    report.add(
                        "X14",
                        owner,
                        format!("{at} {side}.{resource} is {than} than {bound} of the LimitRange"),
                    );
                }
            }
        }
    }
}

/// A pod counts its containers, or its largest init container if that is more.
fn of_pod(pod: &Pod, side: &str, resource: &str) -> i128 {
    let (mut serving, mut starting) = (0, 0);
    for container in pod.containers() {
        let amount = container
            .value
            .pointer(&format!("/resources/{side}/{resource}"))
            .and_then(parse)
            .unwrap_or(0);
        if container.init && !container.sidecar {
            starting = amount.max(starting);
        } else {
            serving += amount;
        }
    }
    starting.max(serving)
}

fn within(world: &World, quota: &Value, report: &mut Report) {
    let mut needed: BTreeMap<String, i128> = BTreeMap::new();
    let mut count = |key: String, amount: i128| *needed.entry(key).or_default() += amount;
    let unit = 1_000_000_000;
    for pod in &world.pods {
        let replicas = i128::from(world.replicas(pod).1);
        count("pods".to_owned(), replicas * unit);
        for resource in RESOURCES {
            let [request, limit] =
                ["requests", "limits"].map(|side| of_pod(pod, side, resource) * replicas);
            count(format!("requests.{resource}"), request);
            count(format!("limits.{resource}"), limit);
            count(resource.to_owned(), request);
        }
        for claim in list(pod.owner, "/spec/volumeClaimTemplates") {
            let size = claim
                .pointer("/spec/resources/requests/storage")
                .and_then(parse)
                .unwrap_or(0);
            count("requests.storage".to_owned(), size * replicas);
            count("persistentvolumeclaims".to_owned(), replicas * unit);
        }
    }
    for claim in world.kind("PersistentVolumeClaim") {
        count(
            "requests.storage".to_owned(),
            claim
                .pointer("/spec/resources/requests/storage")
                .and_then(parse)
                .unwrap_or(0),
        );
        count("persistentvolumeclaims".to_owned(), unit);
    }
    for (resource, hard) in entries(quota, "/spec/hard") {
        match parse(hard) {
            None => report.add(
                "X14",
                id(quota),
                format!("spec.hard {resource} is no quantity: {hard}"),
            ),
            Some(hard_value) => {
                let needed = needed.get(resource).copied().unwrap_or(0);
                if needed > hard_value {
                    let needed = needed.div_euclid(unit);
                    report.add(
                        "X14",
                        id(quota),
                        format!(
                            "spec.hard {resource} is {hard}, the objects at most need {needed}"
                        ),
                    );
                }
            }
        }
    }
}
