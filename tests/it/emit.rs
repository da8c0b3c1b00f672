//! Trees on disk: whole or not at all, and nobody else's files touched.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use invgen::check::{self, Difference};
use invgen::emit::{self, EmitError, File, MARKER, Written};
use tempfile::TempDir;

/// Set for a copy of this program that a test starts: the folder to work on.
const OUT: &str = "INVGEN_TEST_OUT";

/// What another program owns in the tests that keep anything.
const KEPT: [&str; 2] = ["Chart.lock", "charts"];

/// Nothing kept.
fn write(dir: &Path, files: &[File]) -> Result<Written, EmitError> {
    emit::write(dir, files, &[])
}

/// Nothing kept.
fn differences(dir: &Path, files: &[File]) -> Result<Vec<Difference>, EmitError> {
    check::differences(dir, files, &[])
}

fn file(path: impl Into<String>, text: impl Into<String>) -> File {
    File {
        path: path.into(),
        text: text.into(),
    }
}

fn small() -> Vec<File> {
    vec![
        file("namespace.yaml", "kind: Namespace\n"),
        file("web/deployment.yaml", "kind: Deployment\nreplicas: 2\n"),
        file("web/service.yaml", "kind: Service\n"),
    ]
}

fn other() -> Vec<File> {
    vec![
        file("db/statefulset.yaml", "kind: StatefulSet\n"),
        file("namespace.yaml", "kind: Namespace\n"),
        file("web/deployment.yaml", "kind: Deployment\nreplicas: 3\n"),
    ]
}

/// Several hundred files; trees of two generations share some paths, but no content.
fn large(generation: usize) -> Vec<File> {
    (0..300)
        .map(|number| {
            let folder = number % 20;
            let path = if number % 3 == 0 {
                format!("part-{folder:02}/only-{generation}/{number:03}.yaml")
            } else {
                format!("part-{folder:02}/{number:03}.yaml")
            };
            let line = format!("generation: {generation} # file {number}\n");
            file(path, line.repeat(1 + number % 40))
        })
        .collect()
}

/// All files below a folder with their content, symbolic links and special files included as such.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn add(top: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                add(top, &path, found);
            } else {
                let name = path.strip_prefix(top).unwrap().to_str().unwrap();
                found.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    add(folder, folder, &mut found);
    found
}

