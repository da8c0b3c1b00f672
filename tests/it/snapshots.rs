//! The golden trees under `snapshots/`: what every example gives in every profile, reviewed like code.
//!
//! `INVGEN_BLESS=1 cargo test` writes them anew; a changed one is a claim that the new output is better.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::examples::{examples, profiles};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn invgen(arguments: &[&str], folder: &Path) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_invgen"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn examples_give_their_snapshots() {
    let bless = std::env::var_os("INVGEN_BLESS").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for example in examples() {
        for profile in profiles(&example) {
            let tree = root().join("snapshots").join(&example).join(&profile);
            let site = format!("examples/{example}/site.yaml");
            let mut arguments = vec![
                "render",
                "-f",
                &site,
                "-p",
                &profile,
                "-o",
                tree.to_str().unwrap(),
            ];
            if !bless {
                arguments.push("--check");
            }
            let output = invgen(&arguments, root());
            let messages = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => {}
                Some(1) => wrong.push(format!(
                    "{example}, {profile}:\n{}",
                    String::from_utf8_lossy(&output.stdout)
                )),
                other => panic!("{example}, {profile}: exit code {other:?}\n{messages}"),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "the snapshots are not what is rendered; read the difference and, if it is better, run \
         `INVGEN_BLESS=1 cargo test snapshots`\n{}",
        wrong.join("\n")
    );
}

#[test]
fn no_snapshot_is_left_over() {
    let mut expected: Vec<PathBuf> = examples()
        .iter()
        .flat_map(|example| {
            let folder = root().join("snapshots").join(example);
            profiles(example)
                .into_iter()
                .map(move |profile| folder.join(profile))
                .collect::<Vec<_>>()
        })
        .collect();
    expected.sort();
    let mut found = Vec::new();
    for example in std::fs::read_dir(root().join("snapshots")).unwrap() {
        for entry in std::fs::read_dir(example.unwrap().path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.push(path);
            }
        }
    }
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn output_does_not_depend_on_folder_or_run() {
    let elsewhere = tempfile::tempdir().unwrap();
    for example in examples() {
        let relative = format!("examples/{example}/site.yaml");
        let absolute = root().join(&relative);
        for profile in profiles(&example) {
            let here = invgen(&["render", "-f", &relative, "-p", &profile], root());
            let there = invgen(
                &["render", "-f", absolute.to_str().unwrap(), "-p", &profile],
                elsewhere.path(),
            );
            assert!(here.status.success(), "{example}, {profile}");
            assert!(!here.stdout.is_empty(), "{example}, {profile}");
            assert!(
                here.stdout == there.stdout,
                "{example}, {profile}: two runs gave different bytes"
            );
        }
    }
}
