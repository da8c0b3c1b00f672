//! invgen: from one typed site file to the Kubernetes objects of a research data repository.
//!
//! Data flows one way; `ARCHITECTURE.md` shows the rooms and who may import whom.

pub mod app;
pub mod backing;
pub mod beside;
pub mod chart;
pub mod check;
pub mod cli;
pub mod config;
pub mod diag;
pub mod emit;
pub mod facts;
pub mod k8s;
pub mod params;
pub mod plan;
pub mod render;
pub mod resolve;
pub mod secrets;
pub mod texts;
pub mod tree;
pub mod validate;
