//! X01 Services, X07 StatefulSets, X08 selectors of workloads and the one beat.

use super::{Report, World};
use crate::support::kube::{self, Pod, id, list, map_selects, selects, text};
use serde_json::Value;

pub fn check(world: &World, report: &mut Report) {
    for service in world.kind("Service") {
        selected_by_service(world, service, report);
    }
    for pod in &world.pods {
        match pod.kind {
            "Deployment" | "StatefulSet" => own_selector(world, pod, report),
            "Job" if pod.owner.pointer("/spec/selector").is_some() => {
                report.add(
                    "X08",
                    &pod.id,
                    "spec.selector is set; Kubernetes makes the selector of a Job",
                );
            }
            _ => {}
        }
        if pod.kind == "StatefulSet" {
            headless(world, pod, report);
        }
        if pod.component().contains("beat") && pod.serves() {
            one_beat(world, pod, report);
        }
        placement(world, pod, report);
    }
}

/// The pods that a Service selects.
pub fn behind<'w, 'a>(world: &'w World<'a>, service: &Value) -> Vec<&'w Pod<'a>> {
    let selector = service.pointer("/spec/selector").unwrap_or(&Value::Null);
    world
        .pods
        .iter()
        .filter(|pod| map_selects(selector, &pod.labels))
        .collect()
}

fn selected_by_service(world: &World, service: &Value, report: &mut Report) {
    let kind = text(service, "/spec/type");
    if !matches!(kind, "" | "ClusterIP") || !list(service, "/spec/externalIPs").is_empty() {
        report.add(
            "X01",
            id(service),
            "is open to the outside; only ClusterIP is meant",
        );
    }
    let (jobs, serving): (Vec<&Pod>, Vec<&Pod>) = behind(world, service)
        .into_iter()
        .partition(|pod| !pod.serves());
    for job in jobs {
        report.add(
            "X01",
            id(service),
            format!(
                "spec.selector selects the pods of {}, which serve nothing",
                job.id
            ),
        );
    }
    match serving.as_slice() {
        [] => report.add("X01", id(service), "spec.selector selects no pods"),
        [_] => {}
        several => {
            let names: Vec<&str> = several.iter().map(|pod| pod.id.as_str()).collect();
            report.add(
                "X01",
                id(service),
                format!(
                    "spec.selector selects several workloads: {}",
                    names.join(", ")
                ),
            );
        }
    }
}

fn own_selector(world: &World, pod: &Pod, report: &mut Report) {
    let Some(selector) = pod.owner.pointer("/spec/selector") else {
        return report.add("X08", &pod.id, "spec.selector is missing");
    };
    if kube::entries(selector, "/matchLabels").next().is_none()
        && list(selector, "/matchExpressions").is_empty()
    {
        return report.add("X08", &pod.id, "spec.selector is empty");
    }
    if !selects(selector, &pod.labels) {
        report.add(
            "X08",
            &pod.id,
            "spec.selector does not select the own pod template",
        );
    }
    for other in &world.pods {
        let same = other.id == pod.id && other.namespace == pod.namespace;
        if !same && other.namespace == pod.namespace && selects(selector, &other.labels) {
            report.add(
                "X08",
                &pod.id,
                format!("spec.selector also selects the pods of {}", other.id),
            );
        }
    }
    let changing = ["app.kubernetes.io/version", "helm.sh/chart"];
    for key in changing
        .into_iter()
        .filter(|key| kube::labels(selector, "/matchLabels").contains_key(key))
    {
        report.add(
            "X08",
            &pod.id,
            format!("spec.selector holds {key}, which changes while the selector cannot"),
        );
    }
}

fn headless(world: &World, pod: &Pod, report: &mut Report) {
    let name = text(pod.owner, "/spec/serviceName");
    let Some(service) = world.find("Service", name) else {
        return report.add(
            "X07",
            &pod.id,
            format!("spec.serviceName `{name}` is no Service"),
        );
    };
    if text(service, "/spec/clusterIP") != "None" {
        report.add(
            "X07",
            &pod.id,
            format!("spec.serviceName `{name}` is not headless"),
        );
    }
    if !behind(world, service)
        .iter()
        .any(|found| found.id == pod.id)
    {
        report.add(
            "X07",
            &pod.id,
            format!("spec.serviceName `{name}` does not select the pods"),
        );
    }
}

fn one_beat(world: &World, pod: &Pod, report: &mut Report) {
    if world.replicas(pod) != (1, 1) || kube::number(pod.owner, "/spec/replicas") != Some(1) {
        report.add(
            "X08",
            &pod.id,
            "a beat has exactly 1 replica and no autoscaler; two run each task twice",
        );
    }
    if pod.kind == "Deployment" && text(pod.owner, "/spec/strategy/type") != "Recreate" {
        report.add(
            "X08",
            &pod.id,
            "spec.strategy.type of a beat is Recreate; otherwise two run during an update",
        );
    }
}

/// Spreading counts the own pods; affinity names pods that exist.
fn placement(world: &World, pod: &Pod, report: &mut Report) {
    for constraint in list(pod.spec, "/topologySpreadConstraints") {
        if !constraint
            .pointer("/labelSelector")
            .is_some_and(|selector| selects(selector, &pod.labels))
        {
            report.add(
                "X08",
                &pod.id,
                "a topologySpreadConstraints selector does not select the own pods",
            );
        }
    }
    for side in ["podAffinity", "podAntiAffinity"] {
        let terms = |group: &str| list(pod.spec, &format!("/affinity/{side}/{group}")).iter();
        let required = terms("requiredDuringSchedulingIgnoredDuringExecution");
        let preferred = terms("preferredDuringSchedulingIgnoredDuringExecution");
        for term in required.chain(preferred.filter_map(|term| term.pointer("/podAffinityTerm"))) {
            let selector = term.pointer("/labelSelector").unwrap_or(&Value::Null);
            if !world
                .pods
                .iter()
                .any(|other| selects(selector, &other.labels))
            {
                report.add("X08", &pod.id, format!("a {side} selector selects no pods"));
            }
        }
    }
}
