//! All integration tests, in one program so that they link once.

// Helpers of tests fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod architecture;
mod bad;
mod bitnami;
mod chart;
mod chart_files;
mod cli;
mod edges;
mod emit;
mod finish;
mod integrity;
mod invenio;
mod mutated;
mod network_rules;
mod other_sites;
mod placed;
mod readme;
mod references;
mod rules;
mod schema;
mod services;
mod snapshots;
mod support;
mod verify;
mod yaml_traps;
