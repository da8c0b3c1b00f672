//! Values that trip programs over, for every parameter those that its schema allows.

use invgen::params::{Assignment, Kind, Param};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::made::Made;

/// A source of arbitrary numbers (xorshift): a failure is the same on every machine.
pub struct Source(u64);

impl Source {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const RELEASES: [&str; 9] = [
    "lab",
    "a",
    "on",
    "null",
    "e3",
    "x-y-z",
    "infinity",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "no",
];
const NAMESPACES: [&str; 8] = [
    "rdm",
    "123",
    "1e3",
    "on",
    "null",
    "0x1f",
    "2020-01-01",
    "a-b",
];

/// Texts of every sort; each parameter takes those that are right for it.
const TEXTS: [&str; 63] = [
    "",
    "on",
    "On",
    "no",
    "y",
    "0123",
    "1e3",
    "1.5",
    "null",
    "~",
    "a\"b",
    "it's",
    "x\\y",
    "\\n",
    "{{ .Release.Name }}",
    "{{",
    "}}",
    "%d %s %",
    "`",
    " lead",
    "trail ",
    "a: b # c",
    "- x",
    "? y",
    "| z",
    "*a",
    "&b",
    "!t",
    "@q",
    "=",
    "12:30:45",
    "2020-01-01",
    "0x1f",
    "1_000",
    "é ☃ 𝄞",
    "<b>&amp;</b>",
    "$HOME",
    "#c",
    "a\u{a0}b",
    "\u{200d}",
    "a.example.org",
    "1.2.example.org",
    "500m",
    "0.5",
    "1.001",
    "1.5Gi",
    "3G",
    "0.001Ki",
    "1000000",
    "999Ti",
    "1.5Pi",
    "16Gi",
    "192.0.2.0/24",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "o+n=1@a.example.org",
    "registry.example.org:5000/a/b_c",
    "v1_x.-",
    "latest.1",
    "sha256:0000000000000000000000000000000000000000000000000000000000000000",
    "Europe/Zurich",
    "a/b",
];

const NUMBERS: [i64; 9] = [0, 1, 2, 3, 80, 25, 65_535, 1_000_000, 10_485_760];

/// What each parameter may be.
pub struct Pool<'m> {
    made: &'m Made,
    params: Vec<(&'m Param, Validator, Vec<Value>)>,
}

impl<'m> Pool<'m> {
    /// For a chart; its own schema says what is allowed.
    pub fn of(made: &'m Made) -> Self {
        let schema: Value = serde_json::from_str(&made.files["values.schema.json"]).unwrap();
        let params = made
            .listed()
            .into_iter()
            .map(|param| {
                let pointer = format!("/properties/{}", param.path.replace('.', "/properties/"));
                let own = schema.pointer(&pointer).unwrap();
                let words = match param.kind {
                    Kind::Text => texts(own),
                    Kind::Map => texts(&own["additionalProperties"]),
                    Kind::Words => texts(&own["items"]),
                    _ => Vec::new(),
                };
                (param, jsonschema::validator_for(own).unwrap(), words)
            })
            .collect();
        Self { made, params }
    }

    /// A joint assignment of all parameters.
    pub fn assignment(&self, source: &mut Source) -> Assignment {
        let mut assignment = Assignment::new();
        assignment.insert("Release.Name".into(), (*source.of(&RELEASES)).into());
        assignment.insert("Release.Namespace".into(), (*source.of(&NAMESPACES)).into());
        for (param, validator, words) in &self.params {
            // Some rules are about several items of a list; then another list is tried.
            let value = (0..50)
                .map(|_| self.value(param, words, source))
                .find(|value| validator.is_valid(value))
                .unwrap_or_else(|| panic!("no value for {}", param.path));
            assignment.insert(param.path.clone(), value);
        }
        self.fill_required(&mut assignment);
        assignment
    }

    /// Another value of a parameter than this one; none where it may have no other.
    pub fn another(&self, path: &str, than: &Value, source: &mut Source) -> Option<Value> {
        let (param, validator, words) = self
            .params
            .iter()
            .find(|(param, _, _)| param.path == path)?;
        if let Value::Bool(on) = than {
            return Some(json!(!on));
        }
        (0..50)
            .map(|_| self.value(param, words, source))
            .find(|value| value != than && validator.is_valid(value))
    }

    /// What a switch that is on needs is not empty.
    fn fill_required(&self, assignment: &mut Assignment) {
        for (param, _, words) in &self.params {
            let needed = param.shape.when.as_ref().is_some_and(|switch| {
                param.kind == Kind::Text
                    && !param.shape.optional
                    && assignment[switch] == json!(true)
            });
            if needed && assignment[&param.path] == json!("") {
                let text = words.iter().find(|text| **text != json!("")).unwrap();
                assignment.insert(param.path.clone(), text.clone());
            }
        }
    }

    fn value(&self, param: &Param, words: &[Value], source: &mut Source) -> Value {
        let schema = &param.shape.schema;
        match param.kind {
            Kind::Switch => json!(source.below(2) == 0),
            Kind::Whole => within(schema, *source.of(&NUMBERS)).into(),
            Kind::Text => source.of(words).clone(),
            Kind::Map => {
                let mut map = Map::new();
                // Keys of their own for each map, as the rules want it where two meet in one object.
                let own = param.path.len();
                for key in ["on", "1e3", "123", "x.example.org/true", "null"] {
                    if source.below(2) == 0 {
                        map.insert(format!("{key}{own}"), source.of(words).clone());
                    }
                }
                // Now and then a key that the chart has a value for already.
                let known = self.made.base()[&param.path].as_object();
                if let Some(known) = known.and_then(|map| map.keys().next())
                    && source.below(2) == 0
                {
                    map.insert(known.clone(), source.of(words).clone());
                }
                map.into()
            }
            Kind::Words => (0..source.below(4))
                .map(|_| source.of(words).clone())
                .collect(),
            Kind::Wholes => (0..=source.below(3))
                .map(|_| json!(within(&schema["items"], *source.of(&NUMBERS))))
                .collect(),
            Kind::List => (0..source.below(3))
                .map(|_| item(&schema["items"], source))
                .collect(),
        }
    }
}

fn item(schema: &Value, source: &mut Source) -> Value {
    let mut item = Map::new();
    for (key, schema) in schema["properties"].as_object().unwrap() {
        let options = schema["anyOf"].as_array();
        let inner = options.map_or(schema, |options| &options[0]);
        if options.is_none() || source.below(2) == 0 {
            item.insert(key.clone(), source.of(&texts(inner)).clone());
        }
    }
    item.into()
}

fn within(schema: &Value, number: i64) -> i64 {
    number
        .max(schema["minimum"].as_i64().unwrap())
        .min(schema["maximum"].as_i64().unwrap())
}

/// The texts that a schema allows.
fn texts(schema: &Value) -> Vec<Value> {
    if let Some(words) = schema["enum"].as_array() {
        return words.clone();
    }
    let validator = jsonschema::validator_for(schema).unwrap();
    let found: Vec<Value> = TEXTS
        .iter()
        .map(|text| json!(text))
        .filter(|text| validator.is_valid(text))
        .collect();
    assert!(!found.is_empty(), "no text for {schema}");
    found
}
