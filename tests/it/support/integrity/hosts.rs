//! X11: host names and ports in configuration name Services of the tree.
//!
//! Read are the texts of ConfigMaps, the literal values of variables, and commands and arguments. Ours, and so to be
//! found among the Services, is a host that
//! - ends in `.svc` or `.svc.cluster.local`, or whose last label is the namespace of the site;
//! - is a single label that equals the name of a Service or begins with `<instance>-`;
//! - has several labels of which the second equals a Service or begins with `<instance>-` (`<pod>-0.<service>`).
//!
//! Its place decides what else holds. In a URL or before `:number` the port, or the default port of the scheme, must be a
//! port of the Service. Anywhere else the word may also be the name of another object, a replica, a Secret or a declared word.
//! Variables `X_HOST` and `X_PORT` are read together. `localhost:number` must not be the port of a Service whose pods are others.

use super::selectors::behind;
use super::tokens::{Place, Token, tokens};
use super::{Report, World};
use crate::support::kube::{self, Pod, entries, id, list, name, number, text};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        for container in pod.containers() {
            let variables = list(container.value, "/env");
            for variable in variables {
                let at = format!(
                    "container {} variable {}",
                    container.name,
                    text(variable, "/name")
                );
                read(
                    world,
                    &pod.id,
                    &at,
                    text(variable, "/value"),
                    &[pod],
                    report,
                );
            }
            host_and_port(world, pod, variables, report);
            for argument in ["/command", "/args"]
                .into_iter()
                .flat_map(|part| list(container.value, part))
            {
                let at = format!("container {} arguments", container.name);
                read(
                    world,
                    &pod.id,
                    &at,
                    argument.as_str().unwrap_or(""),
                    &[pod],
                    report,
                );
            }
        }
    }
    for map in world.kind("ConfigMap") {
        let users: Vec<&Pod> = world
            .pods
            .iter()
            .filter(|pod| mentions(pod.spec, name(map)))
            .collect();
        for (key, value) in entries(map, "/data") {
            read(
                world,
                &id(map),
                &format!("key `{key}`"),
                value.as_str().unwrap_or(""),
                &users,
                report,
            );
        }
    }
}

/// Whether a value is, or contains, this string.
fn mentions(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Array(list) => list.iter().any(|value| mentions(value, wanted)),
        Value::Object(map) => map.values().any(|value| mentions(value, wanted)),
        _ => false,
    }
}

fn read(world: &World, object: &str, at: &str, text: &str, users: &[&Pod], report: &mut Report) {
    for token in tokens(text) {
        if matches!(token.host, "localhost" | "127.0.0.1") && token.place != Place::Bare {
            local(world, object, at, &token, users, report);
        } else if let Some(labels) = ours(world, token.host) {
            names_service(world, object, at, &token, &labels, report);
        }
    }
}

/// The labels of a host without the cluster's suffix, if the host is to be one of ours.
fn ours<'a>(world: &World, host: &'a str) -> Option<Vec<&'a str>> {
    let short = host.strip_suffix(".cluster.local").unwrap_or(host);
    let short = short.strip_suffix(".svc").unwrap_or(short);
    let labels: Vec<&str> = short.split('.').collect();
    let service = |name: &str| world.find("Service", name).is_some();
    let prefixed = |name: &str| {
        !world.prefix.is_empty()
            && name
                .strip_prefix(world.prefix)
                .is_some_and(|rest| rest.starts_with('-'))
    };
    let known = |name: &str| service(name) || prefixed(name);
    let last = labels.last().copied().unwrap_or("");
    let inside = short.len() < host.len() || labels.len() > 1 && last == world.namespace;
    (inside || labels.len() == 1 && known(labels[0]) || labels.len() > 1 && known(labels[1]))
        .then_some(labels)
}

