//! Which paths a written tree may have.

use std::collections::BTreeSet;

use super::{EmitError, File, MARKER};

/// Refuses paths that leave the folder, that are not plain on every system, that occur twice or that contradict each
/// other (`web` and `web/service.yaml`), or that begin with a name kept for another program.
pub(crate) fn check(files: &[File], kept: &[&str]) -> Result<(), EmitError> {
    let mut seen = BTreeSet::new();
    let refuse = |file: &File, why| EmitError::BadPath {
        path: file.path.clone(),
        why,
    };
    for file in files {
        if let Some(why) = flaw(&file.path) {
            return Err(refuse(file, why));
        }
        if file.path == MARKER {
            return Err(refuse(file, "the name is reserved for the list of files"));
        }
        if kept
            .iter()
            .any(|name| file.path.split('/').next() == Some(name))
        {
            return Err(refuse(file, "its first part is kept for another program"));
        }
        if !seen.insert(file.path.as_str()) {
            return Err(refuse(file, "another file has the same path"));
        }
    }
    for file in files {
        if folders(&file.path).any(|folder| seen.contains(folder)) {
            return Err(refuse(file, "another file has the name of its folder"));
        }
    }
    Ok(())
}

/// What is wrong with a path below the output folder, if anything.
pub(crate) fn flaw(path: &str) -> Option<&'static str> {
    if path.chars().any(|c| c.is_control() || c == '\\') {
        return Some("it has control characters or backslashes");
    }
    path.split('/').find_map(|part| match part {
        "" => Some("it is empty, absolute or has an empty part"),
        "." | ".." => Some("it has a part `.` or `..`"),
        _ => None,
    })
}

/// The folders above a path, inner ones last: `a` and `a/b` for `a/b/c.yaml`.
pub(crate) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(paths: &[&str]) -> Option<String> {
        let files: Vec<_> = paths
            .iter()
            .map(|path| File {
                path: (*path).into(),
                text: String::new(),
            })
            .collect();
        match check(&files, &["charts"]) {
            Err(EmitError::BadPath { path, .. }) => Some(path),
            Err(other) => panic!("{other}"),
            Ok(()) => None,
        }
    }

    #[test]
    fn plain_relative_paths_pass() {
        assert_eq!(
            refusal(&[
                "a.yaml",
                "web/a.yaml",
                "web/deep/.hidden",
                "web.d/ü",
                "charts.md",
                "web/charts"
            ]),
            None
        );
    }

    #[test]
    fn paths_that_escape_or_confuse_do_not() {
        for path in [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a/..",
            "./a",
            "a//b",
            "a/",
            "a\nb",
            "a\\b",
            "a\0",
            ".invgen",
            "charts",
            "charts/a.yaml",
        ] {
            assert_eq!(refusal(&["ok.yaml", path]).as_deref(), Some(path));
        }
    }

    #[test]
    fn nor_do_paths_that_contradict_each_other() {
        assert!(refusal(&["a", "b", "a"]).is_some());
        assert_eq!(refusal(&["web/x/y", "web"]).as_deref(), Some("web/x/y"));
        assert!(refusal(&["web", "web-api/x", "web.yaml"]).is_none());
    }
}
