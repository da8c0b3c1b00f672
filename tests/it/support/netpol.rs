//! Who may reach whom: the NetworkPolicies of rendered objects, evaluated on their own.
//!
//! A direction in which no policy selects a pod is open. Otherwise the rules of all policies that select it add up, and an
//! edge needs the egress of its source and the ingress of its target. An `ipBlock` is taken to mean addresses outside the
//! cluster, so it makes no edge between pods; a block that holds a whole private range it does not except says so, because
//! some network plugins match pods by address. Not seen: policies of other kinds, the host network, rules of the other side
//! of an edge that leaves the tree.

mod cidr;
mod ports;

use super::kube::{self, Labels, entries, labels, list, selects, text};
use ports::Ports;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A pod template, or pods that only a policy's selector tells of.
struct Node<'a> {
    name: String,
    namespace: &'a str,
    labels: Labels<'a>,
    ports: Vec<kube::Port<'a>>,
}

struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    policies: Vec<&'a Value>,
    /// Labels of the namespaces in the tree.
    namespaces: BTreeMap<&'a str, Labels<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    /// The policy type, and the pointers to the rules and to the peers of a rule.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Direction::Ingress => ("Ingress", "/spec/ingress", "/from"),
            Direction::Egress => ("Egress", "/spec/egress", "/to"),
        }
    }
}

/// Sorted lines such as `web -> postgresql:5432/TCP`, also for edges that enter or leave the tree:
/// `outside(namespace haproxy) -> web:8080/TCP`, `* -> dns(kube-system/k8s-app=kube-dns):53/UDP`, `anyone -> web:any`.
/// `*` stands for every workload.
pub fn edges(objects: &[Value]) -> Vec<String> {
    let tree = Tree::new(objects);
    let mut found = BTreeSet::new();
    for source in &tree.nodes {
        for target in &tree.nodes {
            let out = tree.between(Direction::Egress, source, target);
            let into = tree.between(Direction::Ingress, target, source);
            for port in out.and(&into).shown() {
                found.insert(line(&source.name, &target.name, &port));
            }
        }
    }
    let all: BTreeSet<&str> = tree.nodes.iter().map(|node| node.name.as_str()).collect();
    for direction in [Direction::Ingress, Direction::Egress] {
        let mut outer: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
        for node in &tree.nodes {
            for edge in tree.leaving(direction, node) {
                outer.entry(edge).or_default().insert(&node.name);
            }
        }
        for ((peer, port), names) in outer {
            let names = if all.len() > 1 && names == all {
                BTreeSet::from(["*"])
            } else {
                names
            };
            found.extend(names.into_iter().map(|name| match direction {
                Direction::Egress => line(name, &peer, &port),
                Direction::Ingress => line(&peer, name, &port),
            }));
        }
    }
    found.into_iter().collect()
}

/// The edges as a text for review: one a line, short names of sources padded to one width that never changes.
pub fn table(objects: &[Value]) -> String {
    let aligned = |edge: String| match edge.split_once(" -> ") {
        Some((source, target)) => format!("{source:<14} -> {target}\n"),
        None => edge + "\n",
    };
    edges(objects).into_iter().map(aligned).collect()
}

fn line(source: &str, target: &str, port: &str) -> String {
    format!("{source} -> {target}:{port}")
}

impl<'a> Tree<'a> {
    fn new(objects: &'a [Value]) -> Self {
        let policies: Vec<&Value> = kube::of_kind(objects, "NetworkPolicy").collect();
        let namespaces = kube::of_kind(objects, "Namespace").map(|namespace| {
            let mut all = labels(namespace, "/metadata/labels");
            all.insert("kubernetes.io/metadata.name", kube::name(namespace));
            (kube::name(namespace), all)
        });
        let mut tree = Tree {
            nodes: nodes(objects),
            policies,
            namespaces: namespaces.collect(),
        };
        tree.add_foreign();
        tree
    }

