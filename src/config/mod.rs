//! From YAML text to typed sections, with every value's origin kept.
//!
//! `read` takes a file, `yaml` makes [`node::Node`]s of it, `layers` puts profiles, file and `--set` on top of each other,
//! `decode` makes types of the result and reports every error at once, `schema` tells editors the same rules.

#[macro_use]
mod macros;

pub mod decode;
pub mod fault;
pub mod layer;
pub mod layers;
pub mod load;
pub mod node;
pub mod path;
pub mod profiles;
pub mod read;
pub mod scalars;
pub mod schema;
pub mod set;
pub mod site;
pub mod site_schema;
pub mod yaml;
