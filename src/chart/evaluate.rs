//! What a derived tree yields under an assignment: the other side of the proof.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::probes::{Part, Ref};
use super::sym::Key;
use super::tree::{Entry, Forest, Guard, Leaf, Node, Piece};
use super::world::{Thing, ThingName};
use crate::params::Assignment;

/// The things of a forest under an assignment of all placed names.
pub fn evaluate(forest: &Forest, assignment: &Assignment) -> BTreeMap<ThingName, Thing> {
    let values = Values {
        assignment,
        item: None,
    };
    let mut things = BTreeMap::new();
    for object in &forest.objects {
        if values.hold(&object.guard) {
            let value = values.node(&object.node);
            things.insert(ThingName::Object(object.path.clone()), Thing::Object(value));
        }
    }
    for text in &forest.texts {
        for block in &text.blocks {
            if values.hold(&block.guard) {
                let lines = block.lines.iter().map(|line| values.pieces(line)).collect();
                let name = ThingName::Block(text.name.clone(), block.name.clone());
                things.insert(name, Thing::Block(lines));
            }
        }
    }
    things
}

struct Values<'a> {
    assignment: &'a Assignment,
    item: Option<&'a Value>,
}

impl Values<'_> {
    fn get(&self, name: &str) -> &Value {
        self.assignment.get(name).unwrap_or(&Value::Null)
    }

    fn is_on(&self, name: &str) -> bool {
        match self.get(name) {
            Value::Bool(on) => *on,
            Value::Array(items) => !items.is_empty(),
            Value::Object(map) => !map.is_empty(),
            Value::Null | Value::Number(_) | Value::String(_) => false,
        }
    }

    fn hold(&self, guard: &Guard) -> bool {
        guard
            .iter()
            .all(|literal| self.is_on(&literal.dim) == literal.on)
    }

    fn node(&self, node: &Node) -> Value {
        match node {
            Node::Map(entries, _) => self.map(entries),
            Node::List(entries, _) => self.list(entries),
            Node::Splice(name) => self.get(name).clone(),
            Node::Range(name, item) => self.range(name, item).collect(),
            Node::Leaf(leaf) => self.leaf(leaf),
        }
    }

    fn map(&self, entries: &[Entry<Key>]) -> Value {
        let mut map = Map::new();
        for entry in entries.iter().filter(|entry| self.hold(&entry.guard)) {
            match &entry.key {
                Key::Splice(name) => {
                    if let Value::Object(more) = self.get(name) {
                        map.extend(more.clone());
                    }
                }
                Key::Name(name) => {
                    let value = self.node(&entry.node);
                    if !is_pruned(&entry.node, &value) {
                        map.insert(name.clone(), value);
                    }
                }
            }
        }
        Value::Object(map)
    }

    fn list(&self, entries: &[Entry<()>]) -> Value {
        let mut items = Vec::new();
        for entry in entries.iter().filter(|entry| self.hold(&entry.guard)) {
            match &entry.node {
                Node::Splice(name) => {
                    items.extend(self.get(name).as_array().into_iter().flatten().cloned());
                }
                Node::Range(name, item) => items.extend(self.range(name, item)),
                node => items.push(self.node(node)),
            }
        }
        Value::Array(items)
    }

    fn range<'s>(&'s self, name: &str, item: &'s Node) -> impl Iterator<Item = Value> + 's {
        let items = self.get(name).as_array().into_iter().flatten();
        items.map(move |value| {
            let values = Values {
                assignment: self.assignment,
                item: Some(value),
            };
            values.node(item)
        })
    }

    fn leaf(&self, leaf: &Leaf) -> Value {
        match leaf {
            Leaf::Fixed(value) => value.clone(),
            Leaf::Whole(found) => self.found(found).clone(),
            Leaf::Text(pieces) => self.pieces(pieces).into(),
            Leaf::Marker(marker) => marker.to_string().into(),
            Leaf::Either(dim, yes, no) => self.leaf(if self.is_on(dim) { yes } else { no }),
        }
    }

    fn pieces(&self, pieces: &[Piece]) -> String {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Ref(found) => match self.found(found) {
                    Value::String(value) => text.push_str(value),
                    other => text.push_str(&other.to_string()),
                },
                Piece::Either(dim, yes, no) => {
                    text.push_str(&self.pieces(if self.is_on(dim) { yes } else { no }));
                }
            }
        }
        text
    }

    fn found(&self, found: &Ref) -> &Value {
        match (found.part, self.item) {
            (Part::Each, Some(item)) => item,
            _ => self.get(&found.name),
        }
    }
}

/// Whether a container is left out because all of what could be in it is absent.
fn is_pruned(node: &Node, value: &Value) -> bool {
    match (node, value) {
        (Node::Map(_, stays), Value::Object(map)) => map.is_empty() && !stays,
        (Node::List(_, stays), Value::Array(items)) => items.is_empty() && !stays,
        _ => false,
    }
}