    /// Pods that others make and a policy of the tree is for: they have the labels that its selector asks for.
    fn add_foreign(&mut self) {
        for policy in self.policies.clone() {
            let selector = &policy["spec"]["podSelector"];
            let (namespace, asked) = (
                text(policy, "/metadata/namespace"),
                labels(selector, "/matchLabels"),
            );
            let known =
                |node: &Node| node.namespace == namespace && selects(selector, &node.labels);
            if !asked.is_empty() && !self.nodes.iter().any(known) {
                let name = format!("pods({})", shown_selector(selector));
                self.nodes.push(Node {
                    name,
                    namespace,
                    labels: asked,
                    ports: Vec::new(),
                });
            }
        }
    }

    /// The policies that rule a direction of a node; none means that it is open.
    fn ruling(&self, direction: Direction, node: &Node) -> Vec<&'a Value> {
        let rules = |policy: &&&Value| {
            let same = text(policy, "/metadata/namespace") == node.namespace;
            same && selects(&policy["spec"]["podSelector"], &node.labels)
                && has_type(policy, direction)
        };
        self.policies.iter().filter(rules).copied().collect()
    }

    /// The ports of `target` (the later one of an edge) that one end admits: `node` towards, or from, `other`.
    fn between(&self, direction: Direction, node: &Node, other: &Node) -> Ports {
        let ruling = self.ruling(direction, node);
        if ruling.is_empty() {
            return Ports::all();
        }
        let target = if direction == Direction::Egress {
            other
        } else {
            node
        };
        let mut admitted = Ports::none();
        for rule in ruling.iter().flat_map(|policy| rules(policy, direction)) {
            let peers = peers(rule, direction);
            if peers.is_empty()
                || peers
                    .iter()
                    .any(|peer| self.matches(peer, node.namespace, other))
            {
                admitted.add(&Ports::of_rule(rule, &target.ports));
            }
        }
        admitted
    }

    fn matches(&self, peer: &Value, home: &str, node: &Node) -> bool {
        if peer.get("ipBlock").is_some() {
            return false;
        }
        let there = match peer.get("namespaceSelector") {
            None => node.namespace == home,
            Some(selector) => selects(selector, &self.namespace_labels(node.namespace)),
        };
        there
            && peer
                .get("podSelector")
                .is_none_or(|selector| selects(selector, &node.labels))
    }

    fn namespace_labels(&self, namespace: &'a str) -> Labels<'a> {
        let named = || Labels::from([("kubernetes.io/metadata.name", namespace)]);
        self.namespaces
            .get(namespace)
            .cloned()
            .unwrap_or_else(named)
    }

    /// The edges of a node that leave the tree: the other side and a port.
    fn leaving(&self, direction: Direction, node: &Node) -> Vec<(String, String)> {
        let ruling = self.ruling(direction, node);
        if ruling.is_empty() {
            return vec![("anyone".to_owned(), "any".to_owned())];
        }
        let mut found = Vec::new();
        for rule in ruling.iter().flat_map(|policy| rules(policy, direction)) {
            let ports = match direction {
                Direction::Ingress => Ports::of_rule(rule, &node.ports).shown(),
                Direction::Egress => Ports::unresolved(rule),
            };
            let peers = peers(rule, direction);
            let mut names: Vec<String> = peers
                .iter()
                .filter_map(|peer| self.outer(peer, node.namespace))
                .collect();
            if peers.is_empty() {
                names.push("anyone".to_owned());
            }
            let dns = !ports.is_empty()
                && ports
                    .iter()
                    .all(|port| port.starts_with("53/") || port.starts_with("5353/"));
            for name in names {
                let name = if dns {
                    name.replacen("outside(", "dns(", 1)
                } else {
                    name
                };
                found.extend(ports.iter().map(|port| (name.clone(), port.clone())));
            }
        }
        found
    }

    /// How a peer outside the tree is shown; `None` when it can only be inside.
    fn outer(&self, peer: &Value, home: &str) -> Option<String> {
        if let Some(block) = peer.get("ipBlock") {
            return Some(format!("outside({})", cidr::shown(block)));
        }
        let pods = peer
            .get("podSelector")
            .filter(|selector| !shown_selector(selector).is_empty());
        let pods = pods.map(shown_selector);
        let Some(selector) = peer.get("namespaceSelector") else {
            let inside = self.nodes.iter().any(|node| self.matches(peer, home, node));
            return (!inside).then(|| format!("outside(pods {})", pods.unwrap_or_default()));
        };
        let pinned = entries(selector, "/matchLabels")
            .find(|(key, _)| *key == "kubernetes.io/metadata.name");
        let pinned = pinned.and_then(|(_, value)| value.as_str());
        let alone = pinned.filter(|_| {
            selector.as_object().is_some_and(|all| all.len() == 1)
                && entries(selector, "/matchLabels").count() == 1
        });
        if pinned.is_some_and(|name| self.namespaces.contains_key(name)) {
            return None;
        }
        let shown = alone.map_or_else(|| shown_selector(selector), str::to_owned);
        Some(match (shown.as_str(), pods) {
            ("", None) => "outside(any namespace)".to_owned(),
            ("", Some(pods)) => format!("outside(any namespace/{pods})"),
            (shown, None) => format!("outside(namespace {shown})"),
            (shown, Some(pods)) => format!("outside({shown}/{pods})"),
        })
    }
}

