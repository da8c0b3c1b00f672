//! The ordered value tree between typed objects and files, and the YAML writer.
//!
//! Typed objects are serialised into a [`Value`], whose maps remember the order of their keys; [`order`] puts the keys of a
//! Kubernetes object where a reviewer looks for them; [`place`] sets single values; [`yaml`] writes the result so that every parser reads it back the same.
//! A leaf: this room imports no other.

pub mod order;
pub mod place;
mod scalar;
pub mod yaml;

/// The tree: JSON's value, whose maps keep the order in which keys were inserted.
pub use serde_json::Value;
