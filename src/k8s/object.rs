//! A rendered object and where it is filed.

use serde::Serialize;

use crate::tree::{self, Value};

/// One Kubernetes object as an ordered tree.
#[derive(Clone, Debug)]
pub struct Object {
    /// File below the output directory: `<component>/<kind>.yaml`, with a suffix where a component has several.
    pub path: String,
    /// The object.
    pub value: Value,
}

/// A fault of ours, never of the user's: a typed object that does not serialise, a text that is referred to but does not exist.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A typed object could not be turned into a tree.
    #[error("object {path} does not serialise: {source}")]
    Serialise {
        /// Its file.
        path: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A checksum names a text that no ConfigMap holds.
    #[error("object {path} refers to the text {text}, which does not exist")]
    UnknownText {
        /// Its file.
        path: String,
        /// The text, as `<config>/<file>`.
        text: String,
    },
}

impl Object {
    /// Files a typed object under a component; the keys are put in reading order.
    pub fn new(component: &str, file: &str, typed: &impl Serialize) -> Result<Self, Fault> {
        let path = format!("{component}/{file}.yaml");
        match serde_json::to_value(typed) {
            Ok(value) => Ok(Self {
                path,
                value: tree::order::canonical(value),
            }),
            Err(source) => Err(Fault::Serialise { path, source }),
        }
    }
}
