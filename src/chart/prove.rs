//! The proof that a derived tree says what rendering does: both are asked the same and must answer the same.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::Fault;
use super::derive::Derived;
use super::evaluate::evaluate;
use super::probes::{Context, Probes, Set};
use super::world::{Thing, ThingName, World};
use crate::params::{Assignment, Kind, Name, Registry};
use crate::texts::literal::python_string;

/// Contexts that are tried beyond those that were looked at.
const TRIES: usize = 150;

/// A deterministic source of arbitrary numbers (xorshift), so that the same site gives the same chart or the same error.
pub struct Arbitrary(u64);

impl Arbitrary {
    /// A source; equal seeds give equal numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below a bound, which is at least one.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }
}

/// A context in which tree and rendering differ, with as many choices on as possible; `None` if none was found.
pub fn counterexample(
    world: &World,
    probes: &Probes,
    derived: &Derived,
    seed: u64,
) -> Result<Option<Context>, Fault> {
    let mut arbitrary = Arbitrary::new(seed);
    let contexts: Vec<Context> = (0..TRIES)
        .map(|_| {
            probes
                .dims
                .iter()
                .map(|_| arbitrary.below(2) == 0)
                .collect()
        })
        .collect();
    let differs = |context: &Context| -> Result<bool, Fault> {
        Ok(difference(world, derived, &probes.assignment(context, Set::A))?.is_some())
    };
    let wrong: Result<Vec<bool>, Fault> = contexts.par_iter().map(differs).collect();
    let Some(index) = wrong?.into_iter().position(|wrong| wrong) else {
        return Ok(None);
    };
    let mut context = contexts[index].clone();
    for dim in 0..context.len() {
        if !context[dim] {
            context[dim] = true;
            if !differs(&context)? {
                context[dim] = false;
            }
        }
    }
    Ok(Some(context))
}

/// The first place where the tree and rendering differ under an assignment of all placed names.
pub fn difference(
    world: &World,
    derived: &Derived,
    assignment: &Assignment,
) -> Result<Option<String>, Fault> {
    let rendered: BTreeMap<ThingName, Thing> =
        world.things(assignment, |_| true)?.into_iter().collect();
    let evaluated = evaluate(&derived.forest, assignment);
    for name in rendered.keys().chain(evaluated.keys()) {
        let (want, got) = (rendered.get(name), evaluated.get(name));
        if want != got {
            return Ok(Some(match (want, got) {
                (Some(Thing::Object(want)), Some(Thing::Object(got))) => {
                    match place(want, got, String::new()) {
                        // Only the order of keys, which means nothing.
                        None => continue,
                        Some(place) => format!("{name}{place}"),
                    }
                }
                _ => name.to_string(),
            }));
        }
    }
    Ok(None)
}

fn place(want: &Value, got: &Value, at: String) -> Option<String> {
    match (want, got) {
        (Value::Object(one), Value::Object(other)) => {
            one.keys()
                .chain(other.keys())
                .find_map(|key| match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => place(one, other, format!("{at}/{key}")),
                    _ => Some(format!("{at}/{key}")),
                })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .enumerate()
            .find_map(|(index, (one, other))| place(one, other, format!("{at}/{index}"))),
        _ => (want != got).then_some(at),
    }
}

/// Words of letters, digits and a few signs that trip programs over.
const WORDS: [&str; 9] = [
    "on",
    "0123",
    "1e3",
    "null",
    "y",
    "0x1f",
    "12:30:45",
    "2020-01-01",
    "a.b/c:d@e,f+g=h",
];
/// Texts that do, for what people may write freely.
const AWKWARD: [&str; 16] = [
    "",
    "on",
    "0123",
    "1e3",
    "null",
    "~",
    "a\"b",
    "it's",
    "x\\y",
    "{{ .Values }}",
    "}}",
    "%d %s",
    " lead",
    "trail ",
    "a: b # c",
    "é ☃ <&>",
];
const NUMBERS: [i64; 7] = [0, 1, 2, 80, 1_000_000, 10_485_760, 65_535];

/// An assignment of awkward values to everything that is placed.
pub fn awkward(registry: &Registry, arbitrary: &mut Arbitrary) -> Assignment {
    let mut assignment = Assignment::new();
    let placed = registry.names().iter().filter(|name| name.is_placed());
    for (index, name) in placed.enumerate() {
        let (on, number) = (arbitrary.below(2) == 0, arbitrary.below(1000));
        let mut word = || AWKWARD[arbitrary.below(AWKWARD.len())];
        let value: Value = match name.kind() {
            // What goes into texts arrives as a literal of the text's own language.
            Kind::Text if registry.is_free(name.as_str()) => python_string(word()).into(),
            Kind::Text => WORDS[number % WORDS.len()].into(),
            Kind::Whole => within(name, NUMBERS[number % NUMBERS.len()]).into(),
            Kind::Switch => on.into(),
            Kind::Map => {
                // No two maps of one object have a key in common: the rules and the schema see to that.
                serde_json::json!({format!("example.org/a{index}"): word(), format!("b{index}"): word()})
            }
            Kind::Words => serde_json::json!([word(), word(), word()]),
            Kind::Wholes => serde_json::json!([443]),
            Kind::List => items(name, &mut word),
        };
        assignment.insert(name.as_str().to_owned(), value);
    }
    assignment
}

/// Two items of a list: one with all of its keys, one with those that it must have.
fn items(name: &Name, word: &mut impl FnMut() -> &'static str) -> Value {
    let Name::Param(param) = name else {
        return Value::Null;
    };
    let schema = &param.shape.schema["items"];
    let all = schema["properties"].as_object();
    let full: Map<String, Value> = all
        .into_iter()
        .flatten()
        .map(|(key, _)| (key.clone(), word().into()))
        .collect();
    let is_needed = |schema: &Value| {
        let options = schema["anyOf"].as_array();
        !options.is_some_and(|options| options.iter().any(|option| option["type"] == "null"))
    };
    let least: Map<String, Value> = all
        .into_iter()
        .flatten()
        .filter(|(_, schema)| is_needed(schema))
        .map(|(key, _)| (key.clone(), word().into()))
        .collect();
    Value::Array(vec![full.into(), least.into()])
}

/// The number, or the nearest that the parameter may have.
fn within(name: &Name, number: i64) -> i64 {
    let Name::Param(param) = name else {
        return number;
    };
    let bound = |key: &str| param.shape.schema[key].as_i64();
    number
        .max(bound("minimum").unwrap_or(number))
        .min(bound("maximum").unwrap_or(number))
}
