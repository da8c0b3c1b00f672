//! A rendered tree into a directory: all of it, or nothing.
//!
//! The new tree is built in a hidden working folder beside the output and exchanged with it in one step, so that a kill
//! at any moment leaves the whole old tree or the whole new one. What a killed run leaves beside them, the next run
//! removes. Where the system cannot exchange folders, the old tree is renamed aside first: a kill between the two
//! renames leaves no output folder, and the next run brings the old one back before it does anything else.
//!
//! What another program keeps in the output is in both trees: the new one gets it before the exchange, and nothing of
//! it is removed with an old tree, or with one half built, that the output does not hold too.
//!
//! The guarantee is against kills and errors, not against power cuts: nothing waits for the disk, because every tree
//! can be rendered again.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::error::Names;
use super::remove::{known, remove};
use super::swap::{self, Exchange};
use super::{EmitError, File, MARKER, kept, marker, paths, survey};

/// What [`write`] did, in numbers of files; the marker is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were not there before.
    pub added: usize,
    /// Files with another content than before.
    pub changed: usize,
    /// Files that were there and are not in the new tree.
    pub removed: usize,
    /// Files with the same content as before.
    pub unchanged: usize,
}

/// Makes a folder hold exactly these files, and the [`MARKER`] that lists them.
///
/// A folder that does is not touched. One that does not exist is created, with its parents. Otherwise the whole folder
/// is replaced in one step; its permissions stay, and a symbolic link to it keeps leading to it.
///
/// `kept` are names of entries at the top of the folder that another program owns there. They pass into the new tree
/// as they are: the same files by hard links, or copies where the system refuses those; symbolic links as links;
/// folders made anew with the same permissions. Only a folder with a marker can have them.
///
/// Refuses, with nothing touched: paths that leave the folder or begin with a kept name; an output that is no folder
/// or a mount point; a folder with files but no marker; a folder with files that are not kept and that neither its
/// marker lists nor the new tree has.
pub fn write(dir: &Path, files: &[File], kept: &[&str]) -> Result<Written, EmitError> {
    write_with(dir, files, kept, swap::exchange)
}

fn write_with(
    dir: &Path,
    files: &[File],
    kept: &[&str],
    exchange: Exchange,
) -> Result<Written, EmitError> {
    paths::check(files, kept)?;
    let places = Places::of(dir)?;
    create_parents(&places.parent)?;
    let lock = lock(&places.parent)?;
    tidy(&places, files, kept, lock.is_some())?;

    let marker = marker::text(files);
    let old = Old::read(dir, &places, files, kept, &marker)?;
    if let Some(old) = &old
        && old.same
    {
        return Ok(old.written);
    }
    start(&places.new)?;
    let past = build(&places.new, files, &marker)
        .and_then(|()| kept::carry(&places.current, &places.new, kept))
        .and_then(|()| place(&places, old.as_ref(), exchange))
        // The error that matters is the first one; what cannot be removed now, the next run will try.
        .inspect_err(|_| drop(remove(&places.new, &places.current, files, kept)))?;
    if let Some(past) = past {
        remove(past, &places.current, files, kept)?;
    }
    let all_new = Written {
        added: files.len(),
        ..Written::default()
    };
    Ok(old.map_or(all_new, |old| old.written))
}

/// The folders of one run, all in the same parent.
struct Places {
    parent: PathBuf,
    /// The output, with symbolic links followed.
    current: PathBuf,
    /// Where the new tree is built, and where the old one is after an exchange.
    new: PathBuf,
    /// Where the old tree is when folders cannot be exchanged.
    aside: PathBuf,
}

impl Places {
    fn of(dir: &Path) -> Result<Self, EmitError> {
        let current = follow(dir)?;
        let no_name = || EmitError::NoName { path: dir.into() };
        let name = current.file_name().ok_or_else(no_name)?;
        let parent = match current.parent().ok_or_else(no_name)? {
            empty if empty.as_os_str().is_empty() => Path::new("."),
            parent => parent,
        };
        let beside = |suffix: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(suffix);
            parent.join(hidden)
        };
        Ok(Self {
            parent: parent.into(),
            new: beside(".invgen-new"),
            aside: beside(".invgen-old"),
            current: parent.join(name),
        })
    }
}

