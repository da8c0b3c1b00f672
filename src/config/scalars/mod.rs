//! The words of the site file: each a type that holds only what is valid.

#[macro_use]
mod text;

mod dns;

pub use dns::{DnsLabel, Hostname, ObjectName, SecretName, StorageClassName};
