//! Profiles that differ in more than values.

use super::equal::yields_the_plain_manifests;
use super::made::{Made, at_length};

/// The example `lab` with more in its profiles.
fn lab(more: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lab/site.yaml");
    let text = std::fs::read_to_string(example).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.yaml");
    std::fs::write(&path, text + more).unwrap();
    (folder, path)
}

#[test]
fn parts_of_some_profiles_are_switched_by_values() {
    if !at_length() {
        return;
    }
    let (_folder, path) = lab("    api: {replicas: 3}
    workers: {bulk-jobs: {queues: [bulk], concurrency: 3}}
    network: {egress: [{name: doi-agency, cidr: 198.51.100.7/32, ports: [443, 8443]}]}
");
    let made = Made::of_file(&path, "lab", &[]);
    let values = &made.files["values.yaml"];
    assert!(values.contains("  bulk-jobs:\n"), "{values}");
    let worker = &made.files["templates/worker-bulk-jobs/deployment.yaml"];
    let first = worker.lines().next().unwrap();
    assert_eq!(
        first,
        "{{- if (index .Values.workers \"bulk-jobs\").enabled }}"
    );
    yields_the_plain_manifests(&made, "lab with parts");
}

#[test]
fn what_a_chart_fixes_is_named_where_profiles_differ_in_it() {
    let (folder, path) =
        lab("    invenio: {version: \"14\"}\n    services: {redis: {engine: valkey}}\n");
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_invgen"))
            .args(["render", "--format", "helm", "-f"])
            .arg(&path)
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let refused = run(&["-o", "chart"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    for part in [
        "`staging` and `prod`",
        "`invenio.version`",
        "`services.redis.engine`",
        "--alone",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!folder.path().join("chart").exists());
    let alone = run(&["-o", "chart", "--profile", "staging", "--alone"]);
    assert!(
        alone.status.success(),
        "{}",
        String::from_utf8_lossy(&alone.stderr)
    );
    assert!(folder.path().join("chart/values-staging.yaml").exists());
    assert!(!folder.path().join("chart/values-prod.yaml").exists());
}

#[test]
fn a_chart_needs_a_directory_and_manifests_are_of_one_profile() {
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_invgen"))
            .args([
                "render",
                "-f",
                concat!(env!("CARGO_MANIFEST_DIR"), "/examples/minimal/site.yaml"),
            ])
            .args(arguments)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (code, said) = run(&["--format", "helm"]);
    assert!(
        code == Some(2) && said.contains("name one with `-o DIR`"),
        "{said}"
    );
    let (code, said) = run(&["--alone"]);
    assert!(
        code == Some(2) && said.contains("--alone is for charts"),
        "{said}"
    );
}

#[test]
fn values_that_helm_cannot_compute_with_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_invgen"))
        .args(["render", "--format", "helm", "-o", "chart", "--alone", "-f"])
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/examples/minimal/site.yaml"
        ))
        .args([
            "--set",
            "invenio.uploads.recordQuota=1e10",
            "--set",
            "setup.wait=0s",
        ])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in [
        "profile `prod`",
        "`invenio.uploads.recordQuota`",
        "`setup.waitSeconds`",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!folder.path().join("chart").exists());
}
