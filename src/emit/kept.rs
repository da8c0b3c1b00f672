//! What another program keeps in an output folder, on its way from one tree to the next.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

use super::EmitError;
use super::survey::entries;

/// Gives the folder `new` what the folder `current` has under these names; `current` stays as it is.
///
/// Files are the same files, by hard links, or copies where the system refuses those. Symbolic links stay links.
pub(crate) fn carry(current: &Path, new: &Path, names: &[&str]) -> Result<(), EmitError> {
    for name in names {
        let from = current.join(name);
        if look(&from)?.is_some() {
            carry_one(&from, &new.join(name))?;
        }
    }
    Ok(())
}

fn carry_one(from: &Path, to: &Path) -> Result<(), EmitError> {
    let metadata = fs::symlink_metadata(from).map_err(EmitError::io("read", from))?;
    if metadata.is_symlink() {
        return fs::read_link(from)
            .and_then(|target| symlink(target, to))
            .map_err(EmitError::io("write", to));
    }
    if !metadata.is_dir() {
        return link_or_copy(from, to, &metadata, |from, to| fs::hard_link(from, to))
            .map_err(EmitError::io("write", to));
    }
    fs::create_dir(to).map_err(EmitError::io("create", to))?;
    for entry in entries(from)? {
        carry_one(&entry.path(), &to.join(entry.file_name()))?;
    }
    // Last, because it may forbid to write there.
    fs::set_permissions(to, metadata.permissions()).map_err(EmitError::io("set permissions of", to))
}

fn link_or_copy(
    from: &Path,
    to: &Path,
    metadata: &Metadata,
    hard_link: fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    match hard_link(from, to) {
        // Some file systems have no hard links, and Linux refuses them to files of other users.
        Err(_) if metadata.is_file() => fs::copy(from, to).map(drop),
        result => result,
    }
}

/// Paths of what the folder `left` has under these names and the folder `current` does not hold.
///
/// A file is held when it is the same one or its content is the beginning of the one there, which a copy is at the
/// moment of a kill; a symbolic link when it leads to the same target. Folders hold nothing by themselves.
pub(crate) fn missing(
    left: &Path,
    current: &Path,
    names: &BTreeSet<String>,
) -> Result<BTreeSet<String>, EmitError> {
    let mut missing = BTreeSet::new();
    let mut pending: Vec<_> = names
        .iter()
        .map(|name| Path::new(name).to_owned())
        .collect();
    while let Some(path) = pending.pop() {
        let here = left.join(&path);
        let metadata = fs::symlink_metadata(&here).map_err(EmitError::io("read", &here))?;
        if metadata.is_dir() {
            let inner = entries(&here)?;
            pending.extend(inner.iter().map(|entry| path.join(entry.file_name())));
        } else if !is_held(&here, &metadata, &current.join(&path))? {
            missing.insert(path.to_string_lossy().into_owned());
        }
    }
    Ok(missing)
}

fn is_held(left: &Path, metadata: &Metadata, there: &Path) -> Result<bool, EmitError> {
    let Some(other) = look(there)? else {
        return Ok(false);
    };
    if (metadata.dev(), metadata.ino()) == (other.dev(), other.ino()) {
        return Ok(true);
    }
    if metadata.file_type() != other.file_type() {
        return Ok(false);
    }
    let target = |path: &Path| fs::read_link(path).map_err(EmitError::io("read", path));
    let bytes = |path: &Path| fs::read(path).map_err(EmitError::io("read", path));
    if metadata.is_symlink() {
        Ok(target(left)? == target(there)?)
    } else if metadata.is_file() {
        Ok(bytes(there)?.starts_with(&bytes(left)?))
    } else {
        Ok(false)
    }
}

