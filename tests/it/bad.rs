//! Bad site files: what is said about each, and that nothing is written for it.
//!
//! `tests/bad/` holds files that are refused, `tests/warned/` files that pass with warnings. Beside each `<name>.yaml`
//! stands `<name>.txt`, the message as people see it, and where the command needs arguments `<name>.args`, one a line.
//! `INVGEN_BLESS=1 cargo test bad` writes the messages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::golden;

const REFUSED: &str = "tests/bad";
const WARNED: &str = "tests/warned";
/// Fewest files that are refused; the folder cannot be emptied by mistake.
const FEWEST: usize = 75;

struct Case {
    /// Path of the site file without `.yaml`, below the repository.
    stem: String,
    /// Further arguments of the command.
    arguments: Vec<String>,
}

impl Case {
    fn run(&self, verb: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_invgen"))
            .args(verb)
            .args(["-f", &format!("{}.yaml", self.stem)])
            .args(&self.arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap()
    }
}

fn cases(folder: &str) -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<PathBuf> = fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in &names {
        let site = path.with_extension("yaml");
        assert!(site.is_file(), "{} belongs to no site file", path.display());
    }
    names
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| Case {
            stem: format!("{folder}/{}", path.file_stem().unwrap().to_str().unwrap()),
            arguments: fs::read_to_string(path.with_extension("args"))
                .unwrap_or_default()
                .lines()
                .map(ToOwned::to_owned)
                .collect(),
        })
        .collect()
}

/// What a command says on standard error, which must be text and no sign of a crash.
fn said(case: &Case, output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone())
        .unwrap_or_else(|_| panic!("{}: the message is not UTF-8", case.stem));
    assert!(!text.contains("panicked"), "{}: {text}", case.stem);
    text
}

/// Every file of a folder with its bytes.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(tree(&path));
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    files
}

#[test]
fn every_bad_file_is_refused_with_its_message() {
    let cases = cases(REFUSED);
    assert!(cases.len() >= FEWEST, "only {} bad files", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let output = case.run(&["validate"]);
        let text = said(case, &output);
        if output.status.code() != Some(2) {
            wrong.push(format!("{}: {}\n{text}", case.stem, output.status));
        }
        assert!(output.stdout.is_empty(), "{}: standard output", case.stem);
        wrong.extend(golden::difference(&format!("{}.txt", case.stem), &text));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn questionable_files_pass_with_their_warnings() {
    let mut wrong = Vec::new();
    for case in cases(WARNED) {
        let output = case.run(&["validate"]);
        let text = said(&case, &output);
        if output.status.code() != Some(0) || !text.starts_with("warning[") {
            wrong.push(format!("{}: {}\n{text}", case.stem, output.status));
        }
        wrong.extend(golden::difference(&format!("{}.txt", case.stem), &text));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_written_for_a_bad_file() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old");
    let example = Case {
        stem: "examples/minimal/site".to_owned(),
        arguments: Vec::new(),
    };
    let rendered = example.run(&["render", "-o", old.to_str().unwrap()]);
    assert!(rendered.status.success(), "{}", said(&example, &rendered));
    let before = tree(folder.path());

    let new = folder.path().join("new");
    for case in cases(REFUSED) {
        for target in [&new, &old] {
            let output = case.run(&["render", "-o", target.to_str().unwrap()]);
            let text = said(&case, &output);
            assert_eq!(output.status.code(), Some(2), "{}: {text}", case.stem);
            assert!(text.contains("error["), "{}: {text}", case.stem);
        }
        let output = case.run(&["render"]);
        assert_eq!(output.status.code(), Some(2), "{}", case.stem);
        assert!(
            output.stdout.is_empty(),
            "{}: a stream was begun",
            case.stem
        );
        assert!(
            tree(folder.path()) == before,
            "{} left something",
            case.stem
        );
    }
}

/// Which codes the messages of both folders hold.
fn codes_seen() -> BTreeSet<String> {
    [REFUSED, WARNED]
        .iter()
        .flat_map(|folder| cases(folder))
        .flat_map(|case| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{}.txt", case.stem));
            let text = fs::read_to_string(path).unwrap_or_default();
            text.lines()
                .filter_map(|line| {
                    let rest = line
                        .strip_prefix("error[")
                        .or_else(|| line.strip_prefix("warning["))?;
                    rest.split(']').next().map(ToOwned::to_owned)
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_code_is_seen_in_a_message() {
    let seen = codes_seen();
    let unseen: Vec<_> = invgen::diag::codes::ALL
        .iter()
        .map(|code| code.code)
        .filter(|code| !seen.contains(*code))
        .collect();
    assert!(
        unseen.is_empty(),
        "no file under {REFUSED} or {WARNED} shows {unseen:?}"
    );
}

#[test]
fn all_forms_say_the_same() {
    let case = Case {
        stem: format!("{REFUSED}/rules-several-at-once"),
        arguments: Vec::new(),
    };
    let shown = said(&case, &case.run(&["validate"]));
    // Reports for programs are what the verb is for, so they stand on standard output, and nothing else does.
    let text = |format| {
        let output = case.run(&["validate", "--message-format", format]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(said(&case, &output), "");
        String::from_utf8(output.stdout).unwrap()
    };
    let codes: Vec<&str> = shown
        .lines()
        .filter_map(|line| {
            line.strip_prefix("error[")
                .or_else(|| line.strip_prefix("warning["))
        })
        .filter_map(|line| line.split(']').next())
        .collect();
    assert!(codes.len() > 4, "{shown}");

    let json: serde_json::Value = serde_json::from_str(&text("json")).unwrap();
    let of_json: Vec<&str> = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["code"].as_str().unwrap())
        .collect();
    assert_eq!(of_json, codes);

    let sarif: serde_json::Value = serde_json::from_str(&text("sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules: BTreeSet<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let results = run["results"].as_array().unwrap();
    let of_sarif: Vec<&str> = results
        .iter()
        .map(|result| result["ruleId"].as_str().unwrap())
        .collect();
    assert_eq!(of_sarif, codes);
    for result in results {
        assert!(rules.contains(result["ruleId"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(
            place["artifactLocation"]["uri"],
            format!("{}.yaml", case.stem)
        );
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }

    let github = text("github");
    let of_github: Vec<&str> = github
        .lines()
        .map(|line| {
            assert!(
                line.starts_with("::error file=") || line.starts_with("::warning file="),
                "{line}"
            );
            let (_, rest) = line.split_once("title=").unwrap();
            rest.split("::").next().unwrap()
        })
        .collect();
    assert_eq!(of_github, codes);
}
