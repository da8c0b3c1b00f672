//! Whole numbers with bounds.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Value, json};

use super::{Context, Decode, keyed};
use crate::config::node::{Kind, Node};
use crate::config::path::Path;
use crate::config::schema::Schemas;

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Int<MIN, MAX> {
    /// A number written in this program, such as a default. What a user writes goes through [`Int::new`].
    ///
    /// # Panics
    /// When the number is out of range, which is a mistake of ours: in a constant the compiler refuses it, and making the JSON
    /// Schema evaluates every default, so that a test finds it.
    pub const fn of(number: u32) -> Self {
        assert!(
            MIN <= number && number <= MAX,
            "a number in the program is out of its own range"
        );
        Self(number)
    }

    /// A number from outside; `None` when it is out of range.
    pub const fn new(number: u32) -> Option<Self> {
        if MIN <= number && number <= MAX {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> fmt::Display for Int<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: u32, const MAX: u32> Decode for Int<MIN, MAX> {
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self> {
        let Kind::Int(number) = node.value else {
            let plain = node.raw.replace(['_', ' '], "");
            let help = match plain.parse::<f64>() {
                Ok(number) if node.quoted && number.fract() == 0.0 => {
                    format!("write `{}` without quotes", keyed(path, &plain))
                }
                Ok(number) if number.fract() == 0.0 => {
                    format!("write `{}`", keyed(path, &number.to_string()))
                }
                _ => format!("write for instance `{}`", keyed(path, &Self::example())),
            };
            cx.wrong_type(node, path, &Self::wanted(), help);
            return None;
        };
        let digits = node.raw.trim_start_matches(['+', '-']);
        if digits.len() > 1 && digits.starts_with('0') {
            let message = format!("`{}` can be read as different numbers", node.raw);
            let meant = number.map_or_else(Self::example, |number| number.to_string());
            let help = format!(
                "YAML 1.1 reads a leading zero as octal, YAML 1.2 does not; write the number plainly: `{meant}`"
            );
            cx.invalid(node, path, message, help);
            return None;
        }
        let value = number
            .and_then(|number| u32::try_from(number).ok())
            .and_then(Self::new);
        if value.is_none() {
            let message = format!("`{path}` is {}, but {} is wanted", node.raw, Self::wanted());
            cx.invalid(
                node,
                path,
                message,
                format!("write for instance `{}`", keyed(path, &Self::example())),
            );
        }
        value
    }

    fn wanted() -> Cow<'static, str> {
        if MAX == u32::MAX {
            format!("a whole number from {MIN}")
        } else {
            format!("a whole number from {MIN} to {MAX}")
        }
        .into()
    }

    fn example() -> String {
        MIN.max(1).min(MAX).to_string()
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }

    fn encode(&self) -> Value {
        Value::from(self.0)
    }
}
