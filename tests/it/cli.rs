//! The command line as people and pipelines use it: what is written, what is refused, and with which exit code.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::support::golden;

/// A folder with a small site in it.
fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/minimal/site.yaml");
    fs::copy(example, folder.path().join("site.yaml")).unwrap();
    folder
}

fn invgen(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_invgen"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_help_of_every_verb_is_the_reviewed_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for verb in ["", "render", "validate", "schema", "init", "secrets"] {
        let arguments: Vec<&str> = [verb, "--help"]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        let output = invgen(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{verb}");
        if !verb.is_empty() {
            assert!(out(&output).contains("Examples:"), "{verb} has no examples");
        }
        writeln!(all, "$ invgen {}\n{}", arguments.join(" "), out(&output)).unwrap();
    }
    let difference = golden::difference("tests/it/help.txt", &all);
    assert!(difference.is_none(), "{}", difference.unwrap_or_default());
}

#[test]
fn a_chart_keeps_what_helm_puts_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bitnami/site.yaml");
    fs::copy(example, dir.join("site.yaml")).unwrap();
    let render = |more: &[&str]| {
        let arguments = [
            &["render", "--format", "helm", "--alone", "-o", "chart"],
            more,
        ]
        .concat();
        invgen(dir, &arguments)
    };
    let first = render(&[]);
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let chart = fs::read_to_string(dir.join("chart/Chart.yaml")).unwrap();
    assert!(chart.contains("dependencies:"), "{chart}");

    fs::create_dir(dir.join("chart/charts")).unwrap();
    for file in ["Chart.lock", "charts/x.tgz"] {
        fs::write(dir.join("chart").join(file), file).unwrap();
    }
    let change = ["--set", "web.replicas=7"];
    let check = ["--set", "web.replicas=7", "--check"];
    let second = render(&change);
    assert_eq!(second.status.code(), Some(0), "{}", err(&second));
    assert!(err(&second).contains(", 0 removed"), "{}", err(&second));
    assert!(!err(&second).contains(" 0 changed"), "{}", err(&second));
    for file in ["Chart.lock", "charts/x.tgz"] {
        let text = fs::read_to_string(dir.join("chart").join(file)).unwrap();
        assert_eq!(text, file);
    }
    let fresh = render(&check);
    assert_eq!(fresh.status.code(), Some(0), "{}", out(&fresh));

    // Plain manifests have no such names.
    let manifests = invgen(dir, &["render", "-o", "chart"]);
    assert_eq!(manifests.status.code(), Some(2));
    assert!(
        err(&manifests).contains("`Chart.lock`"),
        "{}",
        err(&manifests)
    );
}

#[test]
fn a_check_tells_a_fresh_tree_from_a_stale_one() {
    let folder = site();
    let dir = folder.path();
    assert_eq!(
        invgen(dir, &["render", "-o", "out", "--check"])
            .status
            .code(),
        Some(1)
    );
    assert!(!dir.join("out").exists(), "a check writes nothing");
    assert_eq!(invgen(dir, &["render", "-o", "out"]).status.code(), Some(0));
    assert_eq!(
        invgen(dir, &["render", "-o", "out", "--check"])
            .status
            .code(),
        Some(0)
    );

    let stale = invgen(
        dir,
        &["render", "-o", "out", "--check", "--set", "image.tag=2.0.0"],
    );
    assert_eq!(stale.status.code(), Some(1));
    assert!(
        out(&stale)
            .lines()
            .any(|line| line.starts_with("changed     web/deployment.yaml (line ")),
        "{}",
        out(&stale)
    );
    fs::write(dir.join("out/web/extra.yaml"), "").unwrap();
    fs::remove_file(dir.join("out/web/service.yaml")).unwrap();
    let stale = invgen(dir, &["render", "-o", "out", "--check"]);
    assert_eq!(
        out(&stale),
        "unexpected  web/extra.yaml\nmissing     web/service.yaml\n"
    );
}

