//! The Helm chart of a site.

pub mod files;
