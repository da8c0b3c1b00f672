//! Faults by theme: what it is, how to inject it, and how each violation it causes begins.

mod config;
mod network;
mod objects;
mod pods;

use super::site::Site;

pub type Fault = (&'static str, fn(&mut Site), &'static [&'static str]);

pub const WEB: &str = "Deployment/lab-web";
pub const DB: &str = "StatefulSet/lab-postgresql";
pub const POD: &str = "/spec/template/spec";
/// The containers of `lab-web`.
pub const NGINX: &str = "/spec/template/spec/containers/0";
pub const UWSGI: &str = "/spec/template/spec/containers/1";

pub fn tables() -> [&'static [Fault]; 4] {
    [
        objects::FAULTS,
        pods::FAULTS,
        network::FAULTS,
        config::FAULTS,
    ]
}
