//! X15: containers, variables and ports of a pod are unique and resolve.

use super::names::{is_label, is_port_name};
use super::{Report, World};
use crate::support::kube::{self, Container, Pod, entries, list, text};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        let mut names = BTreeSet::new();
        for container in pod.containers() {
            if !names.insert(container.name) {
                report.add(
                    "X15",
                    &pod.id,
                    format!("two containers are named {}", container.name),
                );
            }
            if !is_label(container.name) {
                report.add(
                    "X13",
                    &pod.id,
                    format!("`{}` is not a valid container name", container.name),
                );
            }
            environment(world, pod, &container, report);
        }
        ports(pod, report);
    }
    for map in world.kind("ConfigMap") {
        for (key, value) in entries(map, "/data").filter(|(_, value)| !value.is_string()) {
            report.add(
                "X15",
                kube::id(map),
                format!("data `{key}` is not a string: {value}"),
            );
        }
    }
}

fn ports(pod: &Pod, report: &mut Report) {
    let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for port in pod.ports() {
        let at = format!("container {} port {}", port.container, port.number);
        if !is_port_name(port.name) {
            report.add(
                "X13",
                &pod.id,
                format!("{at} has no valid name: `{}`", port.name),
            );
        }
        if !names.insert(port.name) {
            report.add(
                "X15",
                &pod.id,
                format!("{at} has the name `{}` a second time", port.name),
            );
        }
        if !numbers.insert((port.number, port.protocol)) {
            report.add(
                "X15",
                &pod.id,
                format!("{at} is declared a second time in the pod"),
            );
        }
        if port.number < 1024 {
            report.add(
                "X15",
                &pod.id,
                format!("{at} is below 1024, which needs a capability"),
            );
        }
    }
    for container in pod.containers() {
        let declared = list(container.value, "/ports");
        if declared.len() != container.ports().len()
            || declared.iter().any(|port| port.get("hostPort").is_some())
        {
            report.add(
                "X15",
                &pod.id,
                format!(
                    "container {} has a containerPort that is none, or a hostPort",
                    container.name
                ),
            );
        }
    }
}

fn environment(world: &World, pod: &Pod, container: &Container, report: &mut Report) {
    let mut defined: BTreeSet<String> = BTreeSet::new();
    for entry in list(container.value, "/envFrom") {
        let map = world.find("ConfigMap", text(entry, "/configMapRef/name"));
        let outside = world.outside.secrets.get(text(entry, "/secretRef/name"));
        let keys = map
            .into_iter()
            .flat_map(|map| entries(map, "/data").map(|(key, _)| key.to_owned()));
        let keys = keys.chain(outside.into_iter().flatten().cloned());
        defined.extend(keys.map(|key| format!("{}{key}", text(entry, "/prefix"))));
    }
    let mut own = BTreeSet::new();
    for variable in list(container.value, "/env") {
        let name = text(variable, "/name");
        let at = format!("container {} variable {name}", container.name);
        // Kubernetes' own rule; OpenSearch is configured by variables such as `node.name`.
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty()
            || name.starts_with(|c: char| c.is_ascii_digit())
            || !name.chars().all(valid)
        {
            report.add("X15", &pod.id, format!("{at} is not a valid name"));
        }
        if !own.insert(name) {
            report.add("X15", &pod.id, format!("{at} is set twice"));
        }
        match (variable.get("value"), variable.get("valueFrom")) {
            (Some(Value::String(value)), None) => {
                for wanted in expansions(value).filter(|wanted| !defined.contains(*wanted)) {
                    report.add(
                        "X15",
                        &pod.id,
                        format!("{at} uses $({wanted}), which is not defined before it"),
                    );
                }
            }
            (None, Some(_)) => {}
            (Some(value), None) => {
                report.add("X15", &pod.id, format!("{at} is not a string: {value}"));
            }
            _ => report.add(
                "X15",
                &pod.id,
                format!("{at} needs exactly one of value and valueFrom"),
            ),
        }
        defined.insert(name.to_owned());
    }
    for argument in ["/command", "/args"]
        .into_iter()
        .flat_map(|part| list(container.value, part))
    {
        match argument.as_str() {
            None => report.add(
                "X15",
                &pod.id,
                format!(
                    "container {} has an argument that is no string: {argument}",
                    container.name
                ),
            ),
            Some(argument) => {
                for wanted in expansions(argument).filter(|wanted| !defined.contains(*wanted)) {
                    let name = container.name;
                    report.add("X15", &pod.id, format!("container {name} has $({wanted}) in its arguments, which is not defined"));
                }
            }
        }
    }
}

/// The names in `$(NAME)`, in capitals as variables are, so that `$(hostname)` in a shell script is none. `$$(NAME)` is none.
fn expansions(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("$(").filter_map(move |(at, _)| {
        let escaped = text[..at].ends_with('$');
        let name = text[at + 2..].split_once(')')?.0;
        let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        (!escaped && !name.is_empty() && name.chars().all(capital)).then_some(name)
    })
}
