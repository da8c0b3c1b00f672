//! Every example in every profile holds together, given what its cluster must already have.
//!
//! That is listed in `snapshots/<example>/<profile>.needs.txt`: storage classes, and Secrets with their keys. The list is
//! reviewed like the manifests; a Secret or key that appears in the output by mistake appears there too.

use crate::support::integrity::{self, Outside};
use crate::support::{examples, golden};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn no_example_has_a_dangling_reference() {
    let mut wrong = String::new();
    for tree in examples::rendered() {
        let objects: Vec<_> = tree
            .documents()
            .into_iter()
            .map(|(_, object)| object)
            .collect();
        let beside = tree.beside();
        let path = format!("snapshots/{}/{}.needs.txt", tree.example, tree.profile);
        let all: Vec<_> = objects.iter().chain(&beside).cloned().collect();
        if let Some(difference) = golden::difference(&path, &shown(&integrity::needs(&all))) {
            writeln!(wrong, "{difference}").unwrap();
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let listed = std::fs::read_to_string(root.join(&path)).unwrap_or_default();
        for violation in integrity::violations(
            &objects,
            &Outside {
                beside: beside.clone(),
                ..outside(&listed, &tree.profile)
            },
        ) {
            writeln!(wrong, "{}/{}: {violation}", tree.example, tree.profile).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn shown(needs: &Outside) -> String {
    let namespace = needs
        .namespace
        .iter()
        .map(|name| format!("namespace {name}\n"));
    let classes = needs
        .storage_classes
        .iter()
        .map(|class| format!("storage-class {class}\n"));
    let secrets = needs.secrets.iter().map(|(name, keys)| {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        format!("secret {name}: {}\n", keys.join(" "))
    });
    namespace.chain(classes).chain(secrets).collect()
}

/// What a list of needs says, with what only the development profile may do.
fn outside(listed: &str, profile: &str) -> Outside {
    let mut outside = Outside {
        foreign_pods: BTreeSet::from(["acme.cert-manager.io/http01-solver".to_owned()]),
        single_node: profile == "dev",
        plain_http: profile == "dev",
        // Commands of InvenioRDM that would read as hosts of a site called `rdm`.
        words: BTreeSet::from(["rdm-records".to_owned()]),
        ..Outside::default()
    };
    for line in listed.lines() {
        if let Some(name) = line.strip_prefix("namespace ") {
            outside.namespace = Some(name.to_owned());
        } else if let Some(class) = line.strip_prefix("storage-class ") {
            outside.storage_classes.insert(class.to_owned());
        } else if let Some((name, keys)) = line
            .strip_prefix("secret ")
            .and_then(|rest| rest.split_once(':'))
        {
            outside.secrets.insert(
                name.to_owned(),
                keys.split_whitespace().map(str::to_owned).collect(),
            );
        } else {
            panic!("a line of needs is no namespace, storage-class or secret: {line}");
        }
    }
    outside
}

#[test]
fn a_list_of_needs_is_read_as_it_is_written() {
    let text =
        "namespace data\nstorage-class rbd\nsecret lab-db: password username\nsecret lab-empty: \n";
    let read = outside(text, "prod");
    assert_eq!(shown(&read), text);
    assert!(!read.single_node && !read.plain_http && outside("", "dev").single_node);
}
