//! The marker file: that a folder is ours, and which files in it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::{EmitError, File, MARKER, paths};

const HEAD: &str =
    "# Written by invgen, which replaces this folder as a whole: keep your own files elsewhere.";

/// What the marker of these files says: a comment, then their paths in order.
pub(crate) fn text(files: &[File]) -> String {
    let paths: BTreeSet<_> = files.iter().map(|file| file.path.as_str()).collect();
    let mut text = format!("{HEAD}\n");
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    text
}

/// The paths that the marker of a folder lists, or `None` when the folder has no marker.
///
/// Refuses a marker that is no regular file, has another first line, or lists paths outside the folder.
pub(crate) fn read(folder: &Path) -> Result<Option<BTreeSet<String>>, EmitError> {
    let path = folder.join(MARKER);
    let damaged = |why: String| EmitError::MarkerDamaged {
        path: path.clone(),
        why,
    };
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(EmitError::io("read", &path)(error)),
        Ok(metadata) if !metadata.is_file() => return Err(damaged("not a regular file".into())),
        Ok(_) => {}
    }
    let bytes = fs::read(&path).map_err(EmitError::io("read", &path))?;
    let text = String::from_utf8(bytes).map_err(|_| damaged("not a text".into()))?;
    parse(&text).map(Some).map_err(damaged)
}

fn parse(text: &str) -> Result<BTreeSet<String>, String> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return Err("line 1 is not the comment that invgen writes".into());
    }
    lines
        .enumerate()
        .map(|(index, line)| match paths::flaw(line) {
            Some(why) => Err(format!("line {} is not a path: {why}", index + 2)),
            None => Ok(line.to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File {
            path: path.into(),
            text: "x".into(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let text = text(&[file("web/b.yaml"), file("a.yaml")]);
        assert_eq!(text, format!("{HEAD}\na.yaml\nweb/b.yaml\n"));
        let expected = BTreeSet::from(["a.yaml".to_owned(), "web/b.yaml".to_owned()]);
        assert_eq!(parse(&text), Ok(expected.clone()));
        assert_eq!(parse(&text.replace('\n', "\r\n")), Ok(expected));
    }

    #[test]
    fn tampering_is_told_with_its_line() {
        for (text, line) in [
            (String::new(), "line 1 "),
            ("a.yaml\n".into(), "line 1 "),
            (format!("{HEAD}\na.yaml\n../b\n"), "line 3 "),
            (format!("{HEAD}\n/etc/passwd\n"), "line 2 "),
            (format!("{HEAD}\n\n"), "line 2 "),
        ] {
            let why = parse(&text).unwrap_err();
            assert!(why.starts_with(line), "{why}");
        }
    }
}
