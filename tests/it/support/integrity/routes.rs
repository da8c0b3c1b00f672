//! X03 backends of Ingresses, X18 their TLS.

use super::{Report, World};
use crate::support::kube::{entries, id, list, number, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub fn check(world: &World, report: &mut Report) {
    let mut routes: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for ingress in world.kind("Ingress") {
        if text(ingress, "/spec/ingressClassName").is_empty() {
            report.add("X03", id(ingress), "spec.ingressClassName is missing");
        }
        if let Some(backend) = ingress.pointer("/spec/defaultBackend") {
            leads(world, ingress, backend, report);
        }
        for rule in list(ingress, "/spec/rules") {
            for path in list(rule, "/http/paths") {
                let (host, at) = (text(rule, "/host"), text(path, "/path"));
                if !at.starts_with('/') {
                    report.add(
                        "X03",
                        id(ingress),
                        format!("path `{at}` does not begin with a slash"),
                    );
                }
                if let Some(other) = routes.insert((host, at), id(ingress)) {
                    report.add(
                        "X09",
                        id(ingress),
                        format!("{host}{at} is routed twice, also by {other}"),
                    );
                }
                leads(world, ingress, &path["backend"], report);
            }
        }
        hosts_in_tls(world, ingress, report);
        for (key, _) in
            entries(ingress, "/metadata/annotations").filter(|(key, _)| key.ends_with("-snippet"))
        {
            report.add(
                "X03",
                id(ingress),
                format!("annotation {key} injects configuration into the controller"),
            );
        }
    }
}

fn leads(world: &World, ingress: &Value, backend: &Value, report: &mut Report) {
    let name = text(backend, "/service/name");
    let Some(service) = world.find("Service", name) else {
        return report.add(
            "X03",
            id(ingress),
            format!("backend Service `{name}` does not exist"),
        );
    };
    let wanted = backend.pointer("/service/port").unwrap_or(&Value::Null);
    let declared =
        list(service, "/spec/ports")
            .iter()
            .any(|port| match number(wanted, "/number") {
                Some(wanted) => number(port, "/port") == Some(wanted),
                None => {
                    !text(wanted, "/name").is_empty()
                        && text(port, "/name") == text(wanted, "/name")
                }
            });
    if !declared {
        report.add(
            "X03",
            id(ingress),
            format!("backend Service {name} has no port {wanted}"),
        );
    }
}

fn hosts_in_tls(world: &World, ingress: &Value, report: &mut Report) {
    let tls = list(ingress, "/spec/tls");
    let secured: BTreeSet<&str> = tls
        .iter()
        .flat_map(|entry| list(entry, "/hosts"))
        .filter_map(Value::as_str)
        .collect();
    let ruled: BTreeSet<&str> = list(ingress, "/spec/rules")
        .iter()
        .map(|rule| text(rule, "/host"))
        .collect();
    for host in ruled
        .difference(&secured)
        .filter(|_| !(tls.is_empty() && world.outside.plain_http))
    {
        report.add(
            "X18",
            id(ingress),
            format!("host `{host}` is not in spec.tls"),
        );
    }
    for host in secured.difference(&ruled) {
        report.add(
            "X18",
            id(ingress),
            format!("spec.tls names `{host}`, which no rule serves"),
        );
    }
}
