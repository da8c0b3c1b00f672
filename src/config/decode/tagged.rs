//! Maps in which one key says which other keys there are, as `tagged!` declares them.

use serde_json::{Map, Value, json};

use super::choice::unknown_word;
use super::section::{self, Field, Section, description, unknown_key};
use super::{Context, keyed, text};
use crate::config::node::{Entry, Kind, Node};
use crate::config::path::Path;
use crate::config::schema::{Object, Schemas};

/// One of the kinds of map that a tag chooses between.
#[derive(Debug)]
pub struct Variant<T: 'static> {
    /// The tag's value.
    pub word: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// The keys beside the tag.
    pub fields: fn() -> &'static [Field],
    /// Reads them.
    pub read: fn(&Node, &Path, &mut Context, &[&Entry]) -> Option<T>,
    /// Describes them.
    pub describe: fn(&mut Object, &mut Schemas),
}

/// Reads the tag and then the keys of the variant it names.
///
/// A key of another variant, from a layer below the one that wrote the tag, is dropped: whoever changes the provider in a
/// profile need not undo the settings of the old one.
pub fn decode<T>(
    tag: &str,
    variants: &[Variant<T>],
    node: &Node,
    path: &Path,
    cx: &mut Context,
) -> Option<T> {
    if !matches!(node.value, Kind::Map(_)) {
        let help = format!(
            "write for instance `{}`",
            keyed(path, &example(tag, variants))
        );
        cx.wrong_type(node, path, &wanted(tag), help);
        return None;
    }
    let words: Vec<&str> = variants.iter().map(|variant| variant.word).collect();
    let Some(entry) = node.get(tag) else {
        if cx.is_partial() {
            return any(tag, variants, node, path, cx);
        }
        let explained: Vec<String> = variants
            .iter()
            .map(|variant| format!("`{}`: {}", variant.word, description(variant.docs)))
            .collect();
        cx.missing(
            &path.absent(tag),
            &explained.join(" "),
            words.first().copied().unwrap_or_default(),
        );
        return None;
    };
    let tag_path = path.entry(entry);
    let word = text(
        &entry.value,
        &tag_path,
        cx,
        &wanted(tag),
        words.first().copied().unwrap_or_default(),
    )?;
    let Some(variant) = variants.iter().find(|variant| variant.word == word) else {
        unknown_word(&words, word, &entry.value, &tag_path, cx);
        return None;
    };
    let unknown = unknown_keys(tag, entry, variant, variants, node, path, cx);
    (variant.read)(node, path, cx, &unknown).filter(|_| unknown.is_empty())
}

/// Reports the keys that the chosen variant does not know, and returns them.
fn unknown_keys<'n, T>(
    tag: &str,
    tag_entry: &Entry,
    variant: &Variant<T>,
    variants: &[Variant<T>],
    node: &'n Node,
    path: &Path,
    cx: &mut Context,
) -> Vec<&'n Entry> {
    let known = known_keys(tag, variant);
    let mut unknown = Vec::new();
    for entry in node
        .entries()
        .iter()
        .filter(|entry| !known.contains(&entry.key.as_str()))
    {
        let owner = variants
            .iter()
            .find(|other| known_keys(tag, other).contains(&entry.key.as_str()));
        match owner {
            Some(_) if entry.value.layer < tag_entry.value.layer => continue,
            Some(owner) => {
                let mut problem = unknown_key(entry, path, &known);
                problem.message = format!(
                    "`{}` belongs to `{tag}: {}`, but `{path}` has `{tag}: {}`",
                    entry.key, owner.word, variant.word
                );
                problem
                    .related
                    .push((tag_entry.value.span.clone(), "chosen here".to_owned()));
                problem.help = Some(format!(
                    "remove `{}`; the keys here are: {}",
                    entry.key,
                    known.join(", ")
                ));
                cx.report(problem);
            }
            None => cx.report(unknown_key(entry, path, &known)),
        }
        unknown.push(entry);
    }
    unknown
}

/// A part without the tag: right if it is right for any variant; else the errors of the one it is most nearly right for.
fn any<T>(
    tag: &str,
    variants: &[Variant<T>],
    node: &Node,
    path: &Path,
    cx: &mut Context,
) -> Option<T> {
    let best = variants
        .iter()
        .map(|variant| {
            let mut tried = Context::partial(true);
            let known = known_keys(tag, variant);
            let entries = node.entries().iter();
            let unknown: Vec<&Entry> = entries
                .filter(|entry| !known.contains(&entry.key.as_str()))
                .collect();
            for entry in &unknown {
                tried.report(unknown_key(entry, path, &known));
            }
            let _ = (variant.read)(node, path, &mut tried, &unknown);
            tried.into_diagnostics()
        })
        .min_by_key(Vec::len);
    best.unwrap_or_default()
        .into_iter()
        .for_each(|problem| cx.report(problem));
    None
}

fn known_keys<'a, T>(tag: &'a str, variant: &Variant<T>) -> Vec<&'a str> {
    std::iter::once(tag)
        .chain((variant.fields)().iter().map(|field| field.key.as_str()))
        .collect()
}

/// Reads the keys beside the tag.
pub fn read<S: Section>(
    node: &Node,
    path: &Path,
    cx: &mut Context,
    reported: &[&Entry],
) -> Option<S> {
    section::read(node, path, cx, reported)
}

/// What is wanted.
pub fn wanted(tag: &str) -> String {
    format!("a map with the key `{tag}`")
}

/// The first variant on one line.
pub fn example<T>(tag: &str, variants: &[Variant<T>]) -> String {
    let Some(variant) = variants.first() else {
        return "{}".to_owned();
    };
    let fields = (variant.fields)().iter();
    let mut pairs = vec![format!("{tag}: {}", variant.word)];
    pairs.extend(
        fields
            .filter(|field| !field.optional)
            .map(|field| format!("{}: {}", field.key, field.example)),
    );
    format!("{{{}}}", pairs.join(", "))
}

/// The JSON Schema: one closed map for each variant.
pub fn schema<T>(
    schemas: &mut Schemas,
    name: &str,
    docs: &str,
    tag: &str,
    variants: &[Variant<T>],
) -> Value {
    schemas.define::<T>(name, |schemas| {
        let closed: Vec<Value> = variants
            .iter()
            .map(|variant| {
                let mut object = Object::new(&description(variant.docs));
                object.property(
                    tag,
                    json!({"description": description(variant.docs), "const": variant.word}),
                    true,
                );
                (variant.describe)(&mut object, schemas);
                object.finish()
            })
            .collect();
        json!({"description": description(docs), "type": "object", "anyOf": closed})
    })
}

/// A variant as the site file would hold it.
pub fn encode<S: Section>(tag: &str, word: &str, section: &S) -> Value {
    let mut map = Map::new();
    map.insert(tag.to_owned(), Value::from(word));
    section.write(&mut map);
    Value::Object(map)
}
