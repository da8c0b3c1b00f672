//! Lists, and maps whose keys the user chooses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::scalar::{Scalar, form, parse_key};
use super::{Context, Decode, keyed};
use crate::config::node::{Kind, Node};
use crate::config::path::Path;
use crate::config::schema::Schemas;

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self> {
        let Kind::List(items) = &node.value else {
            let help = if matches!(node.value, Kind::Map(_)) || node.is_null() {
                format!("write for instance `{}`", keyed(path, &Self::example()))
            } else {
                format!(
                    "put it in brackets: `{}`",
                    keyed(path, &format!("[{}]", node.raw))
                )
            };
            cx.wrong_type(node, path, &Self::wanted(), help);
            return None;
        };
        // Every item is read before the first failure ends it, so that each reports.
        let read: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| T::decode(item, &path.item(index), cx))
            .collect();
        read.into_iter().collect()
    }

    fn wanted() -> Cow<'static, str> {
        "a list".into()
    }

    fn example() -> String {
        format!("[{}]", T::example())
    }

    fn schema(schemas: &mut Schemas) -> Value {
        json!({"type": "array", "items": T::schema(schemas)})
    }

    fn encode(&self) -> Value {
        self.iter().map(T::encode).collect()
    }
}

impl<K: Scalar + Ord, V: Decode> Decode for BTreeMap<K, V> {
    fn decode(node: &Node, path: &Path, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.value else {
            cx.wrong_type(
                node,
                path,
                &Self::wanted(),
                format!("write for instance `{}`", keyed(path, &Self::example())),
            );
            return None;
        };
        let read: Vec<Option<(K, V)>> = entries
            .iter()
            .map(|entry| {
                let path = path.entry(entry);
                let key = parse_key(entry, &path, cx);
                let value = V::decode(&entry.value, &path, cx);
                key.zip(value)
            })
            .collect();
        read.into_iter().collect()
    }

    fn wanted() -> Cow<'static, str> {
        format!("a map whose keys are each {}", K::WHAT).into()
    }

    fn example() -> String {
        format!("{{{}: {}}}", K::EXAMPLE, V::example())
    }

    fn schema(schemas: &mut Schemas) -> Value {
        let mut schema = json!({"type": "object", "additionalProperties": V::schema(schemas)});
        let mut keys = json!({});
        form::<K>(&mut keys);
        schema["propertyNames"] = keys;
        schema
    }

    fn encode(&self) -> Value {
        Value::Object(
            self.iter()
                .map(|(key, value)| (key.to_string(), value.encode()))
                .collect(),
        )
    }
}
