//! External programs that a test verifies with: found, or named as missing.

use std::path::PathBuf;

/// The folder into which `scripts/tools` installs pinned programs: `$INVGEN_TOOLS`, else `~/.cache/invgen/tools`.
pub fn folder() -> PathBuf {
    std::env::var_os("INVGEN_TOOLS").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/invgen/tools"),
        PathBuf::from,
    )
}

/// The path of a program in `bin/` of [`folder`], else on `PATH`, else where Debian keeps servers.
///
/// When it is missing, a CI run (`CI=true`) fails here; elsewhere the test says that it is skipped and returns early on `None`.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::iter::once(folder().join("bin"))
        .chain(std::env::split_paths(&path))
        .chain(debian())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file());
    if found.is_none() {
        missing(name);
    }
    found
}

/// Folders in which Debian's packages keep servers without putting them on the `PATH` of an ordinary user; newest first.
fn debian() -> Vec<PathBuf> {
    let mut postgresql: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path().join("bin"))
        .collect();
    postgresql.sort();
    postgresql.reverse();
    [postgresql, vec!["/usr/sbin".into(), "/sbin".into()]].concat()
}

/// The Python interpreter of the virtualenv `python/` in [`folder`], which has PyYAML; `None` as for [`tool`].
pub fn python() -> Option<PathBuf> {
    let interpreter = folder().join("python/bin/python");
    if interpreter.is_file() {
        return Some(interpreter);
    }
    missing("python");
    None
}

/// The folder of shared reference data (`$INVGEN_SHARED`, default `../shared`), if it is there.
///
/// A clone has none, and its tests pass without; CI has it, so a CI run fails when it is missing only where `INVGEN_SHARED` is set.
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("INVGEN_SHARED").map(PathBuf::from);
    let folder = named
        .clone()
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        named.is_none(),
        "INVGEN_SHARED is not a folder: {}",
        folder.display()
    );
    eprintln!("skipped: no folder of shared reference data");
    None
}

fn missing(name: &str) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "`{name}` is missing; scripts/tools installs it"
    );
    eprintln!("skipped: `{name}` is missing; scripts/tools installs it");
}
