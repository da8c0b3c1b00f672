//! A site file from disk to a [`Source`].

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::fault::{Build, error};
use crate::diag::{Diagnostic, Source, codes};

/// The largest file that is read, in bytes: 4 MiB.
pub const LARGEST: u64 = 4 << 20;

/// Reads a UTF-8 file of at most [`LARGEST`] bytes; a byte order mark at its start is dropped. The source is named as `path` is.
pub fn read(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let name = path.display().to_string();
    let unreadable = |fault: &std::io::Error| {
        let problem = error(
            codes::UNREADABLE,
            format!("`{name}` cannot be read: {fault}"),
        );
        match fault.kind() {
            std::io::ErrorKind::NotFound => problem.help(
                "run `invgen init` to get a commented file to start from, or name another file with `--file`",
            ),
            std::io::ErrorKind::PermissionDenied => problem.help("allow this user to read it"),
            _ => problem.help("name the site file with `--file`"),
        }
    };
    let file = File::open(path).map_err(|fault| unreadable(&fault))?;
    let about = file.metadata().map_err(|fault| unreadable(&fault))?;
    if about.is_dir() {
        return Err(error(
            codes::UNREADABLE,
            format!("`{name}` is a directory, but a file is wanted"),
        )
        .help(format!(
            "name the site file in it, such as `{}`",
            path.join("site.yaml").display()
        )));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large, also where the size is not known before (a pipe).
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|fault| unreadable(&fault))?;
    if bytes.len() as u64 > LARGEST {
        return Err(error(
            codes::UNREADABLE,
            format!("`{name}` is larger than {} MiB", LARGEST >> 20),
        )
        .because("a site file of that size is most likely another file")
        .help("name the site file with `--file`"));
    }
    let text = String::from_utf8(bytes).map_err(|fault| not_utf8(&name, &fault))?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    Ok(Arc::new(Source { name, text }))
}

fn not_utf8(name: &str, fault: &std::string::FromUtf8Error) -> Diagnostic {
    let offset = fault.utf8_error().valid_up_to();
    let bytes = fault.as_bytes();
    let line = bytes[..offset].split(|byte| *byte == b'\n').count();
    let encoding = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "; it looks like UTF-16",
        _ => "",
    };
    error(codes::UNREADABLE, format!("`{name}` is not UTF-8: the byte at offset {offset} (line {line}) fits no character{encoding}"))
        .because("another encoding would turn letters into others")
        .help("save the file as UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> String {
        let problem = read(path).unwrap_err();
        assert_eq!(problem.code, codes::UNREADABLE);
        format!("{} / {}", problem.message, problem.help.unwrap())
    }

    #[test]
    fn files_are_read_or_refused_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("site.yaml");
        assert!(refused(&path).contains("invgen init"));
        assert!(refused(folder.path()).contains("is a directory"));

        std::fs::write(&path, "\u{feff}name: é\n").unwrap();
        let source = read(&path).unwrap();
        assert_eq!(
            (source.text.as_str(), source.name.as_str()),
            ("name: é\n", path.to_str().unwrap())
        );

        std::fs::write(&path, b"a: 1\nb: \xff\n").unwrap();
        assert!(refused(&path).contains("the byte at offset 8 (line 2)"));
        std::fs::write(&path, b"\xff\xfea\0").unwrap();
        assert!(refused(&path).contains("UTF-16"));

        let largest = usize::try_from(LARGEST).unwrap();
        std::fs::write(&path, "#".repeat(largest)).unwrap();
        assert!(read(&path).is_ok());
        std::fs::write(&path, "#".repeat(largest + 1)).unwrap();
        assert!(refused(&path).contains("larger than 4 MiB"));
    }
}