/// What a folder holds after `files` were written to it.
fn expected(files: &[File]) -> BTreeMap<String, Vec<u8>> {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out");
    write(&out, files).unwrap();
    let contents = contents(&out);
    assert_eq!(contents.len(), files.len() + 1);
    for file in files {
        assert_eq!(contents[&file.path], file.text.as_bytes());
    }
    contents
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A fresh folder and `out` in it, which holds [`small`].
fn written() -> (TempDir, PathBuf) {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    write(&out, &small()).unwrap();
    (top, out)
}

/// Asserts that writing is refused, that nothing beside or in the folder has changed, and gives the message.
#[track_caller]
fn refused(out: &Path, files: &[File]) -> EmitError {
    let top = out.parent().unwrap();
    let before = contents(top);
    let error = write(out, files).unwrap_err();
    assert_eq!(contents(top), before, "{error}");
    error
}

/// A copy of this program that runs one test alone, which then finds [`OUT`].
fn copy(test: &str, out: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", &format!("emit::{test}"), "--nocapture"])
        .env(OUT, out)
        .stdout(Stdio::piped());
    command
}

/// Tells the parent that the work begins.
fn ready() {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(b"\nready\n").unwrap();
    stdout.flush().unwrap();
}

/// Starts a copy, kills it `delay` after it is ready, and waits for its end.
fn kill_after(mut command: Command, delay: Duration) {
    let mut child: Child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        lines.any(|line| line.unwrap() == "ready"),
        "the copy did not start"
    );
    std::thread::sleep(delay);
    // Still at work, so that the kill has hit something.
    assert_eq!(child.try_wait().unwrap(), None);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// How long it takes here and now to write a tree in the place of another.
fn rewriting() -> Duration {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    write(&out, &large(1)).unwrap();
    let start = Instant::now();
    write(&out, &large(2)).unwrap();
    start.elapsed()
}

/// Delays that cover a stretch of time evenly.
fn delays(count: u32, range: Duration) -> impl Iterator<Item = Duration> {
    (0..count).map(move |index| range * index / count)
}

#[test]
fn a_kill_at_any_moment_leaves_one_whole_tree() {
    kills_leave_one_whole_tree("a_kill_at_any_moment_leaves_one_whole_tree", &[]);
}

#[test]
fn and_all_that_is_kept_in_it() {
    let mut kept = vec![file("Chart.lock", "digest: x\n")];
    kept.extend((0..100).map(|number| {
        let path = format!("charts/part-{}/{number}.tgz", number % 7);
        file(path, format!("{number}").repeat(1000))
    }));
    kills_leave_one_whole_tree("and_all_that_is_kept_in_it", &kept);
}

/// Kills copies of this program, which run `test`, at many moments.
fn kills_leave_one_whole_tree(test: &str, kept: &[File]) {
    let write = |out: &Path, tree: &[File]| emit::write(out, tree, &KEPT);
    let trees = [large(1), large(2)];
    if let Some(out) = std::env::var_os(OUT) {
        ready();
        for tree in trees.iter().cycle() {
            write(Path::new(&out), tree).unwrap();
        }
    }

    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    let whole = trees.each_ref().map(|tree| {
        let mut whole = expected(tree);
        whole.extend(
            kept.iter()
                .map(|file| (file.path.clone(), file.text.clone().into_bytes())),
        );
        whole
    });
    write(&out, &trees[0]).unwrap();
    for file in kept {
        let path = out.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    let (mut seen, mut interrupted) = ([0, 0], 0);
    // Disks vary in speed from one second to the next: kills come later until they have hit every stage.
    let mut range = 2 * rewriting();
    for _ in 0..5 {
        for delay in delays(64, range) {
            kill_after(copy(test, &out), delay);
            let found = contents(&out);
            let tree = whole.iter().position(|tree| *tree == found);
            let tree =
                tree.unwrap_or_else(|| panic!("a mixture after {delay:?}: {:?}", found.keys()));
            seen[tree] += 1;
            interrupted += usize::from(names(top.path()).len() > 1);
        }
        if seen.iter().all(|&times| times >= 10) && interrupted >= 20 {
            break;
        }
        range *= 2;
    }
    assert!(
        seen.iter().all(|&times| times >= 10),
        "the trees were found {seen:?} times"
    );
    assert!(
        interrupted >= 20,
        "only {interrupted} kills hit a run at work"
    );

    write(&out, &trees[1]).unwrap();
    assert_eq!(contents(&out), whole[1]);
    assert_eq!(names(top.path()), ["out"]);
}

#[test]
fn a_kill_during_the_first_run_leaves_a_whole_tree_or_none() {
    let tree = large(1);
    if let Some(out) = std::env::var_os(OUT) {
        ready();
        write(Path::new(&out), &tree).unwrap();
        std::thread::sleep(Duration::from_mins(1));
    }

    let whole = expected(&tree);
    for delay in delays(20, rewriting()) {
        let top = tempfile::tempdir().unwrap();
        let out = top.path().join("deep/out");
        kill_after(
            copy(
                "a_kill_during_the_first_run_leaves_a_whole_tree_or_none",
                &out,
            ),
            delay,
        );
        assert!(!out.exists() || contents(&out) == whole);
        write(&out, &tree).unwrap();
        assert_eq!(contents(&out), whole);
        assert_eq!(names(&top.path().join("deep")), ["out"]);
    }
}

#[test]
fn concurrent_writers_leave_one_whole_tree() {
    let trees = [large(1), large(2)];
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (out, trees) = (&out, &trees);
            scope.spawn(move || {
                for round in 0..5 {
                    write(out, &trees[(writer + round) % 2]).unwrap();
                }
            });
        }
    });
    assert!(trees.iter().any(|tree| expected(tree) == contents(&out)));
    assert_eq!(names(top.path()), ["out"]);
}

#[test]
fn a_tree_is_replaced_as_a_whole_and_keeps_its_permissions() {
    let (top, out) = written();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o2750)).unwrap();
    let change = write(&out, &other()).unwrap();
    assert_eq!(
        (
            change.added,
            change.changed,
            change.removed,
            change.unchanged
        ),
        (1, 1, 1, 1)
    );
    assert_eq!(contents(&out), expected(&other()));
    assert_eq!(fs::metadata(&out).unwrap().mode() & 0o7777, 0o2750);
    assert_eq!(names(top.path()), ["out"]);
}

