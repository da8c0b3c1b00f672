//! Defaults, profiles, the site file and `--set`, put on top of each other; every value remembers which of them wrote it.

use super::layer::Layer;
use super::node::{Entry, Kind, Node};
use super::path::{self, Segment};
use crate::diag::Span;

/// All layers as one tree.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The tree; each node names its layer.
    pub root: Node,
}

/// Who wrote a value, and where.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The layer.
    pub layer: Layer,
    /// Where the key is; `None` for list items and the whole tree.
    pub key: Option<Span>,
    /// Where the value is.
    pub value: Span,
}

/// Puts the layers on top of each other in the order of [`Layer`], and equal ones in the order given; `None` without any.
///
/// Maps merge key by key. Everything else replaces what lies below: lists as a whole, and null too, which so switches an
/// optional section off; a map over null starts anew. A merged map is said to be written in the site file if that wrote it
/// (there a missing key would be added), else in its strongest layer.
pub fn merge(mut layers: Vec<(Layer, Node)>) -> Option<Merged> {
    layers.sort_by_key(|(layer, _)| *layer);
    layers
        .into_iter()
        .map(|(layer, mut node)| {
            stamp(&mut node, layer);
            node
        })
        .reduce(over)
        .map(|root| Merged { root })
}

/// A map in which whatever `own` does not write is as in `base`; every value keeps its origin. Anything but a map stays.
pub(super) fn inherit(base: &Node, own: &mut Node) {
    if matches!(own.value, Kind::Map(_)) && matches!(base.value, Kind::Map(_)) {
        let place = (own.span.clone(), own.layer);
        *own = over(base.clone(), own.clone());
        (own.span, own.layer) = place;
    }
}

fn stamp(node: &mut Node, layer: Layer) {
    node.layer = layer;
    match &mut node.value {
        Kind::List(items) => items.iter_mut().for_each(|item| stamp(item, layer)),
        Kind::Map(entries) => entries
            .iter_mut()
            .for_each(|entry| stamp(&mut entry.value, layer)),
        _ => {}
    }
}

fn over(below: Node, above: Node) -> Node {
    match (below, above) {
        (
            Node {
                value: Kind::Map(mut entries),
                span,
                layer,
                ..
            },
            Node {
                value: Kind::Map(new),
                span: new_span,
                layer: new_layer,
                ..
            },
        ) => {
            for entry in new {
                match entries.iter().position(|old| old.key == entry.key) {
                    Some(at) => {
                        let old = entries.remove(at);
                        entries.insert(at, merged_entry(old, entry));
                    }
                    None => entries.push(entry),
                }
            }
            let (span, layer) = if layer == Layer::Site {
                (span, layer)
            } else {
                (new_span, new_layer)
            };
            Node {
                value: Kind::Map(entries),
                raw: String::new(),
                quoted: false,
                span,
                layer,
            }
        }
        (_, above) => above,
    }
}

fn merged_entry(old: Entry, new: Entry) -> Entry {
    let (old_span, new_span) = (old.key_span, new.key_span);
    let new_layer = new.value.layer;
    let value = over(old.value, new.value);
    let key_span = if value.layer == new_layer {
        new_span
    } else {
        old_span
    };
    Entry {
        key: new.key,
        key_span,
        value,
    }
}

impl Merged {
    /// Who wrote the value at exactly this path; `None` when nobody did or the path is malformed.
    pub fn origin(&self, path: &str) -> Option<Origin> {
        self.walk(path)
            .and_then(|(origin, complete)| complete.then_some(origin))
    }

    /// Who wrote the value at this path, or else the innermost map or list around it that is written.
    pub fn nearest_origin(&self, path: &str) -> Option<Origin> {
        self.walk(path).map(|(origin, _)| origin)
    }

    fn walk(&self, path: &str) -> Option<(Origin, bool)> {
        let (segments, end) = path::parse(path).ok()?;
        if end != path.len() {
            return None;
        }
        let mut node = &self.root;
        let mut key = None;
        let mut complete = true;
        for written in segments {
            let next = match (&written.segment, &node.value) {
                (Segment::Key(wanted), Kind::Map(_)) => node
                    .get(wanted)
                    .map(|entry| (Some(&entry.key_span), &entry.value)),
                (Segment::Index(index), Kind::List(items)) => {
                    items.get(*index).map(|item| (None, item))
                }
                _ => None,
            };
            let Some(next) = next else {
                complete = false;
                break;
            };
            (key, node) = next;
        }
        Some((
            Origin {
                layer: node.layer,
                key: key.cloned(),
                value: node.span.clone(),
            },
            complete,
        ))
    }
}

#[cfg(test)]
mod tests;
