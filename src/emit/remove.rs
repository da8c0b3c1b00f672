//! Removal of trees of ours, and of nothing that would be lost with them.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::error::Names;
use super::{EmitError, File, MARKER, kept, marker, survey};

/// Paths that may be in a folder of ours: those of its marker, those to be written, and the marker.
pub(crate) fn known<'a>(
    listed: Option<&'a BTreeSet<String>>,
    files: &'a [File],
) -> BTreeSet<&'a str> {
    let listed = listed.into_iter().flatten().map(String::as_str);
    let new = files.iter().map(|file| file.path.as_str());
    listed.chain(new).chain([MARKER]).collect()
}

/// Removes a tree of ours, if it is there: the files that its marker lists or that are to be written, what it has under
/// kept names, then the folders, the marker last. Refuses, with nothing removed, when it holds anything else, or under
/// a kept name anything that the folder `current` does not hold too.
pub(crate) fn remove(
    folder: &Path,
    current: &Path,
    files: &[File],
    kept: &[&str],
) -> Result<(), EmitError> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Ok(metadata) if metadata.is_dir() => {}
        result => {
            result.map_err(EmitError::io("read", folder))?;
            let found = Names(vec![folder.display().to_string()]);
            return Err(EmitError::Leftover {
                path: folder.into(),
                found,
            });
        }
    }
    unlock(folder)?;
    let listed = match marker::read(folder) {
        // A kill while the marker was written: nothing else was.
        Err(EmitError::MarkerDamaged { .. }) => None,
        result => result?,
    };
    let known = known(listed.as_ref(), files);
    let found = survey::survey(folder, &known, kept)?;
    let mut others = found.strangers;
    others.extend(kept::missing(folder, current, &found.kept)?);
    if !others.is_empty() {
        return Err(EmitError::Leftover {
            path: folder.into(),
            found: Names(others.into_iter().collect()),
        });
    }
    for name in &found.kept {
        all(&folder.join(name))?;
    }
    for inner in &found.folders {
        unlock(&folder.join(inner))?;
    }
    for path in found.known.iter().filter(|path| *path != MARKER) {
        gone(&folder.join(path), fs::remove_file)?;
    }
    for inner in found.folders.iter().rev() {
        gone(&folder.join(inner), fs::remove_dir)?;
    }
    gone(&folder.join(MARKER), fs::remove_file)?;
    gone(folder, fs::remove_dir)
}

/// Removes a file, a symbolic link, or a folder with all it holds.
fn all(path: &Path) -> Result<(), EmitError> {
    let metadata = fs::symlink_metadata(path).map_err(EmitError::io("read", path))?;
    if !metadata.is_dir() {
        return gone(path, fs::remove_file);
    }
    unlock(path)?;
    for entry in survey::entries(path)? {
        all(&entry.path())?;
    }
    gone(path, fs::remove_dir)
}

/// Lets its owner remove files from a folder.
fn unlock(folder: &Path) -> Result<(), EmitError> {
    const OWNER: u32 = 0o700;
    let permissions = fs::metadata(folder)
        .map_err(EmitError::io("read", folder))?
        .permissions();
    let mode = permissions.mode();
    if mode & OWNER == OWNER {
        return Ok(());
    }
    fs::set_permissions(folder, Permissions::from_mode(mode | OWNER))
        .map_err(EmitError::io("set permissions of", folder))
}

fn gone(path: &Path, remove: fn(PathBuf) -> io::Result<()>) -> Result<(), EmitError> {
    match remove(path.to_owned()) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(EmitError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}