/// What is at a path, symbolic links not followed; `None` when nothing is.
fn look(path: &Path) -> Result<Option<Metadata>, EmitError> {
    match fs::symlink_metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        result => result.map(Some).map_err(EmitError::io("read", path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    struct Bench {
        top: tempfile::TempDir,
    }

    /// Two folders: `current` with `Chart.lock` and `charts`, `new` with nothing.
    fn bench() -> Bench {
        let top = tempfile::tempdir().unwrap();
        let bench = Bench { top };
        for folder in ["current/charts/deep", "new"] {
            fs::create_dir_all(bench.at(folder)).unwrap();
        }
        for file in ["Chart.lock", "charts/x.tgz", "charts/deep/y"] {
            fs::write(bench.at("current").join(file), file).unwrap();
        }
        symlink("x.tgz", bench.at("current/charts/good")).unwrap();
        symlink("../nowhere", bench.at("current/charts/dangling")).unwrap();
        bench
    }

    impl Bench {
        fn at(&self, path: &str) -> std::path::PathBuf {
            self.top.path().join(path)
        }

        fn carry(&self) {
            carry(
                &self.at("current"),
                &self.at("new"),
                &["Chart.lock", "charts", "none"],
            )
            .unwrap();
        }

        fn missing(&self) -> Vec<String> {
            let names = ["Chart.lock", "charts"].map(str::to_owned).into();
            let missing = missing(&self.at("new"), &self.at("current"), &names);
            missing.unwrap().into_iter().collect()
        }
    }

    #[test]
    fn files_stay_the_same_and_links_stay_links() {
        let bench = bench();
        let mode = |path: &str, mode| {
            fs::set_permissions(bench.at(path), fs::Permissions::from_mode(mode)).unwrap();
        };
        mode("current/charts/deep", 0o555);
        bench.carry();
        for file in ["Chart.lock", "charts/x.tgz", "charts/deep/y"] {
            let inode = |folder| fs::metadata(bench.at(folder).join(file)).unwrap().ino();
            assert_eq!(inode("new"), inode("current"), "{file}");
        }
        for (link, target) in [("good", "x.tgz"), ("dangling", "../nowhere")] {
            let path = bench.at("new/charts").join(link);
            assert_eq!(fs::read_link(path).unwrap(), Path::new(target));
        }
        let deep = fs::metadata(bench.at("new/charts/deep")).unwrap();
        assert_eq!(deep.mode() & 0o777, 0o555);
        assert_eq!(bench.missing(), Vec::<String>::new());
        mode("current/charts/deep", 0o755);
        mode("new/charts/deep", 0o755);
    }

    #[test]
    fn a_refused_hard_link_is_a_copy_but_of_files_alone() {
        let bench = bench();
        let (from, to) = (bench.at("current/Chart.lock"), bench.at("new/Chart.lock"));
        let refuse = |_: &Path, _: &Path| Err(ErrorKind::PermissionDenied.into());
        let file = fs::metadata(&from).unwrap();
        link_or_copy(&from, &to, &file, refuse).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "Chart.lock");
        assert_ne!(fs::metadata(&to).unwrap().ino(), file.ino());

        // To copy a pipe would never end.
        let other = fs::metadata(bench.at("current")).unwrap();
        let error = link_or_copy(&from, &bench.at("new/other"), &other, refuse).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    }

    #[test]
    fn copies_are_held_also_when_half_written() {
        let bench = bench();
        bench.carry();
        for text in ["Chart.lock", "Chart", ""] {
            fs::remove_file(bench.at("new/Chart.lock")).unwrap();
            fs::write(bench.at("new/Chart.lock"), text).unwrap();
            assert_eq!(bench.missing(), Vec::<String>::new(), "{text:?}");
        }
    }

    #[test]
    fn what_only_the_left_folder_has_is_missing() {
        let bench = bench();
        bench.carry();
        fs::remove_file(bench.at("new/Chart.lock")).unwrap();
        fs::write(bench.at("new/Chart.lock"), "Chart.lock, longer").unwrap();
        fs::remove_file(bench.at("new/charts/good")).unwrap();
        symlink("other", bench.at("new/charts/good")).unwrap();
        fs::write(bench.at("new/charts/own"), "").unwrap();
        fs::remove_dir_all(bench.at("current/charts/deep")).unwrap();
        fs::write(bench.at("current/charts/deep"), "now a file").unwrap();
        fs::remove_file(bench.at("current/charts/x.tgz")).unwrap();
        symlink("deep", bench.at("current/charts/x.tgz")).unwrap();
        assert_eq!(
            bench.missing(),
            [
                "Chart.lock",
                "charts/deep/y",
                "charts/good",
                "charts/own",
                "charts/x.tgz"
            ]
        );
    }
}
