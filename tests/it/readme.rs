//! The two commands of the README do what it says: the first renders, the second is what CI runs.

use std::{fs, path::Path, process::Command};

#[test]
fn the_first_command_renders_the_lab_example_for_prod() {
    let command = &commands()[0];
    for word in ["examples/lab", "prod", " -o "] {
        assert!(
            command.contains(word),
            "the first command has no `{word}`: {command}"
        );
    }
    // As written but for the folder, because one from earlier may hold what a newcomer's does not.
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("out");
    let here = command.replacen(output_folder(command), folder.to_str().unwrap(), 1);
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &here])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{here}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        tree(&folder),
        tree(&root().join("snapshots/lab/prod")),
        "what `{command}` writes (left) and snapshots/lab/prod (right)"
    );
}

#[test]
fn the_second_command_is_what_ci_runs() {
    let command = &commands()[1];
    let ci = read(".ci/run");
    let last = ci.lines().rfind(|line| !line.trim().is_empty());
    assert_eq!(Some(command.as_str()), last);
    assert!(
        root().join(command).is_file(),
        "`{command}` is no file of the repository"
    );
}

/// The first two `sh` blocks of the README, each of which is one command (lines that end in `\` go on).
fn commands() -> Vec<String> {
    let readme = read("README.md");
    let blocks: Vec<_> = readme
        .split("\n```sh\n")
        .skip(1)
        .map(|rest| rest.split_once("\n```").map_or(rest, |(block, _)| block))
        .map(|block| block.replace("\\\n", " ").trim().to_owned())
        .take(2)
        .collect();
    assert_eq!(blocks.len(), 2, "README.md has fewer than two blocks of sh");
    for block in &blocks {
        assert!(!block.contains('\n'), "more than one command: {block}");
    }
    blocks
}

/// What follows `-o` in a command.
fn output_folder(command: &str) -> &str {
    command
        .split_whitespace()
        .skip_while(|word| *word != "-o")
        .nth(1)
        .unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Path and text of every file below a folder, sorted.
fn tree(root: &Path) -> Vec<(String, String)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in
            fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}
