//! Values that a chart parameter may stand for.

use std::fmt;

use serde::Serialize;

/// A value that is only ever placed: as a whole leaf of an object, or inside a text.
///
/// The Helm chart is derived by rendering with probe values in place of parameters and watching where they surface.
/// That is sound only while nothing behind `resolve` compares, computes with or cuts a parameter, so this type has
/// no `PartialEq`, no `Ord` and no `Deref`: such code does not compile. A value that needs computing is computed in
/// `resolve` and becomes a `Par` of its own.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Par<T>(T);

impl<T> Par<T> {
    /// Wraps a value that `resolve` has computed, or a literal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
}

impl<T: Clone> Par<T> {
    /// The value, to be put into an object's leaf as it is.
    pub fn leaf(&self) -> T {
        self.0.clone()
    }
}

impl<T: fmt::Display> fmt::Display for Par<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<&str> for Par<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<String> for Par<String> {
    fn from(value: String) -> Self {
        Self(value)
    }
}

/// A switch: the only parameter that rendering may branch on.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct Gate(bool);

impl Gate {
    /// A switch in the given position.
    pub const fn new(on: bool) -> Self {
        Self(on)
    }

    /// Whether it is on.
    pub const fn is_on(self) -> bool {
        self.0
    }

    /// The value when the switch is on.
    pub fn then<T>(self, value: impl FnOnce() -> T) -> Option<T> {
        self.0.then(value)
    }

    /// The switch in the other position.
    #[must_use]
    pub const fn not(self) -> Self {
        Self(!self.0)
    }

    /// The value when the switch is off.
    pub fn or_else<T>(self, value: impl FnOnce() -> T) -> Option<T> {
        (!self.0).then(value)
    }
}
