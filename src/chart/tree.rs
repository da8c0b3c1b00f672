//! The tree of all contexts in one: what is where, and when.

use serde_json::Value;

use super::probes::Ref;
use super::sym::Key;
use crate::k8s::Marker;

/// A condition: a choice and the way it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Literal {
    /// The name of the switch, map or list.
    pub dim: String,
    /// Whether it must be on or set.
    pub on: bool,
}

/// What must hold, all of it, for something to be there.
pub type Guard = Vec<Literal>;

/// Something with a guard.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<K> {
    /// When it is there, given that what it stands in is.
    pub guard: Guard,
    /// Its key in a map; nothing in a list.
    pub key: K,
    /// What it is.
    pub node: Node,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A map, and whether it stays when nothing is in it.
    Map(Vec<Entry<Key>>, bool),
    /// A list, and whether it stays when nothing is in it.
    List(Vec<Entry<()>>, bool),
    /// All entries or items of a parameter.
    Splice(String),
    /// An item for each of a list's.
    Range(String, Box<Node>),
    /// A leaf.
    Leaf(Leaf),
}

/// A leaf.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    /// A fixed number or truth value.
    Fixed(Value),
    /// A number.
    Whole(Ref),
    /// A text.
    Text(Vec<Piece>),
    /// A text of a ConfigMap, or a digest.
    Marker(Marker),
    /// One of two, by a choice.
    Either(String, Box<Leaf>, Box<Leaf>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Fixed.
    Literal(String),
    /// Placed.
    Ref(Ref),
    /// One of two, by a choice.
    Either(String, Vec<Piece>, Vec<Piece>),
}

/// A block of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// When it is there.
    pub guard: Guard,
    /// Its name.
    pub name: String,
    /// Its lines; an empty one is blank.
    pub lines: Vec<Vec<Piece>>,
}

/// A text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextNode {
    /// `web/nginx.conf`
    pub name: String,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

impl TextNode {
    /// What all of its blocks need.
    pub fn common(&self) -> Guard {
        let Some((first, others)) = self.blocks.split_first() else {
            return Guard::new();
        };
        first
            .guard
            .iter()
            .filter(|literal| others.iter().all(|block| block.guard.contains(literal)))
            .cloned()
            .collect()
    }
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectNode {
    /// Its file.
    pub path: String,
    /// When it is there.
    pub guard: Guard,
    /// Its content.
    pub node: Node,
}

/// All objects and texts of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// The objects, by file.
    pub objects: Vec<ObjectNode>,
    /// The texts, by name.
    pub texts: Vec<TextNode>,
}