fn nodes(objects: &[Value]) -> Vec<Node<'_>> {
    let pods = kube::pods(objects);
    let count = |wanted: &str| pods.iter().filter(|pod| pod.component() == wanted).count();
    let twins = |wanted: &kube::Pod| {
        pods.iter()
            .filter(|pod| pod.component() == wanted.component() && pod.kind == wanted.kind)
            .count()
    };
    let shown = |pod: &kube::Pod| match (count(pod.component()), twins(pod)) {
        // A chart of others calls its pods after what they do.
        _ if pod.labels.contains_key("helm.sh/chart") => {
            let part = pod.labels.get("app.kubernetes.io/component");
            let name = pod.labels["app.kubernetes.io/name"];
            part.map_or_else(|| name.to_owned(), |part| format!("{name}/{part}"))
        }
        (1, _) => pod.component().to_owned(),
        (_, 1) => format!("{}({})", pod.component(), pod.kind),
        _ => pod.name.to_owned(),
    };
    let names: Vec<String> = pods.iter().map(shown).collect();
    let pods = pods.into_iter().zip(names);
    pods.map(|(pod, name)| Node {
        name,
        namespace: pod.namespace,
        ports: pod.ports(),
        labels: pod.labels,
    })
    .collect()
}

fn has_type(policy: &Value, direction: Direction) -> bool {
    match policy["spec"]["policyTypes"].as_array() {
        Some(types) => types.iter().any(|found| found == direction.words().0),
        None => direction == Direction::Ingress || policy["spec"]["egress"].is_array(),
    }
}

fn rules(policy: &Value, direction: Direction) -> &[Value] {
    list(policy, direction.words().1)
}

fn peers(rule: &Value, direction: Direction) -> &[Value] {
    list(rule, direction.words().2)
}

/// `k=v,other in (a b),!third`; empty for a selector of everything.
fn shown_selector(selector: &Value) -> String {
    let equal = entries(selector, "/matchLabels")
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or("")));
    let terms = list(selector, "/matchExpressions").iter().map(|term| {
        let values: Vec<&str> = list(term, "/values")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let (key, values) = (text(term, "/key"), values.join(" "));
        match text(term, "/operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} not in ({values})"),
            "Exists" => key.to_owned(),
            _ => format!("!{key}"),
        }
    });
    equal.chain(terms).collect::<Vec<_>>().join(",")
}
