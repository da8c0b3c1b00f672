//! X05: autoscalers and disruption budgets.

use super::{Report, World};
use crate::support::kube::{Pod, id, list, number, selects, text};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn check(world: &World, report: &mut Report) {
    let mut targets = BTreeSet::new();
    for scaler in world.kind("HorizontalPodAutoscaler") {
        let target = |field: &str| text(scaler, &format!("/spec/scaleTargetRef/{field}"));
        let found = world
            .pods
            .iter()
            .find(|pod| pod.kind == target("kind") && pod.name == target("name"));
        let Some(pod) = found.filter(|pod| text(pod.owner, "/apiVersion") == target("apiVersion"))
        else {
            let wanted = format!(
                "{} {}/{}",
                target("apiVersion"),
                target("kind"),
                target("name")
            );
            report.add(
                "X05",
                id(scaler),
                format!("spec.scaleTargetRef {wanted} does not exist"),
            );
            continue;
        };
        if !targets.insert(pod.id.clone()) {
            report.add(
                "X05",
                id(scaler),
                format!("{} already has an autoscaler", pod.id),
            );
        }
        scaled(scaler, pod, report);
    }
    let mut budgeted: BTreeSet<&str> = BTreeSet::new();
    for budget in world.kind("PodDisruptionBudget") {
        let Some(pod) = protected(world, budget, report) else {
            continue;
        };
        if !budgeted.insert(&pod.id) {
            report.add(
                "X05",
                id(budget),
                format!("{} already has a budget; eviction then fails", pod.id),
            );
        }
        drains(budget, &pod.id, world.replicas(pod).0, report);
    }
}

fn scaled(scaler: &Value, pod: &Pod, report: &mut Report) {
    if pod.owner.pointer("/spec/replicas").is_some() {
        report.add(
            "X05",
            &pod.id,
            format!("spec.replicas is set although {} scales it", id(scaler)),
        );
    }
    let least = number(scaler, "/spec/minReplicas").unwrap_or(1);
    match number(scaler, "/spec/maxReplicas") {
        Some(most) if least >= 1 && least <= most => {}
        most => report.add(
            "X05",
            id(scaler),
            format!("minReplicas {least} and maxReplicas {most:?} are no range"),
        ),
    }
    let metrics = list(scaler, "/spec/metrics");
    if metrics.is_empty() {
        report.add("X05", id(scaler), "spec.metrics is empty");
    }
    for metric in metrics {
        let resource = text(metric, "/resource/name");
        let utilization = text(metric, "/resource/target/type") == "Utilization";
        let lacks = |value: &Value| {
            value
                .pointer(&format!("/resources/requests/{resource}"))
                .is_none()
        };
        for container in pod
            .containers()
            .iter()
            .filter(|found| !found.init || found.sidecar)
        {
            if utilization && lacks(container.value) {
                let name = container.name;
                report.add(
                    "X05",
                    id(scaler),
                    format!("scales by {resource}, which container {name} does not request"),
                );
            }
        }
    }
}

fn protected<'w, 'a>(
    world: &'w World<'a>,
    budget: &Value,
    report: &mut Report,
) -> Option<&'w Pod<'a>> {
    let selector = budget.pointer("/spec/selector").unwrap_or(&Value::Null);
    let found: Vec<&Pod> = world
        .pods
        .iter()
        .filter(|pod| selects(selector, &pod.labels))
        .collect();
    match found.as_slice() {
        [] => report.add("X05", id(budget), "spec.selector selects no pods"),
        [pod] => return Some(pod),
        several => {
            let names: Vec<&str> = several.iter().map(|pod| pod.id.as_str()).collect();
            report.add(
                "X05",
                id(budget),
                format!(
                    "spec.selector selects several workloads: {}",
                    names.join(", ")
                ),
            );
        }
    }
    None
}

fn drains(budget: &Value, workload: &str, replicas: i64, report: &mut Report) {
    let [least, most] =
        ["minAvailable", "maxUnavailable"].map(|field| budget.pointer(&format!("/spec/{field}")));
    let blocked = match (least, most) {
        (Some(least), None) => amount(least, replicas).is_none_or(|least| least >= replicas),
        (None, Some(most)) => amount(most, replicas).is_none_or(|most| most < 1),
        _ => {
            return report.add(
                "X05",
                id(budget),
                "exactly one of minAvailable and maxUnavailable is needed",
            );
        }
    };
    if blocked {
        let value = least.or(most).unwrap_or(&Value::Null);
        report.add(
            "X05",
            id(budget),
            format!("{value} blocks every drain of {workload} with {replicas} replica(s)"),
        );
    }
}

/// A count or a percentage, which Kubernetes rounds up.
fn amount(value: &Value, replicas: i64) -> Option<i64> {
    match value {
        Value::String(text) => {
            Some((text.strip_suffix('%')?.parse::<i64>().ok()? * replicas + 99) / 100)
        }
        other => other.as_i64(),
    }
}