fn names_service(
    world: &World,
    object: &str,
    at: &str,
    token: &Token,
    labels: &[&str],
    report: &mut Report,
) {
    let host = token.host;
    let (pod, service, namespace) = match labels {
        [service] => (None, *service, world.namespace),
        [service, namespace] if *namespace == world.namespace => (None, *service, *namespace),
        [pod, service] => (Some(*pod), *service, world.namespace),
        [pod, service, namespace] => (Some(*pod), *service, *namespace),
        _ => {
            return report.add(
                "X11",
                object,
                format!("{at} names host `{host}`, which no Service can have"),
            );
        }
    };
    if pod.is_none() && token.place == Place::Bare && named_otherwise(world, host) {
        return;
    }
    let found = world
        .find("Service", service)
        .filter(|_| namespace == world.namespace);
    let Some(found) = found else {
        return report.add(
            "X11",
            object,
            format!("{at} names host `{host}`, which is no Service"),
        );
    };
    if let Some(pod) = pod
        && !is_replica(world, found, pod)
    {
        report.add(
            "X11",
            object,
            format!("{at} names host `{host}`, but `{pod}` is no pod of Service {service}"),
        );
    }
    let declared = |port: u16| {
        list(found, "/spec/ports")
            .iter()
            .any(|known| number(known, "/port") == Some(i64::from(port)))
    };
    if let Some(port) = token.port.filter(|port| !declared(*port)) {
        report.add(
            "X11",
            object,
            format!("{at} names {host}:{port}, but Service {service} has no such port"),
        );
    }
}

/// Whether a word names something of ours that is no Service.
fn named_otherwise(world: &World, token: &str) -> bool {
    let named = |object: &Value| kube::kind(object) != "Service" && name(object) == token;
    // Replicas of a StatefulSet name each other when they form a cluster.
    let replica = |pod: &Pod| {
        let number = token
            .strip_prefix(pod.name)
            .and_then(|rest| rest.strip_prefix('-')?.parse::<i64>().ok());
        pod.kind == "StatefulSet" && number.is_some_and(|number| number < world.replicas(pod).1)
    };
    world.objects.iter().any(named)
        || world.pods.iter().any(replica)
        || world.outside.secrets.contains_key(token)
        || world.outside.config_maps.contains_key(token)
        || world.outside.words.contains(token)
}

/// Whether the name is that of a pod of a StatefulSet behind the Service, and within its replicas.
fn is_replica(world: &World, service: &Value, pod: &str) -> bool {
    behind(world, service).iter().any(|found| {
        let number = pod
            .strip_prefix(found.name)
            .and_then(|rest| rest.strip_prefix('-'));
        let number = number.and_then(|number| number.parse::<i64>().ok());
        found.kind == "StatefulSet" && number.is_some_and(|number| number < world.replicas(found).1)
    })
}

fn local(
    world: &World,
    object: &str,
    at: &str,
    token: &Token,
    users: &[&Pod],
    report: &mut Report,
) {
    let Some(port) = token.port else { return };
    let serves = |pod: &Pod| pod.ports().iter().any(|found| found.number == port);
    if users.is_empty() || users.iter().any(|pod| serves(pod)) {
        return;
    }
    let other = world.kind("Service").find(|service| {
        list(service, "/spec/ports")
            .iter()
            .any(|known| number(known, "/port") == Some(i64::from(port)))
    });
    if let Some(other) = other {
        report.add(
            "X11",
            object,
            format!(
                "{at} names {}:{port}, but that port is of {}",
                token.host,
                id(other)
            ),
        );
    }
}

/// `X_HOST` and `X_PORT` of one container.
fn host_and_port(world: &World, pod: &Pod, variables: &[Value], report: &mut Report) {
    let value = |wanted: &str| {
        variables
            .iter()
            .find(|found| text(found, "/name") == wanted)
            .map(|found| text(found, "/value"))
    };
    let names: BTreeSet<&str> = variables.iter().map(|found| text(found, "/name")).collect();
    for stem in names.iter().filter_map(|name| name.strip_suffix("HOST")) {
        let both = (value(&format!("{stem}HOST")), value(&format!("{stem}PORT")));
        let (Some(host), Some(Ok(port))) = (both.0, both.1.map(str::parse::<u16>)) else {
            continue;
        };
        let Some(labels) = ours(world, host) else {
            continue;
        };
        let token = Token {
            host,
            port: Some(port),
            place: Place::WithPort,
        };
        names_service(
            world,
            &pod.id,
            &format!("variables {stem}HOST and {stem}PORT"),
            &token,
            &labels,
            report,
        );
    }
}
