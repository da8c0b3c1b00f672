//! What cannot change once a chart is installed: fields that the cluster refuses to change, and the parameters in them.

use std::collections::BTreeSet;

use super::sym::Key;
use super::tree::{Forest, Leaf, Node, ObjectNode, Piece};
use crate::k8s::Object;
use crate::params::{Assignment, Registry};
use crate::tree::Value;

/// Fields by kind, as the API server refuses to change them. A claim may grow where its class allows it, but not shrink, so
/// its size counts too. Jobs are hooks, which Helm makes anew.
const FIELDS: [(&str, &[&str]); 3] = [
    ("Deployment", &["/spec/selector"]),
    (
        "StatefulSet",
        &[
            "/spec/selector",
            "/spec/serviceName",
            "/spec/podManagementPolicy",
            "/spec/volumeClaimTemplates",
        ],
    ),
    ("PersistentVolumeClaim", &["/spec"]),
];

fn fields(kind: &str) -> &'static [&'static str] {
    FIELDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or(&[], |(_, fields)| fields)
}

/// The parameters that such fields depend on, in the order of the registry; the release's own name and namespace are no
/// choice of an upgrade.
pub fn params(forest: &Forest, registry: &Registry) -> Vec<String> {
    let mut names = BTreeSet::new();
    for object in &forest.objects {
        for field in fields(kind(object)) {
            if let Some(node) = at(&object.node, field) {
                collect(node, &mut names);
            }
        }
    }
    let mut pending: Vec<String> = names.iter().cloned().collect();
    while let Some(name) = pending.pop() {
        if let Some(definition) = registry.definition(&name) {
            for inner in definition.go.names() {
                if names.insert(inner.to_owned()) {
                    pending.push(inner.to_owned());
                }
            }
        }
    }
    registry
        .params()
        .filter(|param| names.contains(&param.path) && !param.path.starts_with("Release."))
        .map(|param| param.path.clone())
        .collect()
}

/// The fields in which two sets of objects differ and that the cluster refuses to change: object and field.
pub fn changes(from: &[Object], to: &[Object]) -> Vec<String> {
    let mut found = Vec::new();
    for object in from {
        let Some(other) = to.iter().find(|other| other.path == object.path) else {
            continue;
        };
        for field in fields(object.value["kind"].as_str().unwrap_or_default()) {
            if object.value.pointer(field) != other.value.pointer(field) {
                found.push(format!("{}{field}", object.path));
            }
        }
    }
    found
}

/// Those of some parameters in which two assignments differ.
pub fn differing(params: &[String], one: &Assignment, other: &Assignment) -> Vec<String> {
    params
        .iter()
        .filter(|path| one.get(*path) != other.get(*path))
        .cloned()
        .collect()
}

fn kind(object: &ObjectNode) -> &str {
    match at(&object.node, "/kind") {
        Some(Node::Leaf(Leaf::Text(pieces))) => match pieces.as_slice() {
            [Piece::Literal(kind)] => kind,
            _ => "",
        },
        Some(Node::Leaf(Leaf::Fixed(Value::String(kind)))) => kind,
        _ => "",
    }
}

fn at<'n>(node: &'n Node, pointer: &str) -> Option<&'n Node> {
    let mut here = node;
    for part in pointer.split('/').skip(1) {
        let Node::Map(entries, _) = here else {
            return None;
        };
        here = &entries
            .iter()
            .find(|entry| entry.key == Key::Name(part.to_owned()))?
            .node;
    }
    Some(here)
}

fn collect(node: &Node, names: &mut BTreeSet<String>) {
    match node {
        Node::Map(entries, _) => {
            for entry in entries {
                names.extend(entry.guard.iter().map(|literal| literal.dim.clone()));
                if let Key::Splice(name) = &entry.key {
                    names.insert(name.clone());
                }
                collect(&entry.node, names);
            }
        }
        Node::List(entries, _) => {
            for entry in entries {
                names.extend(entry.guard.iter().map(|literal| literal.dim.clone()));
                collect(&entry.node, names);
            }
        }
        Node::Splice(name) => {
            names.insert(name.clone());
        }
        Node::Range(name, item) => {
            names.insert(name.clone());
            collect(item, names);
        }
        Node::Leaf(leaf) => collect_leaf(leaf, names),
    }
}

fn collect_leaf(leaf: &Leaf, names: &mut BTreeSet<String>) {
    match leaf {
        Leaf::Whole(found) => {
            names.insert(found.name.clone());
        }
        Leaf::Text(pieces) => collect_pieces(pieces, names),
        Leaf::Either(dim, yes, no) => {
            names.insert(dim.clone());
            collect_leaf(yes, names);
            collect_leaf(no, names);
        }
        Leaf::Fixed(_) | Leaf::Marker(_) => {}
    }
}

fn collect_pieces(pieces: &[Piece], names: &mut BTreeSet<String>) {
    for piece in pieces {
        match piece {
            Piece::Literal(_) => {}
            Piece::Ref(found) => {
                names.insert(found.name.clone());
            }
            Piece::Either(dim, yes, no) => {
                names.insert(dim.clone());
                collect_pieces(yes, names);
                collect_pieces(no, names);
            }
        }
    }
}