#[test]
fn files_turn_into_folders_and_back() {
    let (_top, out) = written();
    let turned = [file("namespace.yaml/web", "x"), file("web", "y")];
    write(&out, &turned).unwrap();
    assert_eq!(contents(&out), expected(&turned));
    write(&out, &small()).unwrap();
    assert_eq!(contents(&out), expected(&small()));
}

#[test]
fn an_unchanged_tree_is_not_touched() {
    let (_top, out) = written();
    let stamps = || -> Vec<_> {
        let mut paths = vec![out.clone(), out.join("web"), out.join(MARKER)];
        paths.extend(small().iter().map(|file| out.join(&file.path)));
        paths
            .iter()
            .map(|path| fs::metadata(path).unwrap())
            .map(|m| (m.ino(), m.mtime(), m.mtime_nsec(), m.ctime_nsec()))
            .collect()
    };
    let before = stamps();
    let change = write(&out, &small()).unwrap();
    assert_eq!(
        (
            change.added,
            change.changed,
            change.removed,
            change.unchanged
        ),
        (0, 0, 0, 3)
    );
    assert_eq!(stamps(), before);

    write(&out, &other()).unwrap();
    write(&out, &small()).unwrap();
    assert_ne!(stamps(), before);
}

#[test]
fn parents_are_created_and_an_empty_folder_is_taken() {
    let top = tempfile::tempdir().unwrap();
    write(&top.path().join("a/b/out"), &small()).unwrap();
    assert_eq!(contents(&top.path().join("a/b/out")), expected(&small()));
    fs::create_dir_all(top.path().join("empty/in/empty")).unwrap();
    write(&top.path().join("empty"), &small()).unwrap();
    assert_eq!(contents(&top.path().join("empty")), expected(&small()));
    assert!(!top.path().join("empty/in").exists());
}

#[test]
fn outputs_relative_to_the_working_directory() {
    if std::env::var_os(OUT).is_some() {
        for out in ["out", "./deep/er/", "out/../beside"] {
            write(Path::new(out), &small()).unwrap();
        }
        write(Path::new("deep/er/."), &other()).unwrap();
        std::env::set_current_dir("out").unwrap();
        write(Path::new("."), &other()).unwrap();
        return;
    }
    let top = tempfile::tempdir().unwrap();
    let status = copy("outputs_relative_to_the_working_directory", top.path())
        .current_dir(top.path())
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    assert_eq!(names(top.path()), ["beside", "deep", "out"]);
    assert_eq!(contents(&top.path().join("beside")), expected(&small()));
    assert_eq!(contents(&top.path().join("deep/er")), expected(&other()));
    assert_eq!(contents(&top.path().join("out")), expected(&other()));
}

#[test]
fn a_folder_that_is_not_ours_is_refused() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    fs::create_dir_all(out.join("sub")).unwrap();
    for name in ["README.md", "b", "c", "d", "e", "sub/f"] {
        fs::write(out.join(name), "mine").unwrap();
    }
    let error = refused(&out, &small());
    assert!(matches!(error, EmitError::NotOurs { .. }));
    let message = error.to_string();
    assert!(
        message.contains("(found `README.md`, `b`, `c`, `d`, `e` and 1 more)"),
        "{message}"
    );
    assert!(
        message.contains("name a new or an empty one with `-o`"),
        "{message}"
    );

    // The right files alone do not make it ours.
    let (_top, out) = written();
    fs::remove_file(out.join(MARKER)).unwrap();
    assert!(matches!(refused(&out, &small()), EmitError::NotOurs { .. }));
}

#[test]
fn strangers_are_refused_wherever_they_are() {
    for stranger in [
        "README.md",
        ".git/HEAD",
        "web/own.yaml",
        "web/deep/er/own.yaml",
        ".hidden",
    ] {
        let (_top, out) = written();
        fs::create_dir_all(out.join(stranger).parent().unwrap()).unwrap();
        fs::write(out.join(stranger), "mine").unwrap();
        for files in [small(), other()] {
            let error = refused(&out, &files);
            assert!(matches!(error, EmitError::Strangers { .. }), "{error}");
            let shown = match stranger {
                ".git/HEAD" => "`.git/`",
                "web/deep/er/own.yaml" => "`web/deep/`",
                other => &format!("`{other}`"),
            };
            assert!(error.to_string().contains(shown), "{error}");
        }
    }
}

