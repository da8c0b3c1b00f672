//! The parts of a site file that stand under `profiles`.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde_json::{Value, json};

use super::scalar::parse_key;
use super::section::Section;
use super::{Context, Decode, keyed};
use crate::config::fault::{Build, error};
use crate::config::node::{Kind, Node};
use crate::config::path::Path;
use crate::config::scalars::DnsLabel;
use crate::config::schema::Schemas;
use crate::diag::codes;

/// Named parts of an `S`, each checked as far as it goes; merging them is the business of [`crate::config::layers`].
#[derive(Clone, Debug, PartialEq)]
pub struct Overlays<S> {
    names: Vec<String>,
    part: PhantomData<fn() -> S>,
}

impl<S> Overlays<S> {
    /// None at all.
    pub fn none() -> Self {
        Self {
            names: Vec::new(),
            part: PhantomData,
        }
    }

    /// Their names in the order of the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

impl<S: Section> Decode for Overlays<S> {
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
        if cx.is_partial() {
            let key = path.last_key().unwrap_or_default();
            cx.report(
                error(
                    codes::UNKNOWN_KEY,
                    format!("`{key}` stands inside a part of a site file"),
                )
                .at(path.place().cloned())
                .on(path)
                .because(
                    "a profile that brings profiles of its own would be ignored without a word",
                )
                .help(format!(
                    "move it to the `{key}` at the top of the site file"
                )),
            );
            return None;
        }
        let mut names = Vec::new();
        for entry in entries {
            let path = path.entry(entry);
            if parse_key::<DnsLabel>(entry, &path, cx).is_some() {
                names.push(entry.key.clone());
            }
            if entry.value.is_null() {
                continue;
            }
            let mut part = Context::partial(true);
            let _ = S::decode(&entry.value, &path, &mut part);
            for problem in part.into_diagnostics() {
                // The chosen profile has been merged into the site, and so been reported under the path it has there.
                if !cx.has_reported(&problem) {
                    cx.report(problem);
                }
            }
        }
        Some(Self {
            names,
            part: PhantomData,
        })
    }

    fn wanted() -> Cow<'static, str> {
        "a map from profile names to parts of the site file".into()
    }

    fn example() -> String {
        "{dev: {}}".to_owned()
    }

    fn schema(schemas: &mut Schemas) -> Value {
        json!({
            "type": "object",
            "propertyNames": {"pattern": <DnsLabel as super::Scalar>::PATTERN},
            "additionalProperties": {"anyOf": [schemas.overlay::<S>(S::NAME), {"type": "null"}]},
        })
    }

    fn encode(&self) -> Value {
        Value::Object(
            self.names
                .iter()
                .map(|name| (name.clone(), json!({})))
                .collect(),
        )
    }
}
