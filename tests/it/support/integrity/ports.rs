//! X02: the ports of Services.

use super::names::is_port_name;
use super::selectors::behind;
use super::{Report, World};
use crate::support::kube::{Pod, id, list, number, protocol, text};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn check(world: &World, report: &mut Report) {
    for service in world.kind("Service") {
        let ports = list(service, "/spec/ports");
        if ports.is_empty() {
            report.add("X02", id(service), "spec.ports is empty");
        }
        let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for port in ports {
            let name = text(port, "/name");
            let alone = name.is_empty() && ports.len() == 1;
            if !alone && !is_port_name(name) {
                report.add(
                    "X02",
                    id(service),
                    format!("`{name}` is not a valid port name"),
                );
            }
            if !names.insert(name) {
                report.add("X02", id(service), format!("two ports are named `{name}`"));
            }
            if !numbers.insert((number(port, "/port"), protocol(port))) {
                report.add(
                    "X02",
                    id(service),
                    format!("port {} is declared twice", port["port"]),
                );
            }
            for pod in behind(world, service)
                .into_iter()
                .filter(|pod| pod.serves())
            {
                target(service, port, pod, report);
            }
        }
    }
}

fn target(service: &Value, port: &Value, pod: &Pod, report: &mut Report) {
    let target = port.pointer("/targetPort").unwrap_or(&port["port"]);
    let fits = |found: &&crate::support::kube::Port| match target {
        Value::String(name) => found.name == name,
        other => other.as_i64() == Some(i64::from(found.number)),
    };
    match pod.ports().iter().find(fits) {
        None => report.add(
            "X02",
            id(service),
            format!(
                "targetPort {target} is declared by no container of {}",
                pod.id
            ),
        ),
        Some(found) if found.protocol != protocol(port) => {
            let both = (protocol(port), found.protocol);
            report.add(
                "X02",
                id(service),
                format!(
                    "targetPort {target} is {}, but {} declares {}",
                    both.0, pod.id, both.1
                ),
            );
        }
        Some(_) => {}
    }
}
