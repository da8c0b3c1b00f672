//! One of a few words, as `choice!` declares them.

use serde_json::{Value, json};

use super::section::description;
use super::{Context, keyed, text};
use crate::config::node::{Node, quote};
use crate::config::path::Path;
use crate::config::schema::Schemas;
use crate::diag::nearest;

/// A word, what it means, and the value it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Word<T: 'static> {
    /// As it is written.
    pub word: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// The value.
    pub value: T,
}

/// Reads one of the words.
pub fn decode<T: Copy>(words: &[Word<T>], node: &Node, path: &Path, cx: &mut Context) -> Option<T> {
    let text = text(node, path, cx, &wanted(words), words.first()?.word)?;
    let found = words
        .iter()
        .find(|word| word.word == text)
        .map(|word| word.value);
    if found.is_none() {
        let names: Vec<&str> = words.iter().map(|word| word.word).collect();
        unknown_word(&names, text, node, path, cx);
    }
    found
}

/// The first word, in quotes where it would be read as a number.
pub fn example<T>(words: &[Word<T>]) -> String {
    words
        .first()
        .map_or_else(String::new, |word| written(word.word))
}

fn written(word: &str) -> String {
    if word.parse::<f64>().is_ok() {
        format!("\"{word}\"")
    } else {
        word.to_owned()
    }
}

/// Reports a text that is none of the words.
pub(super) fn unknown_word(words: &[&str], text: &str, node: &Node, path: &Path, cx: &mut Context) {
    let list = one_of(words);
    let (message, help) = match nearest(text, words.iter().copied()) {
        Some(meant) => (
            format!("{} is not {list}", quote(text)),
            format!("did you mean `{}`?", keyed(path, &written(meant))),
        ),
        None => (
            format!("{} is not {list}", quote(text)),
            format!(
                "write for instance `{}`",
                keyed(path, &written(words.first().copied().unwrap_or_default()))
            ),
        ),
    };
    cx.invalid(node, path, message, help);
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        [first, last] => format!("{first} or {last}"),
        all => format!("one of {}", all.join(", ")),
    }
}

/// What is wanted.
pub fn wanted<T>(words: &[Word<T>]) -> String {
    one_of(&words.iter().map(|word| word.word).collect::<Vec<_>>())
}

/// The JSON Schema of the words.
pub fn schema<T>(schemas: &mut Schemas, name: &str, docs: &str, words: &[Word<T>]) -> Value {
    schemas.define::<T>(name, |_| {
        json!({
            "description": description(docs),
            "type": "string",
            "enum": words.iter().map(|word| word.word).collect::<Vec<_>>(),
            "enumDescriptions": words.iter().map(|word| description(word.docs)).collect::<Vec<_>>(),
        })
    })
}
