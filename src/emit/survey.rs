//! What a folder holds: files that we know, what is kept for another program, and everything else.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry};
use std::path::Path;

use super::{EmitError, paths};

/// What [`survey`] found. Paths are relative to the folder and sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Known paths that are regular files.
    pub known: BTreeSet<String>,
    /// Names at the top that are kept for another program, whatever they are and hold.
    pub kept: BTreeSet<String>,
    /// Everything else that is not a folder; a folder with nothing known in it stands for its content, as `name/`.
    pub strangers: BTreeSet<String>,
    /// Folders that were entered, outer ones first.
    pub folders: Vec<String>,
}

/// Looks through a folder without following symbolic links. Empty folders count for nothing.
pub(crate) fn survey(
    folder: &Path,
    known: &BTreeSet<&str>,
    kept: &[&str],
) -> Result<Found, EmitError> {
    let parents: BTreeSet<&str> = known.iter().flat_map(|path| paths::folders(path)).collect();
    let mut found = Found::default();
    // Grows while it is walked: the folders still to enter.
    let mut pending = vec![String::new()];
    while let Some(here) = pending.pop() {
        for entry in entries(&folder.join(&here))? {
            let name = entry.file_name();
            let path = join(&here, &name.to_string_lossy());
            let kind = entry
                .file_type()
                .map_err(EmitError::io("read", entry.path()))?;
            if here.is_empty() && kept.iter().any(|kept| name == *kept) {
                found.kept.insert(path);
            } else if kind.is_dir() {
                let leads_on = parents.contains(path.as_str()) && name.to_str().is_some();
                if leads_on || is_empty(&entry.path())? {
                    pending.push(path);
                } else {
                    found.strangers.insert(path + "/");
                }
            } else if kind.is_file() && name.to_str().is_some() && known.contains(path.as_str()) {
                found.known.insert(path);
            } else {
                found.strangers.insert(path);
            }
        }
        if !here.is_empty() {
            found.folders.push(here);
        }
    }
    Ok(found)
}

pub(crate) fn entries(folder: &Path) -> Result<Vec<DirEntry>, EmitError> {
    fs::read_dir(folder)
        .and_then(Iterator::collect)
        .map_err(EmitError::io("read", folder))
}

/// Whether a folder holds folders alone, however deep.
fn is_empty(folder: &Path) -> Result<bool, EmitError> {
    for entry in entries(folder)? {
        let kind = entry
            .file_type()
            .map_err(EmitError::io("read", entry.path()))?;
        if !kind.is_dir() || !is_empty(&entry.path())? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_folders_and_strangers_are_told_apart() {
        let top = tempfile::tempdir().unwrap();
        let at = |path: &str| top.path().join(path);
        for folder in [
            "web/deep",
            "none/at/all",
            "theirs/deep",
            "web.d",
            "charts/web",
        ] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for file in [
            "a",
            "web/b",
            "web/deep/c",
            "web/own",
            "theirs/deep/x",
            "lock",
            "charts/web/x",
        ] {
            fs::write(at(file), "").unwrap();
        }
        std::os::unix::fs::symlink("a", at("link")).unwrap();
        std::os::unix::fs::symlink("web", at("folder-link")).unwrap();
        let known = BTreeSet::from([
            "a",
            "web/b",
            "web/deep/c",
            "missing",
            "link",
            "folder-link/b",
            "web.d",
        ]);

        let found = survey(top.path(), &known, &["lock", "charts", "b"]).unwrap();
        assert_eq!(Vec::from_iter(&found.known), ["a", "web/b", "web/deep/c"]);
        assert_eq!(Vec::from_iter(&found.kept), ["charts", "lock"]);
        assert_eq!(
            Vec::from_iter(&found.strangers),
            ["folder-link", "link", "theirs/", "web/own"]
        );
        let place = |folder: &str| found.folders.iter().position(|f| f == folder).unwrap();
        assert!(place("web") < place("web/deep"));
        assert!(place("none") < place("none/at") && place("none/at") < place("none/at/all"));
        assert_eq!(found.folders.len(), 6, "{:?}", found.folders);
    }
}