#[test]
fn what_another_program_owns_is_kept_and_other_strangers_are_refused() {
    let (top, out) = written();
    fs::create_dir_all(out.join("charts/empty")).unwrap();
    fs::write(out.join("Chart.lock"), "digest: x\n").unwrap();
    fs::write(out.join("charts/x.tgz"), "packed").unwrap();
    symlink("x.tgz", out.join("charts/latest")).unwrap();
    symlink("../../elsewhere", out.join("charts/gone")).unwrap();
    let stamps = || {
        ["Chart.lock", "charts/x.tgz"]
            .map(|path| fs::metadata(out.join(path)).unwrap())
            .map(|m| (m.ino(), m.nlink(), m.mtime(), m.mtime_nsec(), m.mode()))
    };
    let before = stamps();
    for files in [small(), other(), other(), small()] {
        emit::write(&out, &files, &KEPT).unwrap();
        assert_eq!(stamps(), before);
        assert_eq!(
            names(&out.join("charts")),
            ["empty", "gone", "latest", "x.tgz"]
        );
        for (link, target) in [("latest", "x.tgz"), ("gone", "../../elsewhere")] {
            let found = fs::read_link(out.join("charts").join(link)).unwrap();
            assert_eq!(found, Path::new(target));
        }
        assert_eq!(check::differences(&out, &files, &KEPT).unwrap(), []);
        assert_eq!(names(top.path()), ["out"]);
    }

    // Only under these names, only at the top, and only where the caller says so.
    assert!(matches!(
        write(&out, &small()),
        Err(EmitError::Strangers { .. })
    ));
    assert_eq!(differences(&out, &small()).unwrap().len(), 2);
    for stranger in ["own.txt", "web/Chart.lock", "Chart.lock.bak"] {
        fs::write(out.join(stranger), "mine").unwrap();
        let error = emit::write(&out, &other(), &KEPT).unwrap_err();
        assert!(
            matches!(&error, EmitError::Strangers { found, .. } if found.0 == [stranger]),
            "{error}"
        );
        let path = stranger.to_owned();
        assert_eq!(
            check::differences(&out, &small(), &KEPT).unwrap(),
            [Difference::Unexpected { path }]
        );
        fs::remove_file(out.join(stranger)).unwrap();
    }
    assert_eq!(stamps(), before);
}

#[test]
fn a_link_that_is_kept_is_not_followed() {
    let (top, out) = written();
    fs::create_dir(top.path().join("shared")).unwrap();
    fs::write(top.path().join("shared/x.tgz"), "packed").unwrap();
    symlink("../shared", out.join("charts")).unwrap();
    emit::write(&out, &other(), &KEPT).unwrap();
    let target = fs::read_link(out.join("charts")).unwrap();
    assert_eq!(target, Path::new("../shared"));
    assert_eq!(names(&top.path().join("shared")), ["x.tgz"]);
    assert_eq!(names(top.path()), ["out", "shared"]);
}

#[test]
fn a_folder_without_a_marker_keeps_nothing_and_is_refused() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    fs::create_dir_all(out.join("charts")).unwrap();
    fs::write(out.join("charts/own.yaml"), "mine").unwrap();
    let error = emit::write(&out, &small(), &KEPT).unwrap_err();
    assert!(matches!(error, EmitError::NotOurs { .. }), "{error}");
    assert_eq!(names(&out), ["charts"]);
}

#[test]
fn a_link_in_the_place_of_a_file_is_a_stranger() {
    let (top, out) = written();
    fs::write(top.path().join("precious"), "mine").unwrap();
    fs::remove_file(out.join("web/service.yaml")).unwrap();
    symlink("../../precious", out.join("web/service.yaml")).unwrap();
    assert!(matches!(
        refused(&out, &small()),
        EmitError::Strangers { .. }
    ));
    assert!(matches!(
        refused(&out, &other()),
        EmitError::Strangers { .. }
    ));

    let (top, out) = written();
    fs::rename(out.join("web"), top.path().join("web")).unwrap();
    symlink("../web", out.join("web")).unwrap();
    let error = write(&out, &other()).unwrap_err();
    assert!(matches!(error, EmitError::Strangers { .. }), "{error}");
    assert_eq!(
        names(&top.path().join("web")),
        ["deployment.yaml", "service.yaml"]
    );
}

#[test]
fn names_that_are_no_text_are_strangers() {
    use std::os::unix::ffi::OsStrExt;
    let (_top, out) = written();
    fs::write(out.join(std::ffi::OsStr::from_bytes(b"\xff.yaml")), "mine").unwrap();
    let error = write(&out, &small()).unwrap_err();
    assert!(matches!(error, EmitError::Strangers { .. }), "{error}");
}

