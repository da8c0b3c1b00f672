//! What several tests share.
#![allow(dead_code)]

pub mod bitnami;
pub mod examples;
pub mod golden;
pub mod helm;
pub mod integrity;
pub mod kube;
pub mod netpol;
pub mod quantity;
pub mod tools;
