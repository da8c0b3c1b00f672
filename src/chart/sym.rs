//! One rendering with its probes replaced by the names they stood for.

use serde_json::{Map, Value};

use super::probes::{Part, Probes, Ref, Set};
use super::world::Thing;
use crate::k8s::Marker;

/// A tree with holes.
#[derive(Clone, Debug, PartialEq)]
pub enum Sym {
    /// A fixed number or truth value.
    Fixed(Value),
    /// A number.
    Whole(Ref),
    /// A text of literal and placed parts.
    Text(Vec<Seg>),
    /// A text of a ConfigMap, or a digest of some.
    Marker(Marker),
    /// A map.
    Map(Vec<(Key, Sym)>),
    /// A list.
    List(Vec<Sym>),
    /// All items of a list parameter.
    Splice(String),
    /// An item for each of a list of words or numbers.
    Range(String, Box<Sym>),
    /// Lines of a block of text.
    Lines(Vec<Vec<Seg>>),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A fixed one.
    Name(String),
    /// All entries of a map parameter.
    Splice(String),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Seg {
    /// Fixed.
    Literal(String),
    /// Placed.
    Ref(Ref),
}

/// Replaces probes by names.
pub struct Lift<'p, 'r> {
    probes: &'p Probes<'r>,
    set: Set,
    splices: Vec<(&'r str, Value)>,
}

impl<'p, 'r> Lift<'p, 'r> {
    /// A lift of renderings with one set of probes.
    pub fn new(probes: &'p Probes<'r>, set: Set) -> Self {
        Self {
            probes,
            set,
            splices: probes.splices(set).collect(),
        }
    }

    /// The symbolic form of a thing.
    pub fn thing(&self, thing: &Thing) -> Sym {
        match thing {
            Thing::Object(value) => self.value(value),
            Thing::Block(lines) => {
                Sym::Lines(lines.iter().map(|line| self.segments(line)).collect())
            }
        }
    }

    fn value(&self, value: &Value) -> Sym {
        match value {
            Value::Object(map) => self.map(map),
            Value::Array(items) => Sym::List(self.list(items)),
            Value::String(text) => {
                Marker::read(text).map_or_else(|| Sym::Text(self.segments(text)), Sym::Marker)
            }
            Value::Number(number) => number
                .as_i64()
                .and_then(|number| self.probes.number(number, self.set))
                .map_or_else(|| Sym::Fixed(value.clone()), Sym::Whole),
            Value::Null | Value::Bool(_) => Sym::Fixed(value.clone()),
        }
    }

    fn segments(&self, text: &str) -> Vec<Seg> {
        self.probes
            .split(text, self.set)
            .into_iter()
            .map(|part| match part {
                Ok(found) => Seg::Ref(found),
                Err(literal) => Seg::Literal(literal),
            })
            .collect()
    }

    fn map(&self, map: &Map<String, Value>) -> Sym {
        let mut spliced = Vec::new();
        let mut rest: Vec<_> = map.iter().collect();
        let strange = rest.iter().any(|(key, _)| Probes::is_spliced(key));
        for (name, probe) in self.splices.iter().filter(|_| strange) {
            let Value::Object(probe) = probe else {
                continue;
            };
            let there =
                !probe.is_empty() && probe.iter().all(|(key, value)| map.get(key) == Some(value));
            if there {
                rest.retain(|(key, _)| !probe.contains_key(*key));
                spliced.push((
                    Key::Splice((*name).to_owned()),
                    Sym::Splice((*name).to_owned()),
                ));
            }
        }
        let mut entries: Vec<_> = rest
            .into_iter()
            .map(|(key, value)| (Key::Name(key.clone()), self.value(value)))
            .collect();
        entries.extend(spliced);
        Sym::Map(entries)
    }

    fn list(&self, items: &[Value]) -> Vec<Sym> {
        let mut lifted = Vec::new();
        let mut rest = items;
        'items: while let Some((first, others)) = rest.split_first() {
            let strange = first.as_object().is_some_and(|item| {
                item.values()
                    .any(|value| value.as_str().is_some_and(Probes::is_spliced))
            });
            for (name, probe) in self.splices.iter().filter(|_| strange) {
                let Value::Array(probe) = probe else { continue };
                if !probe.is_empty() && rest.starts_with(probe) {
                    lifted.push(Sym::Splice((*name).to_owned()));
                    rest = &rest[probe.len()..];
                    continue 'items;
                }
            }
            lifted.push(self.value(first));
            rest = others;
        }
        looped(lifted)
    }
}

/// Two neighbours that differ only in the item they hold become a loop.
fn looped(items: Vec<Sym>) -> Vec<Sym> {
    let mut result: Vec<Sym> = Vec::new();
    for item in items {
        let previous = result.last();
        let list = previous.and_then(|previous| {
            let name = previous.item(Part::First)?;
            (previous.at(Part::Second) == item).then_some(name)
        });
        match (list, result.pop()) {
            (Some(name), Some(previous)) => {
                result.push(Sym::Range(name, Box::new(previous.at(Part::Each))));
            }
            (_, previous) => {
                result.extend(previous);
                result.push(item);
            }
        }
    }
    result
}

impl Sym {
    /// All references in it.
    pub fn refs(&self) -> Vec<&Ref> {
        match self {
            Self::Fixed(_) | Self::Marker(_) | Self::Splice(_) => Vec::new(),
            Self::Whole(found) => vec![found],
            Self::Text(segments) => refs_of(segments),
            Self::Map(entries) => entries.iter().flat_map(|(_, value)| value.refs()).collect(),
            Self::List(items) => items.iter().flat_map(Self::refs).collect(),
            Self::Range(_, item) => item.refs(),
            Self::Lines(lines) => lines.iter().flat_map(|line| refs_of(line)).collect(),
        }
    }

    /// The list of which it holds this item, if it holds items of one list only.
    fn item(&self, part: Part) -> Option<String> {
        let mut names: Vec<_> = self
            .refs()
            .into_iter()
            .filter(|found| found.part == part)
            .map(|found| found.name.clone())
            .collect();
        names.dedup();
        match names.as_slice() {
            [name] => Some(name.clone()),
            _ => None,
        }
    }

    /// The same with its items replaced by this part.
    fn at(&self, part: Part) -> Self {
        let change = |found: &Ref| Ref {
            part: if found.part == Part::Whole {
                Part::Whole
            } else {
                part
            },
            name: found.name.clone(),
        };
        let segments = |segments: &Vec<Seg>| -> Vec<Seg> {
            segments
                .iter()
                .map(|segment| match segment {
                    Seg::Ref(found) => Seg::Ref(change(found)),
                    Seg::Literal(_) => segment.clone(),
                })
                .collect()
        };
        match self {
            Self::Fixed(_) | Self::Marker(_) | Self::Splice(_) => self.clone(),
            Self::Whole(found) => Self::Whole(change(found)),
            Self::Text(text) => Self::Text(segments(text)),
            Self::Map(entries) => Self::Map(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), value.at(part)))
                    .collect(),
            ),
            Self::List(items) => Self::List(items.iter().map(|item| item.at(part)).collect()),
            Self::Range(name, item) => Self::Range(name.clone(), item.clone()),
            Self::Lines(lines) => Self::Lines(lines.iter().map(segments).collect()),
        }
    }
}

fn refs_of(segments: &[Seg]) -> Vec<&Ref> {
    segments
        .iter()
        .filter_map(|segment| match segment {
            Seg::Ref(found) => Some(found),
            Seg::Literal(_) => None,
        })
        .collect()
}
