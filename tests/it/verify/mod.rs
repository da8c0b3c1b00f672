//! Rendered output, put before the programs that will have to accept it.

mod nginx;
mod pod_security;
mod policy;
mod schema;
mod scripts;
mod servers;
mod texts;
mod uwsgi;

use crate::support::examples::{Rendered, documents};
use invgen::k8s::SUPPORTED;
use std::process::{Command, Output};

/// The Kubernetes versions that rendered output has to be valid for, oldest first.
fn kubernetes() -> Vec<String> {
    SUPPORTED.map(|minor| format!("1.{minor}")).collect()
}

/// Runs a command to its end; gives everything it printed and whether it succeeded.
fn run(command: &mut Command) -> (String, bool) {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    (text, status.success())
}

/// A small tree with one file, to see that a check notices what is planted in it.
fn planted(text: &str) -> Vec<Rendered> {
    documents(text).unwrap();
    vec![Rendered {
        example: "planted".to_owned(),
        profile: "dev".to_owned(),
        files: vec![("web/planted.yaml".to_owned(), text.to_owned())],
    }]
}
