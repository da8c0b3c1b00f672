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

/// An object that will be built when it is wanted, and where it is filed.
pub struct Draft<'p> {
    /// As of [`Object`].
    pub path: String,
    build: Box<dyn FnOnce() -> serde_json::Result<Value> + 'p>,
}

impl<'p> Draft<'p> {
    /// Files a typed object under a component.
    pub fn new<T: Serialize>(component: &str, file: &str, typed: impl FnOnce() -> T + 'p) -> Self {
        Self {
            path: format!("{component}/{file}.yaml"),
            build: Box::new(move || serde_json::to_value(typed())),
        }
    }

    /// The object's tree, its keys in reading order.
    pub fn object(self) -> Result<Object, Fault> {
        match (self.build)() {
            Ok(value) => Ok(Object {
                path: self.path,
                value: tree::order::canonical(value),
            }),
            Err(source) => Err(Fault::Serialise {
                path: self.path,
                source,
            }),
        }
    }
}
