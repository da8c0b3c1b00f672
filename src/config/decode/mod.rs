//! From [`Node`]s to types. A decoder reports every error it finds and goes on; only the end asks whether there were any.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::fault::{Build, error};
use super::node::Node;
use super::path::Path;
use super::schema::Schemas;
use crate::diag::{Diagnostic, Span, codes};

pub mod choice;
mod collections;
mod int;
mod overlays;
mod primitives;
pub mod scalar;
pub mod section;
pub mod tagged;

pub use int::Int;
pub use overlays::Overlays;
pub use scalar::{Scalar, literal};
pub use section::{Field, Section};

/// A type that can be read from the site file and described to editors.
pub trait Decode: Sized {
    /// Reads the value at `path`. `None` only when at least one error has been reported to `cx`, or `cx` is partial.
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self>;

    /// What is wanted, with its article: `a whole number from 1 to 64`.
    fn wanted() -> Cow<'static, str>;

    /// A value as one would write it on one line: `10Gi`.
    fn example() -> String;

    /// The JSON Schema of the value.
    fn schema(schemas: &mut Schemas) -> Value;

    /// The value as the site file would hold it. Reading it back gives an equal value.
    fn encode(&self) -> Value;

    /// Whether the key may be left out though it has no default.
    fn optional() -> bool {
        false
    }

    /// The value of a key that is not written and has no default; reports that it is missing where it is needed.
    fn absent(path: &Path, description: &str, cx: &mut Context) -> Option<Self> {
        cx.missing(path, description, &Self::example());
        None
    }
}

/// What decoders share: the errors so far, and whether the tree is a whole site or only a part of one.
#[derive(Debug, Default)]
pub struct Context {
    diagnostics: Vec<Diagnostic>,
    partial: bool,
}

impl Context {
    /// For a whole site.
    pub fn new() -> Self {
        Self::default()
    }

    /// For an overlay such as `profiles.dev`, in which nothing can be missing. Decoding it may give `None` without an error.
    pub fn partial(partial: bool) -> Self {
        Self {
            diagnostics: Vec::new(),
            partial,
        }
    }

    /// Whether missing keys are no errors.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// Adds a problem.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether a problem with the same code and place has been reported.
    pub fn has_reported(&self, problem: &Diagnostic) -> bool {
        let Some(span) = &problem.span else {
            return false;
        };
        let same = |other: &Span| {
            Arc::ptr_eq(&span.source, &other.source)
                && (span.start, span.end) == (other.start, other.end)
        };
        self.diagnostics
            .iter()
            .any(|other| other.code == problem.code && other.span.as_ref().is_some_and(same))
    }

    /// All problems, in the order in which they were found.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// A value of another type than the key takes.
    pub fn wrong_type(&mut self, node: &Node, path: &Path, wanted: &str, help: impl Into<String>) {
        let found = node.describe();
        let message = if path.is_root() {
            format!("found {found}, but {wanted} is wanted")
        } else {
            format!("`{path}` is {found}, but {wanted} is wanted")
        };
        self.report(
            error(codes::WRONG_TYPE, message)
                .at(node.span.clone())
                .on(path)
                .help(help),
        );
    }

    /// A value of the right type that cannot be.
    pub fn invalid(
        &mut self,
        node: &Node,
        path: &Path,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report(
            error(codes::INVALID_VALUE, message)
                .at(node.span.clone())
                .on(path)
                .help(help),
        );
    }

    /// A key that somebody has to write; `description` says what it is.
    pub fn missing(&mut self, path: &Path, description: &str, example: &str) {
        if self.partial {
            return;
        }
        let key = path.last_key().unwrap_or_default();
        let mut problem = error(codes::MISSING_KEY, format!("`{path}` is missing"))
            .on(path)
            .at(path.place().cloned())
            .help(format!("write `{path}`, for instance `{key}: {example}`"));
        if !description.is_empty() {
            problem = problem.because(format!("it has no default: {description}"));
        }
        self.report(problem);
    }
}

/// Reads a whole site; all errors at once.
pub fn decode<T: Decode>(root: &Node) -> Result<T, Vec<Diagnostic>> {
    let mut cx = Context::new();
    let value = T::decode(root, &top(root), &mut cx);
    match value {
        Some(value) if cx.diagnostics.is_empty() => Ok(value),
        _ => Err(cx.diagnostics),
    }
}

/// Checks a part of a site, in which nothing can be missing.
pub fn check_overlay<T: Decode>(root: &Node) -> Vec<Diagnostic> {
    let mut cx = Context::partial(true);
    let _ = T::decode(root, &top(root), &mut cx);
    cx.into_diagnostics()
}

/// Something missing at the top is shown at the first key of the text that the root is written in.
fn top(root: &Node) -> Path<'_> {
    let keys = root.entries().iter().map(|entry| &entry.key_span);
    let first = keys
        .filter(|key| Arc::ptr_eq(&key.source, &root.span.source))
        .min_by_key(|key| key.start);
    Path::root(Some((first.unwrap_or(&root.span), root.layer)))
}

/// The text of a scalar for a type that wants text; a number, a boolean or null is told how to become text.
fn text<'n>(
    node: &'n Node,
    path: &Path,
    cx: &mut Context,
    wanted: &str,
    example: &str,
) -> Option<&'n str> {
    use super::node::Kind;
    let help = match &node.value {
        Kind::Text(text) => return Some(text),
        Kind::Null if node.raw.is_empty() => {
            format!("write a value, for instance `{example}`, or remove the key")
        }
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float => {
            format!("write \"{}\" in quotes to make it text", node.raw)
        }
        Kind::List(_) | Kind::Map(_) => format!("write for instance `{}`", keyed(path, example)),
    };
    cx.wrong_type(node, path, wanted, help);
    None
}

/// `key: example`, or the example alone where there is no key.
fn keyed(path: &Path, example: &str) -> String {
    path.last_key()
        .map_or_else(|| example.to_owned(), |key| format!("{key}: {example}"))
}

#[cfg(test)]
mod tests;
