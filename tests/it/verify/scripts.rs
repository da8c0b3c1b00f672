//! Every shell script passes shellcheck: files in ConfigMaps and what containers pass to `sh -c`.

use super::{
    planted, run,
    texts::{Kind, texts},
};
use crate::support::{
    examples::{Rendered, rendered},
    tools::tool,
};
use serde_json::Value;
use std::{collections::BTreeMap, fs, process::Command};

#[test]
fn shell_scripts_pass_shellcheck() {
    let found = scripts(&rendered());
    assert_eq!(complaints(&found).unwrap_or_default(), "");
}

#[test]
fn bad_shell_scripts_are_reported() {
    let cases = [
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {run.sh: \"#!/bin/sh\\necho $1\\n\"}\n",
            "SC2086",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {run.sh: \"true\\n\"}\n",
            "SC2148",
        ),
        ("a: {command: [sh, -ec], args: ['cat $1']}\n", "SC2086"),
        (
            "a: {exec: {command: [/bin/bash, -c, 'if true; then']}}\n",
            "SC1073",
        ),
    ];
    for (text, complaint) in cases {
        let found = scripts(&planted(text));
        assert_eq!(found.len(), 1, "{text}");
        let Some(report) = complaints(&found) else {
            return;
        };
        assert!(report.contains(complaint), "{report}");
    }
}

/// All distinct scripts, each with one of the places it stands at.
fn scripts(trees: &[Rendered]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<_, _> = texts(trees, Kind::Shell)
        .into_iter()
        .map(|text| (text.text, text.place))
        .collect();
    for tree in trees {
        for (path, object) in tree.documents() {
            let place = format!("{}/{}/{path}", tree.example, tree.profile);
            collect_inline(&object, &place, &mut found);
        }
    }
    found
}

/// Collects the scripts of `command`s (with their `args`) of the form `sh -c SCRIPT`, wherever they are in an object.
fn collect_inline(value: &Value, place: &str, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => {
            let words = |key| {
                map.get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
            };
            let call: Vec<_> = words("command").chain(words("args")).collect();
            if let [shell, options, script, ..] = call.as_slice()
                && let name = shell.rsplit('/').next().unwrap_or(shell)
                && matches!(name, "sh" | "bash")
                && options.starts_with('-')
                && options.ends_with('c')
            {
                found
                    .entry(format!("#!/bin/{name}\n{script}\n"))
                    .or_insert_with(|| place.to_owned());
            }
            map.values()
                .for_each(|value| collect_inline(value, place, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect_inline(value, place, found)),
        _ => {}
    }
}

fn complaints(scripts: &BTreeMap<String, String>) -> Option<String> {
    let shellcheck = tool("shellcheck")?;
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(shellcheck);
    command
        .args(["--norc", "--format", "gcc"])
        .current_dir(folder.path());
    let mut names = Vec::new();
    for (number, (script, place)) in scripts.iter().enumerate() {
        let name = format!("{number}.sh");
        fs::write(folder.path().join(&name), script).unwrap();
        names.push(format!("{name} is from {place}\n"));
        command.arg(name);
    }
    if scripts.is_empty() {
        return Some(String::new());
    }
    let (report, passed) = run(&mut command);
    Some(if passed {
        report
    } else {
        names.concat() + &report
    })
}