/// The path with symbolic links at its end followed, also when the last one leads to nothing yet.
fn follow(dir: &Path) -> Result<PathBuf, EmitError> {
    const LINKS: usize = 40;
    let mut path = dir.to_owned();
    for _ in 0..LINKS {
        if let Ok(canonical) = fs::canonicalize(&path) {
            return Ok(canonical);
        }
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(EmitError::NoName { path: dir.into() })
}

fn create_parents(parent: &Path) -> Result<(), EmitError> {
    match fs::create_dir_all(parent) {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory
            ) =>
        {
            Err(EmitError::NotAFolder {
                path: parent.into(),
            })
        }
        result => result.map_err(EmitError::io("create", parent)),
    }
}

/// Keeps other runs with the same parent waiting until the file is closed; `None` where folders cannot be locked, as
/// on NFS.
fn lock(parent: &Path) -> Result<Option<fs::File>, EmitError> {
    let folder = fs::File::open(parent).map_err(EmitError::io("open", parent))?;
    loop {
        match folder.lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Ok(None),
        }
    }
}

/// Ends what a killed run began. Under the lock, whatever stands beside the output was left by one; without a lock
/// nobody can tell.
fn tidy(places: &Places, files: &[File], kept: &[&str], locked: bool) -> Result<(), EmitError> {
    for left in [&places.aside, &places.new] {
        if !locked && fs::symlink_metadata(left).is_ok() {
            return Err(EmitError::Busy { path: left.clone() });
        }
    }
    swap::restore(&places.current, &places.aside)?;
    remove(&places.aside, &places.current, files, kept)?;
    remove(&places.new, &places.current, files, kept)
}

/// What stands in the output folder before a run.
struct Old {
    permissions: Permissions,
    written: Written,
    /// Byte for byte what is to be written.
    same: bool,
}

impl Old {
    /// Reads the folder, or gives `None` when there is none; refuses one that is not ours to replace.
    fn read(
        dir: &Path,
        places: &Places,
        files: &[File],
        kept: &[&str],
        marker: &str,
    ) -> Result<Option<Self>, EmitError> {
        let current = &places.current;
        let metadata = match fs::metadata(current) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            result => result.map_err(EmitError::io("read", current))?,
        };
        let path = || dir.to_owned();
        if !metadata.is_dir() {
            return Err(EmitError::NotAFolder { path: path() });
        }
        let parent = fs::metadata(&places.parent).map_err(EmitError::io("read", &places.parent))?;
        if metadata.dev() != parent.dev() {
            return Err(EmitError::MountPoint { path: path() });
        }
        let listed = marker::read(current)?;
        let known = known(listed.as_ref(), files);
        let found = survey::survey(current, &known, kept)?;
        let all: BTreeSet<_> = [&found.known, &found.strangers, &found.kept]
            .into_iter()
            .flatten()
            .collect();
        if listed.is_none() && !all.is_empty() {
            let found = Names(all.into_iter().cloned().collect());
            return Err(EmitError::NotOurs {
                path: path(),
                found,
            });
        }
        if !found.strangers.is_empty() {
            let found = Names(found.strangers.into_iter().collect());
            return Err(EmitError::Strangers {
                path: path(),
                found,
            });
        }
        let written = compare(current, files, &found.known)?;
        let all_the_same = written.added + written.changed + written.removed == 0;
        Ok(Some(Self {
            permissions: metadata.permissions(),
            written,
            same: all_the_same && listed.is_some() && is(&current.join(MARKER), marker)?,
        }))
    }
}

fn compare(
    folder: &Path,
    files: &[File],
    present: &BTreeSet<String>,
) -> Result<Written, EmitError> {
    let mut written = Written::default();
    for file in files {
        if !present.contains(&file.path) {
            written.added += 1;
        } else if is(&folder.join(&file.path), &file.text)? {
            written.unchanged += 1;
        } else {
            written.changed += 1;
        }
    }
    let stayed = written.unchanged + written.changed;
    let before = present.iter().filter(|path| *path != MARKER).count();
    written.removed = before - stayed;
    Ok(written)
}

fn is(path: &Path, text: &str) -> Result<bool, EmitError> {
    let bytes = fs::read(path).map_err(EmitError::io("read", path))?;
    Ok(bytes == text.as_bytes())
}

/// Creates the working folder.
fn start(new: &Path) -> Result<(), EmitError> {
    match fs::create_dir(new) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(EmitError::Busy { path: new.into() })
        }
        result => result.map_err(EmitError::io("create", new)),
    }
}

