//! The policy scanner complains of nothing but what `tests/policy-allow.yaml` gives a reason for.

use super::planted;
use crate::support::{
    examples::{Rendered, rendered, write},
    tools::python,
};
use serde::Deserialize;
use std::{collections::BTreeSet, fs, process::Command};

/// A complaint that is known and left.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    check: String,
    resource: String,
    #[serde(default = "anything")]
    file: String,
    reason: String,
}

fn anything() -> String {
    "*".to_owned()
}

/// What the scanner found in one tree; see `tests/tools/policy.py`.
#[derive(Debug, Deserialize)]
struct Scan {
    tree: String,
    failed: Vec<Complaint>,
    seen: Vec<(String, String)>,
    unparsed: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Complaint {
    check: String,
    resource: String,
    file: String,
    asks: String,
}

#[test]
fn examples_follow_the_policies_or_a_reason_says_why_not() {
    let rendered = rendered();
    let allowed = allowed();
    let Some(scans) = scan(&rendered) else { return };
    let complaints = judge(&rendered, &scans, &allowed);
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_entry_of_the_allow_list_gives_a_reason() {
    for entry in allowed() {
        assert!(
            entry.reason.split_whitespace().count() >= 4,
            "no reason to speak of: {entry:?}"
        );
    }
}

#[test]
fn a_bad_workload_an_unused_entry_and_an_unseen_workload_are_reported() {
    let trees = planted(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: b}\nspec: {selector: {matchLabels: {c: d}}, \
         template: {metadata: {labels: {c: d}}, spec: {hostNetwork: true, containers: [{name: a, image: a}]}}}\n",
    );
    let Some(mut scans) = scan(&trees) else {
        return;
    };
    let entry = |check: &str, resource: &str| Allowed {
        check: check.to_owned(),
        resource: resource.to_owned(),
        file: "planted/*".to_owned(),
        reason: String::new(),
    };
    let host_network =
        |complaints: &[String]| complaints.iter().any(|text| text.contains("CKV_K8S_19"));
    assert!(host_network(&judge(&trees, &scans, &[])));

    let complaints = judge(
        &trees,
        &scans,
        &[
            entry("CKV_K8S_19", "Deployment.*.a"),
            entry("CKV_K8S_16", "*"),
        ],
    );
    assert!(!host_network(&complaints), "{complaints:?}");
    assert!(
        complaints
            .iter()
            .any(|text| text.contains("excuses nothing") && text.contains("CKV_K8S_16")),
        "{complaints:?}"
    );

    scans[0].seen.clear();
    let complaints = judge(&trees, &scans, &[]);
    assert!(complaints.contains(
        &"the scanner did not look at Deployment.b.a in planted/dev/web/planted.yaml".to_owned()
    ));
}

#[test]
fn a_star_stands_for_any_text() {
    for (pattern, text, matches) in [
        ("*", "", true),
        ("a", "a", true),
        ("a", "ab", false),
        ("a*", "ab", true),
        ("*b", "ab", true),
        ("*b", "ba", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("ab*ba", "aba", false),
    ] {
        assert_eq!(glob(pattern, text), matches, "{pattern} {text}");
    }
}

fn allowed() -> Vec<Allowed> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy-allow.yaml");
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn scan(trees: &[Rendered]) -> Option<Vec<Scan>> {
    let python = python()?;
    let folder = tempfile::tempdir().unwrap();
    write(trees, folder.path());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/policy.py");
    let roots = trees
        .iter()
        .map(|tree| format!("{}/{}", tree.example, tree.profile));
    let output = Command::new(python)
        .arg(script)
        .args(roots)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Everything that speaks against the trees, the scan or the allow-list.
fn judge(trees: &[Rendered], scans: &[Scan], allowed: &[Allowed]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut used = BTreeSet::new();
    for scan in scans {
        complaints.extend(
            scan.unparsed
                .iter()
                .map(|file| format!("the scanner cannot read {file}")),
        );
        for failed in &scan.failed {
            let file = failed.file.trim_start_matches('/');
            let excuses: Vec<_> = (0..allowed.len())
                .filter(|&index| {
                    let entry = &allowed[index];
                    entry.check == failed.check
                        && glob(&entry.resource, &failed.resource)
                        && glob(&entry.file, file)
                })
                .collect();
            if excuses.is_empty() {
                complaints.push(format!(
                    "{}: {}: {}: {}",
                    failed.check, failed.resource, file, failed.asks
                ));
            }
            used.extend(excuses);
        }
    }
    let unused = allowed
        .iter()
        .enumerate()
        .filter(|(index, _)| !used.contains(index));
    complaints.extend(
        unused.map(|(_, entry)| format!("an entry of the allow-list excuses nothing: {entry:?}")),
    );

    let seen: BTreeSet<_> = scans
        .iter()
        .flat_map(|scan| &scan.seen)
        .map(|(resource, file)| (resource.as_str(), file.trim_start_matches('/')))
        .collect();
    for tree in trees {
        assert!(
            scans
                .iter()
                .any(|scan| scan.tree == format!("{}/{}", tree.example, tree.profile))
        );
        for (path, object) in tree.documents() {
            let Some(
                kind @ ("Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Pod"),
            ) = object["kind"].as_str()
            else {
                continue;
            };
            let word = |key: &str| {
                object["metadata"][key]
                    .as_str()
                    .unwrap_or("default")
                    .to_owned()
            };
            let resource = format!("{kind}.{}.{}", word("namespace"), word("name"));
            let file = format!("{}/{}/{path}", tree.example, tree.profile);
            if !seen.contains(&(resource.as_str(), file.as_str())) {
                complaints.push(format!("the scanner did not look at {resource} in {file}"));
            }
        }
    }
    complaints
}

/// Whether a text matches a pattern in which `*` stands for any text.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.is_char_boundary(at) && glob(tail, &rest[at..]))
        }),
    }
}
