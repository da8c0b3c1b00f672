//! Rendered output, put before the programs that will have to accept it.

mod nginx;
mod pod_security;
mod policy;
mod schema;
mod scripts;
mod servers;
mod texts;
mod uwsgi;

use crate::support::examples::{Rendered, documents, examples, profiles};
use invgen::config::{load, read};
use invgen::k8s::SUPPORTED;
use invgen::render;
use invgen::tree::yaml;
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
        charts: Vec::new(),
    }]
}

/// The connection test that a chart of each example would bring, in each profile.
fn connection_tests() -> Vec<Rendered> {
    let mut all = Vec::new();
    for example in examples() {
        for profile in profiles(&example) {
            let path = format!(
                "{}/examples/{example}/site.yaml",
                env!("CARGO_MANIFEST_DIR")
            );
            let parsed = load::parse(read::read(path.as_ref()).unwrap()).unwrap();
            let plan = render::plan(&parsed.load(Some(&profile), &[]).unwrap().site).unwrap();
            let files = invgen::k8s::connection_test(&plan)
                .into_iter()
                .map(|draft| draft.object().unwrap())
                .map(|object| (object.path, yaml::document(&object.value)));
            all.push(Rendered {
                example: example.clone(),
                profile,
                files: files.collect(),
                charts: Vec::new(),
            });
        }
    }
    all
}
