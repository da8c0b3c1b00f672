//! Pod Security `restricted` holds for every pod, in the judgement of Kubernetes' own library.

use super::{connection_tests, kubernetes, planted, run};
use crate::support::{
    examples::{Rendered, rendered, write},
    tools::tool,
};
use serde_json::Value;
use std::process::Command;

#[test]
fn every_pod_of_the_examples_is_restricted() {
    let rendered = rendered();
    let Some((report, passed)) = check(&rendered) else {
        return;
    };
    let pods: usize = rendered
        .iter()
        .flat_map(Rendered::documents)
        .filter(|(_, object)| starts_pods(object))
        .count();
    assert!(pods > 0, "no example has a pod");
    assert!(
        passed && report == format!("{pods} pods examined, 0 violations\n"),
        "{pods} pods expected\n{report}"
    );
}

#[test]
fn the_pod_of_a_connection_test_is_restricted() {
    let rendered = connection_tests();
    let pods = rendered.len();
    let Some((report, passed)) = check(&rendered) else {
        return;
    };
    assert!(
        pods > 0 && passed && report == format!("{pods} pods examined, 0 violations\n"),
        "{pods} pods expected\n{report}"
    );
}

#[test]
fn a_bad_pod_is_reported_in_every_kind_of_workload() {
    let template = "{spec: {hostNetwork: true, containers: [{name: a, image: a}]}}";
    let documents = ["Deployment", "StatefulSet", "DaemonSet", "Job"].map(|kind| {
        let group = if kind == "Job" { "batch" } else { "apps" };
        format!("apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{template: {template}}}\n---\n")
    });
    let cron = format!(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: a}}\nspec: {{jobTemplate: {{spec: {{template: {template}}}}}}}\n"
    );
    let Some((report, passed)) = check(&planted(&(documents.concat() + &cron))) else {
        return;
    };
    assert!(!passed && report.contains("5 pods examined"), "{report}");
    for kind in ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"] {
        for complaint in [
            "host namespaces: hostNetwork=true",
            "seccompProfile: ",
            "unrestricted capabilities: ",
        ] {
            assert!(
                report.contains(&format!("{kind}/a: {complaint}")),
                "{kind}: {complaint} in\n{report}"
            );
        }
    }
}

#[test]
fn a_misspelt_field_is_not_taken_for_an_absent_one() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {securityContexts: {}, containers: []}\n";
    let Some((report, passed)) = check(&planted(text)) else {
        return;
    };
    assert!(!passed && report.contains("securityContexts"), "{report}");
}

/// Whether an object holds a pod's specification, by its shape and not by its kind: the checker goes by kind.
fn starts_pods(object: &Value) -> bool {
    [
        "/spec/containers",
        "/spec/template/spec/containers",
        "/spec/jobTemplate/spec/template/spec/containers",
    ]
    .iter()
    .any(|pointer| object.pointer(pointer).is_some())
}

fn check(trees: &[Rendered]) -> Option<(String, bool)> {
    let checker = tool("podsecurity")?;
    let folder = tempfile::tempdir().unwrap();
    write(trees, folder.path());
    let versions = format!("latest,{}", kubernetes().join(","));
    Some(run(Command::new(checker)
        .args(["-versions", &versions])
        .arg(folder.path())))
}
