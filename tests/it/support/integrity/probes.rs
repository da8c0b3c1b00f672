//! X10 probe ports, X24 the probes themselves.

use super::{Report, World};
use crate::support::kube::{Container, Pod, list, text};
use serde_json::Value;

const PROBES: [&str; 3] = ["startupProbe", "readinessProbe", "livenessProbe"];

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        for container in pod.containers() {
            for probe in PROBES {
                if let Some(value) = container.value.get(probe) {
                    handler(pod, &container, probe, value, report);
                }
            }
            for hook in ["preStop", "postStart"] {
                if let Some(value) = container.value.pointer(&format!("/lifecycle/{hook}")) {
                    handler(pod, &container, hook, value, report);
                }
            }
            if pod.serves() && (!container.init || container.sidecar) {
                three(pod, &container, report);
            }
        }
    }
}

fn handler(pod: &Pod, container: &Container, name: &str, value: &Value, report: &mut Report) {
    let at = format!("container {} {name}", container.name);
    let kinds: Vec<&str> = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"]
        .into_iter()
        .filter(|kind| value.get(kind).is_some())
        .collect();
    let [kind] = kinds.as_slice() else {
        return report.add(
            "X10",
            &pod.id,
            format!("{at} needs exactly one handler, not {}", kinds.len()),
        );
    };
    match *kind {
        "exec" if list(value, "/exec/command").is_empty() => {
            report.add("X10", &pod.id, format!("{at} has an empty command"));
        }
        "httpGet" | "tcpSocket" | "grpc" => {
            let port = &value[*kind]["port"];
            let declared = match port {
                Value::String(wanted) => container.ports().iter().any(|found| found.name == wanted),
                // A number is asked of the pod's address, so another container of the pod may answer.
                wanted => pod
                    .ports()
                    .iter()
                    .any(|found| wanted.as_i64() == Some(i64::from(found.number))),
            };
            if !declared {
                report.add(
                    "X10",
                    &pod.id,
                    format!("{at} asks port {port}, which is not declared"),
                );
            }
        }
        _ => {}
    }
    if *kind == "httpGet" && !text(value, "/httpGet/path").starts_with('/') {
        report.add(
            "X10",
            &pod.id,
            format!("{at} has no path that begins with a slash"),
        );
    }
}

fn three(pod: &Pod, container: &Container, report: &mut Report) {
    for probe in PROBES
        .into_iter()
        .filter(|probe| container.value.get(probe).is_none())
    {
        report.add(
            "X24",
            &pod.id,
            format!("container {} has no {probe}", container.name),
        );
    }
    let asks = |probe: &str| {
        let value = container.value.get(probe)?;
        ["exec", "httpGet", "tcpSocket", "grpc"]
            .into_iter()
            .find_map(|kind| value.get(kind))
    };
    // Seconds of failure until the kubelet acts.
    let patience = |probe: &str| {
        let number = |key: &str, default| container.value[probe][key].as_i64().unwrap_or(default);
        number("periodSeconds", 10) * number("failureThreshold", 3)
    };
    let (ready, live) = (asks("readinessProbe"), asks("livenessProbe"));
    if ready.is_some()
        && ready == live
        && patience("livenessProbe") < 3 * patience("readinessProbe")
    {
        let name = container.name;
        report.add("X24", &pod.id, format!("container {name} asks the same for readiness and liveness, and is not three times as patient before it kills: what is merely busy is killed"));
    }
}
