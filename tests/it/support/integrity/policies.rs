//! X19: NetworkPolicies select pods and ports that exist, and leave no pod out.

use super::{Report, World};
use crate::support::kube::{self, Pod, entries, id, list, selects, text};
use serde_json::Value;

pub fn check(world: &World, report: &mut Report) {
    for policy in world.kind("NetworkPolicy") {
        let selector = policy.pointer("/spec/podSelector").unwrap_or(&Value::Null);
        let selected = selected(world, selector);
        let foreign = foreign(world, selector);
        if selected.is_empty() && !foreign {
            report.add("X19", id(policy), "spec.podSelector selects no pods");
        }
        for (direction, side) in [("ingress", "from"), ("egress", "to")] {
            for rule in list(policy, &format!("/spec/{direction}")) {
                for peer in list(rule, &format!("/{side}")) {
                    peer_exists(world, policy, direction, peer, report);
                }
                let ports = list(rule, "/ports");
                let targets = if direction == "ingress" {
                    selected.clone()
                } else {
                    inner_targets(world, rule)
                };
                if !targets.is_empty() && !foreign {
                    for port in ports {
                        port_exists(policy, direction, port, &targets, report);
                    }
                }
            }
        }
        if !policy["spec"]["policyTypes"].is_array() {
            report.add(
                "X19",
                id(policy),
                "spec.policyTypes is missing, so the directions depend on the rules",
            );
        }
    }
    for pod in &world.pods {
        for direction in ["Ingress", "Egress"] {
            let covers = |policy: &Value| {
                let types = list(policy, "/spec/policyTypes");
                let selector = policy.pointer("/spec/podSelector").unwrap_or(&Value::Null);
                types.iter().any(|found| found == direction)
                    && text(policy, "/metadata/namespace") == pod.namespace
                    && selects(selector, &pod.labels)
            };
            if !world.kind("NetworkPolicy").any(covers) {
                report.add(
                    "X19",
                    &pod.id,
                    format!("no NetworkPolicy selects its pods for {direction}: it is open"),
                );
            }
        }
    }
}

fn selected<'w, 'a>(world: &'w World<'a>, selector: &Value) -> Vec<&'w Pod<'a>> {
    world
        .pods
        .iter()
        .chain(&world.beside)
        .filter(|pod| selects(selector, &pod.labels))
        .collect()
}

/// Whether a selector asks for pods that others make.
fn foreign(world: &World, selector: &Value) -> bool {
    let by_label = entries(selector, "/matchLabels").map(|(key, _)| key);
    let by_term = list(selector, "/matchExpressions")
        .iter()
        .map(|term| text(term, "/key"));
    by_label
        .chain(by_term)
        .any(|key| world.outside.foreign_pods.contains(key))
}

/// Whether a namespace selector is absent or selects the namespace of the site.
fn at_home(world: &World, peer: &Value) -> bool {
    peer.get("namespaceSelector").is_none_or(|selector| {
        let home = world.find("Namespace", world.namespace);
        let mut labels = home
            .map(|home| kube::labels(home, "/metadata/labels"))
            .unwrap_or_default();
        labels.insert("kubernetes.io/metadata.name", world.namespace);
        selects(selector, &labels)
    })
}

fn peer_exists(world: &World, policy: &Value, direction: &str, peer: &Value, report: &mut Report) {
    let block = peer.get("ipBlock").is_some();
    if block == (peer.get("podSelector").is_some() || peer.get("namespaceSelector").is_some()) {
        return report.add(
            "X19",
            id(policy),
            format!("a peer of {direction} is neither an ipBlock nor selectors: {peer}"),
        );
    }
    let Some(selector) = peer.get("podSelector") else {
        return;
    };
    // A selector for all namespaces may mean pods elsewhere; one without a namespace means ours.
    let here = peer.get("namespaceSelector").is_none();
    if here && selected(world, selector).is_empty() && !foreign(world, selector) {
        report.add(
            "X19",
            id(policy),
            format!("a podSelector of {direction} selects no pods: {selector}"),
        );
    }
}

/// The pods of the tree that an egress rule names by labels.
fn inner_targets<'w, 'a>(world: &'w World<'a>, rule: &Value) -> Vec<&'w Pod<'a>> {
    let peers = list(rule, "/to").iter().filter(|peer| at_home(world, peer));
    let selectors = peers.filter_map(|peer| peer.get("podSelector"));
    selectors
        .flat_map(|selector| selected(world, selector))
        .collect()
}

fn port_exists(
    policy: &Value,
    direction: &str,
    port: &Value,
    targets: &[&Pod],
    report: &mut Report,
) {
    let Some(wanted) = port.get("port") else {
        return;
    };
    let end = kube::number(port, "/endPort");
    let declared = targets.iter().flat_map(|pod| pod.ports()).any(|found| {
        let number = i64::from(found.number);
        let fits = match wanted {
            Value::String(name) => found.name == name,
            wanted => wanted
                .as_i64()
                .is_some_and(|low| (low..=end.unwrap_or(low)).contains(&number)),
        };
        fits && found.protocol == kube::protocol(port)
    });
    if !declared {
        let protocol = kube::protocol(port);
        report.add(
            "X19",
            id(policy),
            format!(
                "{direction} port {wanted}/{protocol} is declared by none of the pods it is for"
            ),
        );
    }
}
