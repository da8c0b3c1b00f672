//! Every document is valid for every supported Kubernetes version, with unknown fields refused.

use super::{connection_tests, kubernetes, planted, run};
use crate::support::{
    examples::{Rendered, rendered, write},
    tools::python,
};
use std::process::Command;

#[test]
fn examples_and_connection_tests_are_strictly_valid_for_every_supported_version() {
    let mut rendered = rendered();
    rendered.extend(connection_tests());
    let Some((report, valid)) = validate(&rendered) else {
        return;
    };
    let documents: usize = rendered.iter().map(|tree| tree.documents().len()).sum();
    let checks = documents * kubernetes().len();
    assert!(
        valid
            && report.trim_end().ends_with(&format!(
                "{documents} documents, {checks} checks, 0 failures"
            )),
        "{report}"
    );
}

#[test]
fn a_bad_document_is_reported_for_every_version() {
    let cases = [
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {portz: []}\n",
            "portz",
        ),
        (
            "apiVersion: apps/v1\nkind: Servise\nmetadata: {name: a}\n",
            "no schema for Servise of apps/v1",
        ),
        // A custom group whose first label is also a group of Kubernetes.
        (
            "apiVersion: apps.example.org/v1\nkind: Deployment\nmetadata: {name: a}\n",
            "no schema for Deployment",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: 1}\n",
            "data.a: 1 is not of type",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n",
            "metadata.name is missing",
        ),
        ("just text\n", "not a mapping"),
    ];
    for (text, complaint) in cases {
        let Some((report, valid)) = validate(&planted(text)) else {
            return;
        };
        let times = report.matches(complaint).count();
        assert!(
            !valid && times == kubernetes().len(),
            "{times} times {complaint:?} in\n{report}"
        );
    }
}

#[test]
fn a_text_that_does_not_parse_is_reported() {
    for (text, complaint) in [
        ("a: [\n", "does not parse"),
        ("a: 1\na: 2\n", "key 'a' appears twice"),
    ] {
        let mut tree = planted("a: 1\n");
        text.clone_into(&mut tree[0].files[0].1);
        let Some((report, valid)) = validate(&tree) else {
            return;
        };
        assert!(!valid && report.contains(complaint), "{report}");
    }
}

fn validate(trees: &[Rendered]) -> Option<(String, bool)> {
    let python = python()?;
    let folder = tempfile::tempdir().unwrap();
    write(trees, folder.path());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/validate.py");
    let mut command = Command::new(python);
    command
        .args([script, "--versions", &kubernetes().join(",")])
        .arg(folder.path());
    Some(run(&mut command))
}
