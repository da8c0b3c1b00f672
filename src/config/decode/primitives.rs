//! Booleans, free text and "may be left out".

use std::borrow::Cow;

use serde_json::{Value, json};

use super::{Context, Decode, keyed, text};
use crate::config::node::{Kind, Node};
use crate::config::path::Path;
use crate::config::schema::{Schemas, nullable};

impl Decode for bool {
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self> {
        if let Kind::Bool(value) = node.value {
            return Some(value);
        }
        let help = match node.raw.to_ascii_lowercase().as_str() {
            "yes" | "y" | "on" | "true" => format!(
                "write `{}` without quotes: YAML 1.2 knows no other word",
                keyed(path, "true")
            ),
            "no" | "n" | "off" | "false" => format!(
                "write `{}` without quotes: YAML 1.2 knows no other word",
                keyed(path, "false")
            ),
            _ => format!("write `{}` or `false`", keyed(path, "true")),
        };
        cx.wrong_type(node, path, &Self::wanted(), help);
        None
    }

    fn wanted() -> Cow<'static, str> {
        "a boolean".into()
    }

    fn example() -> String {
        "true".to_owned()
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({"type": "boolean"})
    }

    fn encode(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Decode for String {
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self> {
        text(node, path, cx, &Self::wanted(), &Self::example()).map(str::to_owned)
    }

    fn wanted() -> Cow<'static, str> {
        "text".into()
    }

    fn example() -> String {
        "text".to_owned()
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({"type": "string"})
    }

    fn encode(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl<T: Decode> Decode for Option<T> {
    /// Null is `None`, and so is a key that is not written.
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self> {
        if node.is_null() {
            Some(None)
        } else {
            T::decode(node, path, cx).map(Some)
        }
    }

    fn wanted() -> Cow<'static, str> {
        T::wanted()
    }

    fn example() -> String {
        T::example()
    }

    fn schema(schemas: &mut Schemas) -> Value {
        nullable(T::schema(schemas))
    }

    fn encode(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::encode)
    }

    fn optional() -> bool {
        true
    }

    fn absent(_: &Path, _: &str, _: &mut Context) -> Option<Self> {
        Some(None)
    }
}