#[test]
fn a_marker_changed_by_hand_is_refused() {
    let (top, out) = written();
    fs::write(top.path().join("precious"), "mine").unwrap();
    let marker = out.join(MARKER);
    let text = fs::read_to_string(&marker).unwrap();
    for damaged in [
        String::new(),
        "namespace.yaml\n".into(),
        text.clone() + "../precious\n",
        text.clone() + "/etc/hostname\n",
        text.clone() + "web/../../precious\n",
    ] {
        fs::write(&marker, &damaged).unwrap();
        let error = refused(&out, &other());
        assert!(
            matches!(error, EmitError::MarkerDamaged { .. }),
            "{damaged:?}: {error}"
        );
        assert!(
            error
                .to_string()
                .contains("restore it, or delete the folder")
        );
        // A check tells it as a difference.
        let found = differences(&out, &small()).unwrap();
        assert!(matches!(&found[..], [Difference::Changed { path, .. }] if path == MARKER));
    }

    // A line taken out makes its file a stranger; a line for a file that is gone does no harm.
    fs::write(&marker, text.replace("web/service.yaml\n", "")).unwrap();
    assert!(matches!(
        refused(&out, &other()),
        EmitError::Strangers { .. }
    ));
    fs::write(&marker, text.clone() + "gone/away.yaml\n").unwrap();
    write(&out, &small()).unwrap();
    assert_eq!(fs::read_to_string(&marker).unwrap(), text);

    fs::remove_file(&marker).unwrap();
    symlink("../precious", &marker).unwrap();
    assert!(matches!(
        refused(&out, &other()),
        EmitError::MarkerDamaged { .. }
    ));
}

