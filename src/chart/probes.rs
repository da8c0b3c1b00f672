//! Strange values, put in place of parameters to see where they surface.

use serde_json::{Map, Value, json};

use crate::params::{Assignment, Kind, Name, Registry};

/// Which of the two sets of probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// The first.
    A,
    /// The second, of other lengths.
    B,
}

impl Set {
    const fn letters(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "bb",
        }
    }
}

/// A choice for every switch, map and list, in the order of [`Probes::dims`]: on or set, or off and empty.
pub type Context = Vec<bool>;

/// The names that are placed, and what stands for them.
#[derive(Clone, Debug)]
pub struct Probes<'r> {
    placed: Vec<&'r Name>,
    /// The names that rendering branches on.
    pub dims: Vec<&'r str>,
}

/// Where a probe was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref {
    /// The name that it stood for.
    pub name: String,
    /// Which part of it.
    pub part: Part,
}

/// What of a name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Whole,
    /// The first of two probed items.
    First,
    /// The second of two probed items.
    Second,
    /// The item that a loop is at.
    Each,
}

/// Begins numbers of the first set; each name has ten of them, and the second set follows.
const NUMBERS_A: i64 = 20_000;
/// Begins numbers of the second set: with fewer than a thousand names all have five digits.
const NUMBERS_B: i64 = 40_000;
/// Most names for which probes are told apart.
const MOST: usize = 1000;

impl<'r> Probes<'r> {
    /// The probes of a list of names; `None` if there are too many to tell their probes apart.
    pub fn of(registry: &'r Registry) -> Option<Self> {
        let placed: Vec<_> = registry
            .names()
            .iter()
            .filter(|name| name.is_placed())
            .collect();
        let dims = placed
            .iter()
            .filter(|name| is_choice(name.kind()))
            .map(|name| name.as_str())
            .collect();
        (placed.len() < MOST).then_some(Self { placed, dims })
    }

    /// Everything on and set.
    pub fn home(&self) -> Context {
        vec![true; self.dims.len()]
    }

    /// The values of a context.
    pub fn assignment(&self, context: &Context, set: Set) -> Assignment {
        let mut dims = context.iter();
        let mut assignment = Assignment::new();
        for (index, name) in self.placed.iter().enumerate() {
            let on = !is_choice(name.kind()) || dims.next().copied().unwrap_or_default();
            assignment.insert(name.as_str().to_owned(), probe(name, index, set, on));
        }
        assignment
    }

    /// Splits a text at the probes in it: names where they are, and what is literal between them.
    pub fn split(&self, text: &str, set: Set) -> Vec<Result<Ref, String>> {
        let mut parts = Vec::new();
        let bytes = text.as_bytes();
        let (mut at, mut literal) = (0, 0);
        while let Some(byte) = bytes.get(at) {
            if *byte != b'z' && !byte.is_ascii_digit() {
                at += 1;
                continue;
            }
            if let Some((found, length)) = self.at(&text[at..], set) {
                if literal < at {
                    parts.push(Err(text[literal..at].to_owned()));
                }
                parts.push(Ok(found));
                at += length;
                literal = at;
            } else if byte.is_ascii_digit() {
                // A number is taken whole, so that its end is not mistaken for a probe.
                while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                    at += 1;
                }
            } else {
                at += 1;
            }
        }
        if literal < text.len() {
            parts.push(Err(text[literal..].to_owned()));
        }
        parts
    }

    /// The name that a number stands for.
    pub fn number(&self, number: i64, set: Set) -> Option<Ref> {
        let start = match set {
            Set::A => NUMBERS_A,
            Set::B => NUMBERS_B,
        };
        let offset = usize::try_from(number.checked_sub(start)?).ok()?;
        let name = self.placed.get(offset / 10)?;
        let part = match (name.kind(), offset % 10) {
            (Kind::Whole, 3) => Part::Whole,
            (Kind::Wholes, 1) => Part::First,
            (Kind::Wholes, 2) => Part::Second,
            _ => return None,
        };
        Some(Ref {
            name: name.as_str().to_owned(),
            part,
        })
    }

    /// Whether a text may be, or begin with, a part of a map's or list's probe.
    pub fn is_spliced(text: &str) -> bool {
        text.starts_with("zk") || text.starts_with("zl")
    }

    /// The maps and lists that are set, with their probes.
    pub fn splices(&self, set: Set) -> impl Iterator<Item = (&'r str, Value)> + '_ {
        self.placed
            .iter()
            .enumerate()
            .filter(|(_, name)| matches!(name.kind(), Kind::Map | Kind::List))
            .map(move |(index, name)| (name.as_str(), probe(name, index, set, true)))
    }

    /// The probe that the text begins with, and its length.
    fn at(&self, text: &str, set: Set) -> Option<(Ref, usize)> {
        let bytes = text.as_bytes();
        let (index, part, length) = if text.starts_with('z') {
            let part = match bytes.get(1)? {
                b'q' => Part::Whole,
                b's' => Part::First,
                b't' => Part::Second,
                _ => return None,
            };
            let index: usize = text.get(2..5)?.parse().ok()?;
            let letters = set.letters();
            text.get(5..)?.strip_prefix(letters)?;
            (index, part, 5 + letters.len())
        } else {
            let digits = bytes
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let found = self.number(text.get(..digits)?.parse().ok()?, set)?;
            return Some((found, digits));
        };
        let name = self.placed.get(index)?;
        let found = Ref {
            name: name.as_str().to_owned(),
            part,
        };
        Some((found, length))
    }
}

/// Whether rendering may branch on values of this kind: switches, and what may be empty. Lists of numbers never are.
const fn is_choice(kind: Kind) -> bool {
    matches!(kind, Kind::Switch | Kind::Map | Kind::List | Kind::Words)
}

fn probe(name: &Name, index: usize, set: Set, on: bool) -> Value {
    let letters = set.letters();
    let text = |kind: char| format!("z{kind}{index:03}{letters}");
    let start = match set {
        Set::A => NUMBERS_A,
        Set::B => NUMBERS_B,
    };
    let number = start + i64::try_from(index).unwrap_or_default() * 10;
    match (name.kind(), on) {
        (Kind::Text, _) => text('q').into(),
        (Kind::Whole, _) => (number + 3).into(),
        (Kind::Switch, on) => on.into(),
        (Kind::Map, false) => json!({}),
        (Kind::Map, true) => json!({ text('k'): text('v') }),
        (Kind::List | Kind::Words | Kind::Wholes, false) => json!([]),
        (Kind::Words, true) => json!([text('s'), text('t')]),
        (Kind::Wholes, true) => json!([number + 1, number + 2]),
        (Kind::List, true) => {
            let item: Map<String, Value> = item_keys(name)
                .into_iter()
                .map(|key| {
                    let value = format!("{}{key}", text('l'));
                    (key, value.into())
                })
                .collect();
            json!([item])
        }
    }
}

/// Every key that an item of a list may have: all are probed, so that none is lost.
fn item_keys(name: &Name) -> Vec<String> {
    let Name::Param(param) = name else {
        return Vec::new();
    };
    let properties = param.shape.schema["items"]["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .map(|(key, _)| key.clone())
        .collect()
}
