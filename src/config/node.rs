//! A YAML value that knows where it is written.

use super::layer::Layer;
use crate::diag::Span;

/// A value with its place and the layer it came from.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Kind,
    /// A scalar as it is written, without its quotes (`0x10`, `~`, `1.10`); empty for lists and maps.
    pub raw: String,
    /// Written in quotes or as a block scalar, so never read as a number, a boolean or null.
    pub quoted: bool,
    /// Where the value is written; of an alias, where the alias is.
    pub span: Span,
    /// The layer that wrote it; [`Layer::Default`] until the layers are merged.
    pub layer: Layer,
}

/// A value as the core schema of YAML 1.2 reads it.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; `None` when it does not fit. The text is in [`Node::raw`].
    Int(Option<i64>),
    /// Any other number; its text is in [`Node::raw`].
    Float,
    /// Text, whether quoted or not.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the source, no key twice.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// A map with no entries, said to be written at `span`.
    pub fn empty_map(span: Span) -> Self {
        Self {
            value: Kind::Map(Vec::new()),
            raw: String::new(),
            quoted: false,
            span,
            layer: Layer::Default,
        }
    }

    /// The entries of a map; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        if let Kind::Map(entries) = &self.value {
            entries
        } else {
            &[]
        }
    }

    /// The entry of a map with this key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Kind::Null)
    }

    /// What it is, for messages: `the text "abc"`, `a list`, `the number 1.5`.
    pub fn describe(&self) -> String {
        match &self.value {
            Kind::Null if self.raw.is_empty() => "nothing (null)".to_owned(),
            Kind::Null => format!("`{}` (nothing)", self.raw),
            Kind::Bool(_) => format!("the boolean `{}`", self.raw),
            Kind::Int(_) | Kind::Float => format!("the number `{}`", self.raw),
            Kind::Text(text) => format!("the text {}", quote(text)),
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(_) => "a map".to_owned(),
        }
    }

    /// The same value as JSON; a number that JSON cannot hold becomes its text.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.value {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Int(Some(number)) => Value::from(*number),
            Kind::Int(None) | Kind::Float => self
                .raw
                .parse::<f64>()
                .ok()
                .and_then(serde_json::Number::from_f64)
                .map_or_else(|| Value::from(self.raw.as_str()), Value::Number),
            Kind::Text(text) => Value::from(text.as_str()),
            Kind::List(items) => items.iter().map(Self::to_json).collect(),
            Kind::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.to_json()))
                    .collect(),
            ),
        }
    }
}

/// The text in double quotes, with escapes, cut when it is long.
pub fn quote(text: &str) -> String {
    const SHOWN: usize = 80;
    if text.chars().count() > SHOWN {
        let start: String = text.chars().take(SHOWN).collect();
        return format!("{start:?}…");
    }
    format!("{text:?}")
}
