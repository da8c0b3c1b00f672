//! invgen: from one typed site file to the Kubernetes objects of a research data repository.

pub mod app;
pub mod backing;
pub mod check;
pub mod config;
pub mod diag;
pub mod emit;
pub mod k8s;
pub mod plan;
pub mod resolve;
pub mod texts;
pub mod tree;
