//! A folder against what would be written to it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::emit::{EmitError, File, MARKER, marker, paths, survey};

/// One way in which a folder is not what would be written. Shown as a line of a list: `changed     web/a.yaml (line 31)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A file would be written and is not there.
    Missing {
        /// Its path below the folder.
        path: String,
    },
    /// Something is there and would not be written; a path that ends in `/` is a folder with all it holds.
    Unexpected {
        /// Its path below the folder.
        path: String,
    },
    /// A file has another content.
    Changed {
        /// Its path below the folder.
        path: String,
        /// The first line that differs, from 1.
        line: usize,
    },
}

impl Difference {
    /// The path below the folder.
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path } | Self::Unexpected { path } | Self::Changed { path, .. } => path,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "missing     {path}"),
            Self::Unexpected { path } => write!(f, "unexpected  {path}"),
            Self::Changed { path, line } => write!(f, "changed     {path} (line {line})"),
        }
    }
}

/// All differences between a folder and the files that would be written to it, by path; nothing is written.
///
/// A folder that does not exist lacks every file. The marker counts as a file, but is named only when no file comes or
/// goes, because it changes with every one that does. Entries at the top with a name in `kept` belong to another
/// program and are no difference. Refuses what is no folder, and paths that no folder can hold.
pub fn differences(
    dir: &Path,
    files: &[File],
    kept: &[&str],
) -> Result<Vec<Difference>, EmitError> {
    paths::check(files, kept)?;
    let found = look(dir, files, kept)?;
    let mut differences: Vec<_> = found
        .unexpected(files)
        .map(|path| Difference::Unexpected { path })
        .collect();
    for file in files {
        differences.extend(found.compare(dir, &file.path, &file.text)?);
    }
    if differences
        .iter()
        .all(|d| matches!(d, Difference::Changed { .. }))
    {
        differences.extend(found.compare(dir, MARKER, &marker::text(files))?);
    }
    differences.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(differences)
}

fn look(dir: &Path, files: &[File], kept: &[&str]) -> Result<survey::Found, EmitError> {
    match fs::metadata(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(survey::Found::default()),
        Err(error) => return Err(EmitError::io("read", dir)(error)),
        Ok(metadata) if !metadata.is_dir() => {
            return Err(EmitError::NotAFolder { path: dir.into() });
        }
        Ok(_) => {}
    }
    let listed = match marker::read(dir) {
        // Its text differs, which is told as a difference.
        Err(EmitError::MarkerDamaged { .. }) => None,
        result => result?,
    };
    let listed = listed.iter().flatten().map(String::as_str);
    let new = files.iter().map(|file| file.path.as_str());
    let known = listed.chain(new).chain([MARKER]).collect();
    survey::survey(dir, &known, kept)
}

impl survey::Found {
    fn unexpected(&self, files: &[File]) -> impl Iterator<Item = String> {
        let mut wanted: BTreeSet<_> = files.iter().map(|file| file.path.as_str()).collect();
        wanted.insert(MARKER);
        self.known
            .union(&self.strangers)
            .filter(move |path| !wanted.contains(path.as_str()))
            .cloned()
    }

    fn compare(&self, dir: &Path, path: &str, text: &str) -> Result<Option<Difference>, EmitError> {
        let path = path.to_owned();
        if !self.known.contains(&path) {
            return Ok(Some(Difference::Missing { path }));
        }
        let file = dir.join(&path);
        let bytes = fs::read(&file).map_err(EmitError::io("read", file))?;
        let line = first_difference(&bytes, text.as_bytes());
        Ok(line.map(|line| Difference::Changed { path, line }))
    }
}

/// The first line, from 1, in which two texts differ; line ends count, and so does a missing one at the end.
fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    if one == other {
        return None;
    }
    let equal = one
        .split_inclusive(|byte| *byte == b'\n')
        .zip(other.split_inclusive(|byte| *byte == b'\n'))
        .take_while(|(a, b)| a == b)
        .count();
    Some(equal + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_differing_line_is_found() {
        for (one, other, line) in [
            ("a\nb\n", "a\nb\n", None),
            ("", "", None),
            ("", "a\n", Some(1)),
            ("a\nb\n", "a\nc\n", Some(2)),
            ("a\n", "a\nb\n", Some(2)),
            ("a\nb", "a\nb\n", Some(2)),
            ("a\r\nb\n", "a\nb\n", Some(1)),
        ] {
            assert_eq!(
                first_difference(one.as_bytes(), other.as_bytes()),
                line,
                "{one:?} {other:?}"
            );
            assert_eq!(first_difference(other.as_bytes(), one.as_bytes()), line);
        }
    }

    #[test]
    fn lines_of_the_list_align() {
        let path = || "web/deployment.yaml".to_owned();
        let shown = [
            Difference::Changed {
                path: path(),
                line: 31,
            },
            Difference::Missing { path: path() },
            Difference::Unexpected { path: path() },
        ]
        .map(|difference| difference.to_string());
        assert_eq!(
            shown,
            [
                "changed     web/deployment.yaml (line 31)",
                "missing     web/deployment.yaml",
                "unexpected  web/deployment.yaml",
            ]
        );
    }
}
