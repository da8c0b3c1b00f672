//! Newtypes over text: the type's own `FromStr` decides, the decoder adds the place.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Value, json};

use super::{Context, Decode, keyed, text};
use crate::config::fault::{Build, error};
use crate::config::node::{Entry, Kind, Node, quote};
use crate::config::path::Path;
use crate::config::schema::{Schemas, type_name};
use crate::diag::codes;

/// A value that is written as one word or line.
pub trait Scalar: Sized + FromStr<Err = String> + Display {
    /// With its article: `a DNS label`.
    const WHAT: &'static str;
    /// A value that parses.
    const EXAMPLE: &'static str;
    /// What every value matches, in the regular expressions of ECMA 262; the parser may be stricter.
    const PATTERN: Option<&'static str>;
    /// What no value matches, where the pattern alone would let it in.
    const EXCEPT: Option<&'static str> = None;
    /// Most characters, where the pattern does not bound them.
    const MOST: Option<usize> = None;
    /// An unquoted number is taken by its text, as in `kubernetesVersion: 1.33`.
    const NUMBERS: bool = false;
    /// One sentence for editors.
    const DESCRIPTION: &'static str;
}

/// A value written in this program, such as a default.
///
/// Text that does not parse is a mistake of ours and stops the program; making the JSON Schema evaluates every default, so
/// that a test finds it. What a user writes goes through `FromStr`.
pub fn literal<T: Scalar>(text: &'static str) -> T {
    text.parse()
        .unwrap_or_else(|fault| unreachable!("{text:?} in the program is not {}: {fault}", T::WHAT))
}

impl<T: Scalar> Decode for T {
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self> {
        let text = match node.value {
            // In quotes it would be text, and still no such value: that is said at once.
            Kind::Int(_) | Kind::Float if T::NUMBERS || node.raw.parse::<T>().is_err() => {
                node.raw.as_str()
            }
            _ => text(node, path, cx, T::WHAT, T::EXAMPLE)?,
        };
        match text.parse() {
            Ok(value) => Some(value),
            Err(fault) => {
                let (fault, help) = advice::<T>(&fault, path).unwrap_or_else(|| {
                    let help = format!("write for instance `{}`", keyed(path, T::EXAMPLE));
                    (fault.as_str(), help)
                });
                let message = format!("{} is not {}: {fault}", quote(text), T::WHAT);
                cx.invalid(node, path, message, help);
                None
            }
        }
    }

    fn wanted() -> Cow<'static, str> {
        T::WHAT.into()
    }

    fn example() -> String {
        T::EXAMPLE.to_owned()
    }

    fn schema(schemas: &mut Schemas) -> Value {
        schemas.define::<T>(type_name::<T>(), |_| {
            let types = if T::NUMBERS {
                json!(["string", "number"])
            } else {
                json!("string")
            };
            let mut schema = json!({"description": T::DESCRIPTION, "type": types});
            form::<T>(&mut schema);
            schema["examples"] = json!([T::EXAMPLE]);
            schema
        })
    }

    fn encode(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// Adds what a text must look like to a schema of texts.
pub(super) fn form<T: Scalar>(schema: &mut Value) {
    if let Some(pattern) = T::PATTERN {
        schema["pattern"] = pattern.into();
    }
    if let Some(except) = T::EXCEPT {
        schema["not"] = json!({ "pattern": except });
    }
    if let Some(most) = T::MOST {
        schema["maxLength"] = most.into();
    }
}

/// A fault that ends by saying what to write, `it is so; write `x``, as the fault alone and that advice with the key.
fn advice<'f, T: Scalar>(fault: &'f str, path: &Path) -> Option<(&'f str, String)> {
    let (fault, clause) = fault.rsplit_once("; ")?;
    let (words, value) = clause.strip_suffix('`')?.rsplit_once('`')?;
    let usable = words.contains("write ") && value.parse::<T>().is_ok();
    usable.then(|| (fault, format!("{words}`{}`", keyed(path, value))))
}

/// Reads a key that the user chose.
pub(super) fn parse_key<K: Scalar>(entry: &Entry, path: &Path, cx: &mut Context) -> Option<K> {
    match entry.key.parse() {
        Ok(key) => Some(key),
        Err(fault) => {
            let message = format!("the key {} is not {}: {fault}", quote(&entry.key), K::WHAT);
            let help = format!("write for instance `{}:`", K::EXAMPLE);
            cx.report(
                error(codes::INVALID_VALUE, message)
                    .at(entry.key_span.clone())
                    .on(path)
                    .help(help),
            );
            None
        }
    }
}