#[test]
fn a_link_to_the_folder_is_followed() {
    let (top, out) = written();
    let link = top.path().join("link");
    symlink("out", &link).unwrap();
    write(&link, &other()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(contents(&out), expected(&other()));

    // Also when what it leads to is yet to be created.
    symlink("deep/new", top.path().join("to-new")).unwrap();
    write(&top.path().join("to-new"), &small()).unwrap();
    assert_eq!(contents(&top.path().join("deep/new")), expected(&small()));

    symlink("loop", top.path().join("loop")).unwrap();
    let error = write(&top.path().join("loop"), &small()).unwrap_err();
    assert!(matches!(error, EmitError::NoName { .. }), "{error}");
}

#[test]
fn a_file_in_the_way_is_refused() {
    let (top, out) = written();
    let in_the_way = top.path().join("file");
    fs::write(&in_the_way, "mine").unwrap();
    let error = refused(&in_the_way, &small());
    assert!(matches!(error, EmitError::NotAFolder { .. }));
    assert!(matches!(
        differences(&in_the_way, &small()),
        Err(EmitError::NotAFolder { .. })
    ));
    let below = write(&in_the_way.join("out"), &small()).unwrap_err();
    assert!(
        matches!(&below, EmitError::NotAFolder { path } if *path == in_the_way),
        "{below}"
    );
    assert_eq!(names(top.path()), ["file", "out"]);
    assert_eq!(contents(&out), expected(&small()));
}

#[test]
fn places_that_cannot_be_replaced_are_refused() {
    let error = write(Path::new("/"), &small()).unwrap_err();
    assert!(matches!(error, EmitError::NoName { .. }), "{error}");
    let error = write(Path::new(""), &small()).unwrap_err();
    assert!(matches!(error, EmitError::NoName { .. }), "{error}");
    if cfg!(target_os = "linux") {
        let error = write(Path::new("/proc"), &small()).unwrap_err();
        assert!(matches!(error, EmitError::MountPoint { .. }), "{error}");
        assert!(
            error.to_string().contains("such as `/proc/manifests`"),
            "{error}"
        );
    }
}

#[test]
fn paths_that_leave_the_folder_are_our_fault() {
    let (_top, out) = written();
    for path in [
        "../escaped.yaml",
        "/escaped.yaml",
        "web/../../escaped.yaml",
        ".invgen",
    ] {
        let error = refused(&out, &[file("ok.yaml", "x"), file(path, "x")]);
        assert!(error.is_fault(), "{error}");
        assert!(
            differences(&out, &[file(path, "x")])
                .unwrap_err()
                .is_fault()
        );
    }
}

/// Runs without the right to ignore permissions, which tests in containers often have.
#[cfg(target_os = "linux")]
fn without_privileges(work: impl FnOnce() + Send) {
    use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            // Capabilities belong to a thread and end with it.
            let mut sets = capabilities(None).unwrap();
            sets.effective
                .remove(CapabilitySet::DAC_OVERRIDE | CapabilitySet::DAC_READ_SEARCH);
            set_capabilities(None, sets).unwrap();
            work();
        });
        worker.join().unwrap();
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_parent_without_write_permission_is_told() {
    let (top, out) = written();
    let mode = |mode| fs::set_permissions(top.path(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    without_privileges(|| {
        let error = refused(&out, &other());
        assert!(
            matches!(&error, EmitError::Io { source, .. } if source.kind() == ErrorKind::PermissionDenied)
        );
        let message = error.to_string();
        assert!(message.contains(".out.invgen-new"), "{message}");
        assert!(
            message.contains("the folder that holds the output must be writable"),
            "{message}"
        );
        refused(&top.path().join("new"), &small());
        // Nothing to write needs no permission to.
        write(&out, &small()).unwrap();
    });
    mode(0o755);
    assert_eq!(names(top.path()), ["out"]);
}

#[cfg(target_os = "linux")]
#[test]
fn folders_without_write_permission_are_replaced_too() {
    let (top, out) = written();
    for folder in ["web", ""] {
        fs::set_permissions(out.join(folder), fs::Permissions::from_mode(0o555)).unwrap();
    }
    without_privileges(|| {
        write(&out, &other()).unwrap();
    });
    assert_eq!(contents(&out), expected(&other()));
    assert_eq!(fs::metadata(&out).unwrap().mode() & 0o7777, 0o555);
    assert_eq!(names(top.path()), ["out"]);
}

#[test]
fn a_full_disk_leaves_the_old_tree_and_nothing_else() {
    let large = [
        file("a.yaml", "x"),
        file("web/large.yaml", "x".repeat(1 << 20)),
    ];
    if let Some(out) = std::env::var_os(OUT) {
        let error = write(Path::new(&out), &large).unwrap_err();
        assert!(
            matches!(&error, EmitError::Io { path, source, .. }
                if path.ends_with("web/large.yaml") && source.kind() == ErrorKind::FileTooLarge),
            "{error}"
        );
        return;
    }
    let (top, out) = written();
    // A limit on the size of files fails a write halfway, as a full disk does.
    let limited = copy("a_full_disk_leaves_the_old_tree_and_nothing_else", &out);
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
        .arg(limited.get_program())
        .args(limited.get_args())
        .env(OUT, &out)
        .stdout(Stdio::piped())
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    assert_eq!(contents(&out), expected(&small()));
    assert_eq!(names(top.path()), ["out"]);
    // Without the limit the same tree is written.
    write(&out, &large).unwrap();
}

#[test]
fn a_check_lists_what_differs_and_writes_nothing() {
    let (top, out) = written();
    assert_eq!(differences(&out, &small()).unwrap(), []);

    fs::write(out.join("own.txt"), "mine").unwrap();
    fs::create_dir_all(out.join(".git/objects")).unwrap();
    fs::write(out.join(".git/HEAD"), "mine").unwrap();
    let before = contents(top.path());
    let list: Vec<_> = differences(&out, &other())
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        list,
        [
            "unexpected  .git/",
            "missing     db/statefulset.yaml",
            "unexpected  own.txt",
            "changed     web/deployment.yaml (line 2)",
            "unexpected  web/service.yaml",
        ]
    );
    assert_eq!(contents(top.path()), before);
}

#[test]
fn a_check_of_no_folder_misses_every_file() {
    let top = tempfile::tempdir().unwrap();
    let found = differences(&top.path().join("none"), &small()).unwrap();
    let missing: Vec<_> = small()
        .into_iter()
        .map(|File { path, .. }| Difference::Missing { path })
        .collect();
    assert_eq!(found, missing);
    assert_eq!(names(top.path()), Vec::<String>::new());
}

#[test]
fn a_check_tells_of_a_missing_marker_when_all_else_is_right() {
    let (_top, out) = written();
    fs::remove_file(out.join(MARKER)).unwrap();
    let path = MARKER.to_owned();
    assert_eq!(
        differences(&out, &small()).unwrap(),
        [Difference::Missing { path }]
    );
}
