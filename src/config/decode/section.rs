//! Maps with known keys, as `section!` declares them.

use serde_json::{Map, Value};

use super::{Context, Decode, keyed};
use crate::config::fault::{Build, error};
use crate::config::node::{Entry, Kind, Node};
use crate::config::path::Path;
use crate::config::schema::{Object, Schemas};
use crate::diag::{Diagnostic, Source, Span, codes, nearest};

/// A known key.
#[derive(Clone, Debug)]
pub struct Field {
    /// As it is written.
    pub key: String,
    /// One sentence.
    pub description: String,
    /// Whether it may be left out.
    pub optional: bool,
    /// A value on one line.
    pub example: String,
}

impl Field {
    /// A field of type `T`. Without an explicit key, the name in camel case is the key.
    pub fn new<T: Decode>(name: &str, key: Option<&str>, docs: &str, default: bool) -> Self {
        Self {
            key: key.map_or_else(|| camel_case(name), str::to_owned),
            description: description(docs),
            optional: default || T::optional(),
            example: T::example(),
        }
    }
}

/// A map with known keys.
pub trait Section: Decode {
    /// The type's name, which is also its name in the JSON Schema.
    const NAME: &'static str;

    /// One sentence.
    fn description() -> String;

    /// The known keys in the order of declaration.
    fn fields() -> &'static [Field];

    /// Reads every field; `None` when one of them could not be read.
    fn read(reader: &mut Reader) -> Option<Self>;

    /// Adds every field to the JSON Schema of the map.
    fn describe(object: &mut Object, schemas: &mut Schemas);

    /// Writes every field.
    fn write(&self, map: &mut Map<String, Value>);
}

/// The fields of one map while they are read.
#[derive(Debug)]
pub struct Reader<'a> {
    /// Keys that misspelt ones most likely meant; these are not missing as well.
    meant: Vec<&'static str>,
    fields: std::slice::Iter<'static, Field>,
    node: &'a Node,
    path: &'a Path<'a>,
    cx: &'a mut Context,
}

impl Reader<'_> {
    /// Reads the next field in the order of declaration.
    pub fn field<T: Decode>(&mut self, default: Option<fn() -> T>) -> Option<T> {
        let field = self.fields.next()?;
        if let Some(entry) = self.node.get(&field.key) {
            return T::decode(&entry.value, &self.path.entry(entry), self.cx);
        }
        match default {
            Some(default) => Some(default()),
            None if self.cx.is_partial() && !T::optional() => None,
            None if self.meant.contains(&field.key.as_str()) => None,
            None => T::absent(&self.path.absent(&field.key), &field.description, self.cx),
        }
    }
}

/// Reads a section: its fields, and no other keys.
pub fn decode<S: Section>(node: &Node, path: &Path, cx: &mut Context) -> Option<S> {
    if !matches!(node.value, Kind::Map(_)) {
        let help = format!("write for instance `{}`", keyed(path, &example::<S>()));
        cx.wrong_type(node, path, &wanted::<S>(), help);
        return None;
    }
    let known: Vec<&str> = S::fields().iter().map(|field| field.key.as_str()).collect();
    let unknown: Vec<&Entry> = node
        .entries()
        .iter()
        .filter(|entry| !known.contains(&entry.key.as_str()))
        .collect();
    for entry in &unknown {
        cx.report(unknown_key(entry, path, &known));
    }
    read(node, path, cx, &unknown).filter(|_| unknown.is_empty())
}

/// Reads the fields of a section from a map that may hold other keys; `reported` are those of them that the caller has reported.
pub(super) fn read<S: Section>(
    node: &Node,
    path: &Path,
    cx: &mut Context,
    reported: &[&Entry],
) -> Option<S> {
    let known = || S::fields().iter().map(|field| field.key.as_str());
    let meant = reported
        .iter()
        .filter_map(|entry| nearest(&entry.key, known()))
        .collect();
    S::read(&mut Reader {
        meant,
        fields: S::fields().iter(),
        node,
        path,
        cx,
    })
}

/// A section that is not written: each of its required keys is missing.
pub fn absent<S: Section>(path: &Path, cx: &mut Context) -> Option<S> {
    let span = path.place().cloned().unwrap_or_else(|| Span {
        source: Source {
            name: String::new(),
            text: String::new(),
        }
        .into(),
        start: 0,
        end: 0,
    });
    decode(&Node::empty_map(span), path, cx)
}

/// Whether nothing in it is required.
pub fn optional<S: Section>() -> bool {
    S::fields().iter().all(|field| field.optional)
}

/// A key that means nothing in this map.
pub(super) fn unknown_key(entry: &Entry, parent: &Path, known: &[&str]) -> Diagnostic {
    const SHORT: usize = 12;
    let message = if parent.is_root() {
        format!("`{}` is not a key of a site file", entry.key)
    } else {
        format!("`{}` is not a key of `{parent}`", entry.key)
    };
    let help = match nearest(&entry.key, known.iter().copied()) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None if known.len() <= SHORT => Some(format!("known keys here: {}", known.join(", "))),
        None => None,
    };
    let problem = error(codes::UNKNOWN_KEY, message)
        .at(entry.key_span.clone())
        .on(parent.entry(entry))
        .because("a key that means nothing would be ignored without a word");
    match help {
        Some(help) => problem.help(help),
        None => problem.help("remove it, or look the key up in the schema: `invgen schema`"),
    }
}

/// What a section is called in messages.
pub fn wanted<S: Section>() -> String {
    match S::fields() {
        [] => "a map".to_owned(),
        fields => {
            let keys: Vec<&str> = fields
                .iter()
                .map(|field| field.key.as_str())
                .take(4)
                .collect();
            let more = if fields.len() > keys.len() {
                ", …"
            } else {
                ""
            };
            format!("a map ({}{more})", keys.join(", "))
        }
    }
}

/// A section on one line: its required keys, the nested ones only if there are no others, or else its first.
pub fn example<S: Section>() -> String {
    let fields = S::fields();
    let required: Vec<&Field> = fields.iter().filter(|field| !field.optional).collect();
    // What is nested makes a line that nobody reads, unless there is nothing else.
    let plain: Vec<&Field> = required
        .iter()
        .copied()
        .filter(|field| !field.example.starts_with('{'))
        .collect();
    let shown = match (required.is_empty(), plain.is_empty()) {
        (true, _) => fields.iter().take(1).collect(),
        (false, true) => required,
        (false, false) => plain,
    };
    let pairs: Vec<String> = shown
        .into_iter()
        .map(|field| format!("{}: {}", field.key, field.example))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

/// The JSON Schema of a section.
pub fn schema<S: Section>(schemas: &mut Schemas) -> Value {
    schemas.define::<S>(S::NAME, |schemas| {
        let mut object = Object::new(&S::description());
        S::describe(&mut object, schemas);
        object.finish()
    })
}

/// A section as the site file would hold it.
pub fn encode<S: Section>(section: &S) -> Value {
    let mut map = Map::new();
    section.write(&mut map);
    Value::Object(map)
}

/// The lines of a doc comment as one text.
pub fn description(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn camel_case(name: &str) -> String {
    let mut words = name.trim_start_matches("r#").split('_');
    let mut key = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        key.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        key.push_str(letters.as_str());
    }
    key
}