#[test]
fn a_new_image_changes_only_what_runs_it() {
    let folder = site();
    invgen(folder.path(), &["render", "-o", "out"]);
    let stale = invgen(
        folder.path(),
        &["render", "-o", "out", "--check", "--set", "image.tag=2.0.0"],
    );
    let changed: Vec<String> = out(&stale)
        .lines()
        .map(|line| line.split_whitespace().nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(
        changed,
        [
            "beat/deployment.yaml",
            "init/job.yaml",
            "scheduler/deployment.yaml",
            "upgrade/job.yaml",
            "web/deployment.yaml",
            "worker/deployment.yaml"
        ]
    );
}

#[test]
fn values_come_from_the_strongest_layer() {
    let folder = site();
    let dir = folder.path();
    let mut text = fs::read_to_string(dir.join("site.yaml")).unwrap();
    text.push_str("web: {threads: 3}\nprofiles:\n  staging: {web: {threads: 4}}\n  qa: {environment: staging, namespace: rdm-qa}\n");
    fs::write(dir.join("site.yaml"), text).unwrap();
    let threads = |arguments: &[&str]| {
        let output = invgen(dir, &[&["render"], arguments].concat());
        let text = out(&output);
        text.lines()
            .find(|line| line.trim_start().starts_with("threads = "))
            .unwrap()
            .trim()
            .to_owned()
    };
    assert_eq!(threads(&["-p", "prod"]), "threads = 3");
    assert_eq!(threads(&["-p", "staging"]), "threads = 4");
    assert_eq!(
        threads(&["-p", "staging", "--set", "web.threads=5"]),
        "threads = 5"
    );
    // A profile of one's own builds on the built-in one of its environment, which has no autoscaler.
    let own = out(&invgen(dir, &["render", "-p", "qa"]));
    assert!(own.contains("namespace: rdm-qa") && !own.contains("HorizontalPodAutoscaler"));
    assert!(out(&invgen(dir, &["render", "-p", "prod"])).contains("HorizontalPodAutoscaler"));
}

#[test]
fn a_first_site_is_valid_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    assert_eq!(invgen(dir, &["init", "lab"]).status.code(), Some(0));
    let judged = invgen(dir, &["validate", "-f", "lab/site.yaml"]);
    assert_eq!(err(&judged), "no problems\n");
    for profile in ["dev", "staging", "prod"] {
        let output = invgen(dir, &["render", "-f", "lab/site.yaml", "-p", profile]);
        assert_eq!(output.status.code(), Some(0), "{profile}: {}", err(&output));
    }
    let schema = fs::read_to_string(dir.join("lab/site.schema.json")).unwrap();
    assert_eq!(schema, out(&invgen(dir, &["schema"])));
    fs::write(dir.join("lab/site.yaml"), "mine").unwrap();
    let again = invgen(dir, &["init", "lab"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        err(&again).contains("lab/site.yaml exists already"),
        "{}",
        err(&again)
    );
    assert_eq!(
        fs::read_to_string(dir.join("lab/site.yaml")).unwrap(),
        "mine"
    );
}

#[test]
fn secrets_are_written_once_and_for_one_pair_of_eyes() {
    let folder = site();
    let dir = folder.path();
    let output = invgen(dir, &["secrets", "-o", "secrets.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let path = dir.join("secrets.yaml");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let text = fs::read_to_string(&path).unwrap();

    let again = invgen(dir, &["secrets", "-o", "secrets.yaml"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(err(&again).contains("never overwritten"), "{}", err(&again));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    invgen(dir, &["render", "-o", "out"]);
    let inside = invgen(dir, &["secrets", "-o", "out/web/secrets.yaml"]);
    assert_eq!(inside.status.code(), Some(2));
    assert!(!dir.join("out/web/secrets.yaml").exists());

    // No value appears on the screen or in what is rendered.
    let rendered = out(&invgen(dir, &["render"]));
    let values: Vec<String> = serde_yaml::Deserializer::from_str(&text)
        .flat_map(|document| {
            let secret: serde_json::Value = serde::Deserialize::deserialize(document).unwrap();
            assert_eq!(secret["kind"], "Secret");
            secret["stringData"]
                .as_object()
                .unwrap()
                .values()
                .map(|value| value.as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(values.len() >= 12);
    for value in values {
        assert!(value.len() >= 32);
        assert!(
            !rendered.contains(&value)
                && !err(&output).contains(&value)
                && !out(&output).contains(&value)
        );
    }
}

#[test]
fn the_list_of_secrets_has_no_values() {
    let folder = site();
    let first = out(&invgen(folder.path(), &["secrets", "--list"]));
    assert_eq!(first, out(&invgen(folder.path(), &["secrets", "--list"])));
    assert!(
        first.contains("rdm-postgresql (namespace rdm)\n  password "),
        "{first}"
    );
    // What others make is named too, so that nothing is missing at the first start.
    assert!(
        first.contains("rdm-tls           Certificate of rdm.example.org"),
        "{first}"
    );
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = site();
    let mut child = Command::new(env!("CARGO_BIN_EXE_invgen"))
        .arg("render")
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
}

#[test]
fn a_site_without_problems_is_told_so() {
    let folder = site();
    let arguments = [
        "validate",
        "--set",
        "auth.local.registration=false",
        "--set",
        "mail={host: smtp.example.org, sender: a@example.org}",
        "--set",
        "network.egress=[{name: smtp, cidr: 192.0.2.1/32, ports: [587]}]",
    ];
    let output = invgen(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(err(&output), "no problems\n");
    assert_eq!(out(&output), "");
}

#[test]
fn a_wrong_call_ends_with_2() {
    let folder = site();
    for arguments in [
        &["rendr"][..],
        &["render", "--check"],
        &["render", "-p", "prd"],
        &["secrets"],
        &["render", "-f", "none.yaml"],
    ] {
        let output = invgen(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            !err(&output).is_empty() && out(&output).is_empty(),
            "{arguments:?}"
        );
    }
}
