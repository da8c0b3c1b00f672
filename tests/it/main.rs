//! All integration tests, in one program so that they link once.

mod edges;
mod integrity;
mod network_rules;
mod references;
mod support;
mod yaml_traps;
