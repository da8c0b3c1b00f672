//! invgen: from one typed site file to the Kubernetes objects of a research data repository.
//!
//! Data flows one way, and every module may import only what stands to its right:
//! `cli` → `check`, `emit` → `k8s` → `app`, `backing` → `plan` → `resolve` → `validate`, `config` → `tree`, `diag`.

pub mod config;
pub mod diag;
pub mod tree;