/// Fills the working folder, the marker first: it is what lets the next run remove the rest.
fn build(new: &Path, files: &[File], marker: &str) -> Result<(), EmitError> {
    create(&new.join(MARKER), marker)?;
    let folders: BTreeSet<_> = files
        .iter()
        .flat_map(|file| paths::folders(&file.path))
        .collect();
    for folder in folders {
        let path = new.join(folder);
        fs::create_dir(&path).map_err(EmitError::io("create", path))?;
    }
    for file in files {
        create(&new.join(&file.path), &file.text)?;
    }
    Ok(())
}

/// Puts the finished tree in its place, and says where the old one is now.
fn place<'a>(
    places: &'a Places,
    old: Option<&Old>,
    exchange: Exchange,
) -> Result<Option<&'a Path>, EmitError> {
    let Places {
        current,
        new,
        aside,
        ..
    } = places;
    if let Some(old) = old {
        let permissions = old.permissions.clone();
        fs::set_permissions(new, permissions).map_err(EmitError::io("set permissions of", new))?;
        return swap::replace(new, current, aside, exchange).map(Some);
    }
    fs::rename(new, current).map_err(EmitError::io("create", current))?;
    Ok(None)
}

fn create(path: &Path, text: &str) -> Result<(), EmitError> {
    fs::File::create_new(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(EmitError::io("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing kept.
    fn write(dir: &Path, files: &[File]) -> Result<Written, EmitError> {
        super::write(dir, files, &[])
    }

    fn tree(texts: &[(&str, &str)]) -> Vec<File> {
        texts
            .iter()
            .map(|(path, text)| File {
                path: (*path).into(),
                text: (*text).into(),
            })
            .collect()
    }

    fn one() -> Vec<File> {
        tree(&[("web/a.yaml", "a: 1\n"), ("web/b.yaml", "b: 1\n")])
    }

    fn two() -> Vec<File> {
        tree(&[("web/a.yaml", "a: 2\n"), ("db/c.yaml", "c: 2\n")])
    }

    /// A file system that cannot exchange folders.
    const NEVER: Exchange = |_, _| Ok(false);

    struct Bench {
        top: tempfile::TempDir,
        places: Places,
    }

    /// A folder with `out` in it, which holds tree [`one`].
    fn bench() -> Bench {
        let top = tempfile::tempdir().unwrap();
        let out = top.path().join("out");
        write(&out, &one()).unwrap();
        let places = Places::of(&out).unwrap();
        Bench { top, places }
    }

    impl Bench {
        fn out(&self) -> PathBuf {
            self.top.path().join("out")
        }

        #[track_caller]
        fn assert_holds(&self, files: &[File]) {
            let known = known(None, files);
            let found = survey::survey(&self.out(), &known, &[]).unwrap();
            assert_eq!(found.strangers, BTreeSet::new());
            let written = compare(&self.out(), files, &found.known).unwrap();
            assert_eq!(written.unchanged, files.len());
            assert!(is(&self.out().join(MARKER), &marker::text(files)).unwrap());
        }

        #[track_caller]
        fn assert_alone(&self) {
            assert_eq!(entries(self.top.path()), ["out"]);
        }
    }

    fn entries(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_counted() {
        let bench = bench();
        let counts = |added, changed, removed, unchanged| Written {
            added,
            changed,
            removed,
            unchanged,
        };
        assert_eq!(write(&bench.out(), &two()).unwrap(), counts(1, 1, 1, 0));
        assert_eq!(write(&bench.out(), &two()).unwrap(), counts(0, 0, 0, 2));
        assert_eq!(write(&bench.out(), &[]).unwrap(), counts(0, 0, 2, 0));
        assert_eq!(write(&bench.out(), &one()).unwrap(), counts(2, 0, 0, 0));
        bench.assert_holds(&one());
    }

    #[test]
    fn without_an_exchange_the_old_tree_goes_aside() {
        let bench = bench();
        write_with(&bench.out(), &two(), &[], NEVER).unwrap();
        bench.assert_holds(&two());
        bench.assert_alone();
    }

    #[test]
    fn a_kill_between_two_renames_is_mended_by_the_next_run() {
        let bench = bench();
        fs::rename(bench.out(), &bench.places.aside).unwrap();
        start(&bench.places.new).unwrap();
        build(&bench.places.new, &two(), &marker::text(&two())).unwrap();

        write_with(&bench.out(), &one(), &[], NEVER).unwrap();
        bench.assert_holds(&one());
        bench.assert_alone();
    }

    #[test]
    fn a_refused_run_after_such_a_kill_still_brings_the_old_tree_back() {
        let bench = bench();
        fs::write(bench.out().join("own.txt"), "mine").unwrap();
        fs::rename(bench.out(), &bench.places.aside).unwrap();

        let refused = write_with(&bench.out(), &two(), &[], NEVER);
        assert!(matches!(refused, Err(EmitError::Strangers { .. })));
        assert_eq!(entries(&bench.out()), [".invgen", "own.txt", "web"]);
        bench.assert_alone();
    }

    #[test]
    fn a_failed_rename_brings_the_old_tree_back() {
        let bench = bench();
        let Places {
            current,
            new,
            aside,
            ..
        } = &bench.places;
        let missing_new = swap::replace(new, current, aside, NEVER);
        assert!(matches!(missing_new, Err(EmitError::Io { .. })));
        bench.assert_holds(&one());
        bench.assert_alone();
    }

    #[test]
    fn a_failed_exchange_leaves_the_old_tree_and_no_working_folder() {
        for (kind, mount) in [(ErrorKind::ResourceBusy, true), (ErrorKind::Other, false)] {
            let bench = bench();
            let exchange: Exchange = match kind {
                ErrorKind::ResourceBusy => |_, _| Err(ErrorKind::ResourceBusy.into()),
                _ => |_, _| Err(ErrorKind::Other.into()),
            };
            let error = write_with(&bench.out(), &two(), &[], exchange).unwrap_err();
            assert_eq!(
                matches!(error, EmitError::MountPoint { .. }),
                mount,
                "{error}"
            );
            bench.assert_holds(&one());
            bench.assert_alone();
        }
    }

    #[test]
    fn half_a_working_folder_is_removed_at_any_stage() {
        for stage in 0..4 {
            let bench = bench();
            let new = &bench.places.new;
            let text = marker::text(&two());
            fs::create_dir(new).unwrap();
            match stage {
                0 => {}
                // Killed while the marker was written: not at all, in the first line, in a path.
                1 => fs::write(new.join(MARKER), "").unwrap(),
                2 => fs::write(new.join(MARKER), &text[..20]).unwrap(),
                _ => {
                    fs::write(new.join(MARKER), &text[..text.len() - 9]).unwrap();
                    fs::create_dir(new.join("db")).unwrap();
                }
            }
            write(&bench.out(), &one()).unwrap();
            bench.assert_holds(&one());
            bench.assert_alone();
        }
    }

    const KEPT: [&str; 2] = ["Chart.lock", "charts"];

    /// Tree [`one`], with files of another program under the names [`KEPT`].
    fn bench_with_kept() -> Bench {
        let bench = bench();
        fs::create_dir(bench.out().join("charts")).unwrap();
        for file in KEPT_FILES {
            fs::write(bench.out().join(file), file).unwrap();
        }
        bench
    }

    const KEPT_FILES: [&str; 3] = ["Chart.lock", "charts/x.tgz", "charts/y.tgz"];

    /// Asserts that `files` and all of [`KEPT_FILES`] are there, and nothing else.
    #[track_caller]
    fn assert_holds_with_kept(bench: &Bench, files: &[File]) {
        let found = survey::survey(&bench.out(), &known(None, files), &KEPT).unwrap();
        assert_eq!(found.strangers, BTreeSet::new());
        assert_eq!(found.known.len(), files.len() + 1);
        assert_eq!(entries(&bench.out().join("charts")), ["x.tgz", "y.tgz"]);
        for file in KEPT_FILES {
            assert_eq!(fs::read_to_string(bench.out().join(file)).unwrap(), file);
        }
        bench.assert_alone();
    }

    #[test]
    fn what_is_kept_passes_into_the_new_tree() {
        for exchange in [swap::exchange, NEVER] {
            let bench = bench_with_kept();
            for files in [two(), two(), one()] {
                write_with(&bench.out(), &files, &KEPT, exchange).unwrap();
                assert_holds_with_kept(&bench, &files);
            }
        }
    }

    #[test]
    fn what_is_kept_outlives_a_kill_at_any_stage() {
        for (exchange, stages) in [(swap::exchange as Exchange, 0..4), (NEVER, 0..5)] {
            for stage in stages {
                let bench = bench_with_kept();
                let Places {
                    current,
                    new,
                    aside,
                    ..
                } = &bench.places;
                start(new).unwrap();
                build(new, &two(), &marker::text(&two())).unwrap();
                match stage {
                    // Halfway through carrying: a folder begun, a copy half written.
                    0 => {
                        fs::create_dir(new.join("charts")).unwrap();
                        fs::write(new.join("charts/x.tgz"), "charts/").unwrap();
                    }
                    1 => kept::carry(current, new, &KEPT).unwrap(),
                    2 | 3 => {
                        kept::carry(current, new, &KEPT).unwrap();
                        let past = swap::replace(new, current, aside, exchange).unwrap();
                        if stage == 3 {
                            // Halfway through removing the old tree.
                            fs::remove_file(past.join("charts/x.tgz")).unwrap();
                            fs::remove_file(past.join("Chart.lock")).unwrap();
                        }
                    }
                    _ => {
                        kept::carry(current, new, &KEPT).unwrap();
                        fs::rename(current, aside).unwrap();
                    }
                }
                write_with(&bench.out(), &one(), &KEPT, exchange).unwrap();
                assert_holds_with_kept(&bench, &one());
            }
        }
    }

    #[test]
    fn what_only_the_old_tree_has_is_not_removed_with_it() {
        // Another program adds a file between the carrying and the exchange.
        let late: Exchange = |new, current| {
            fs::write(current.join("charts/late.tgz"), "late")?;
            swap::exchange(new, current)
        };
        let bench = bench_with_kept();
        let error = write_with(&bench.out(), &two(), &KEPT, late).unwrap_err();
        let Places { new, current, .. } = &bench.places;
        assert!(
            matches!(&error, EmitError::Leftover { found, .. } if found.0 == ["charts/late.tgz"]),
            "{error}"
        );
        assert_eq!(
            entries(&new.join("charts")),
            ["late.tgz", "x.tgz", "y.tgz"],
            "nothing was removed"
        );
        // Moved to where it belongs, it no longer stands in the way.
        fs::rename(new.join("charts/late.tgz"), current.join("charts/late.tgz")).unwrap();
        super::write(&bench.out(), &one(), &KEPT).unwrap();
        assert_eq!(
            entries(&current.join("charts")),
            ["late.tgz", "x.tgz", "y.tgz"]
        );
        bench.assert_alone();
    }

    #[test]
    fn a_failed_exchange_keeps_what_is_kept() {
        let bench = bench_with_kept();
        let failing: Exchange = |_, _| Err(ErrorKind::Other.into());
        write_with(&bench.out(), &two(), &KEPT, failing).unwrap_err();
        assert_holds_with_kept(&bench, &one());
    }

    #[test]
    fn a_working_folder_with_strangers_is_kept_whole() {
        let bench = bench();
        let new = &bench.places.new;
        start(new).unwrap();
        build(new, &two(), &marker::text(&two())).unwrap();
        fs::write(new.join("web/own.txt"), "mine").unwrap();

        let error = write(&bench.out(), &two()).unwrap_err();
        assert!(matches!(&error, EmitError::Leftover { found, .. } if found.0 == ["web/own.txt"]));
        assert_eq!(entries(&new.join("web")), ["a.yaml", "own.txt"]);
        bench.assert_holds(&one());
    }

    #[test]
    fn a_file_in_the_place_of_a_working_folder_is_kept() {
        let bench = bench();
        fs::write(&bench.places.new, "mine").unwrap();
        let error = write(&bench.out(), &two()).unwrap_err();
        assert!(matches!(error, EmitError::Leftover { .. }), "{error}");
        assert_eq!(fs::read_to_string(&bench.places.new).unwrap(), "mine");
        bench.assert_holds(&one());
    }

    #[test]
    fn without_locks_the_working_folder_of_another_run_is_kept() {
        let bench = bench();
        for left in [&bench.places.new, &bench.places.aside] {
            start(left).unwrap();
            let error = tidy(&bench.places, &two(), &[], false).unwrap_err();
            assert!(matches!(&error, EmitError::Busy { path } if path == left));
            assert!(left.is_dir());
            fs::remove_dir(left).unwrap();
        }
        assert!(tidy(&bench.places, &two(), &[], false).is_ok());
        assert!(matches!(start(&bench.out()), Err(EmitError::Busy { .. })));
    }
}
