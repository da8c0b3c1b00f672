//! Why nothing was written, and what to do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A refusal or a failure to write. Unless a variant says otherwise, the folder is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// A rendered tree that no folder can hold; a fault of the renderer, not of the user.
    #[error("cannot write a file named {path:?}: {why}")]
    BadPath {
        /// The path of the file.
        path: String,
        /// Which rule it breaks.
        why: &'static str,
    },

    /// The output is not a folder.
    #[error(
        "`{}` is not a folder, so no tree can be written there; name another folder with `-o`",
        path.display()
    )]
    NotAFolder {
        /// The output as given.
        path: PathBuf,
    },

    /// `/`, or a path that leads nowhere.
    #[error(
        "`{}` cannot be replaced as a whole; name a folder below it with `-o`",
        path.display()
    )]
    NoName {
        /// The output as given.
        path: PathBuf,
    },

    /// Something is mounted there, so that the folder cannot be exchanged for a new one.
    #[error(
        "`{}` is a mount point and cannot be replaced as a whole; name a folder inside it, such as `{}`",
        path.display(),
        path.join("manifests").display()
    )]
    MountPoint {
        /// The output as given.
        path: PathBuf,
    },

    /// Files, and no sign that they were written by us.
    #[error(
        "`{}` was not written by invgen: it has files but no `.invgen` file that lists them (found {found})\nthe \
         output folder is replaced as a whole, so name a new or an empty one with `-o`; if these files are an old \
         output, delete the folder first",
        path.display()
    )]
    NotOurs {
        /// The output as given.
        path: PathBuf,
        /// What is there.
        found: Names,
    },

    /// Files of somebody else between ours.
    #[error(
        "`{}` holds files that invgen did not write: {found}\nthe folder is replaced as a whole and they would be \
         lost, so move them elsewhere, or delete them, and run again",
        path.display()
    )]
    Strangers {
        /// The output as given.
        path: PathBuf,
        /// What is there and not ours.
        found: Names,
    },

    /// The list of our files cannot be trusted.
    #[error(
        "`{}` was changed by hand and no longer tells which files are invgen's ({why})\nrestore it, or delete the \
         folder if nothing in it is yours",
        path.display()
    )]
    MarkerDamaged {
        /// The marker file.
        path: PathBuf,
        /// What is wrong, with the line.
        why: String,
    },

    /// The working folder of another run, on a file system without locks to tell whether that run is alive.
    #[error(
        "`{}` belongs to another run of invgen\nif none is at work, it is left from one that was killed: delete it, \
         or rename it to the output folder if that is missing",
        path.display()
    )]
    Busy {
        /// The working folder.
        path: PathBuf,
    },

    /// A working folder of an earlier run, or the old tree of this one, holds something that is not ours to delete.
    /// The output folder is whole: the new tree if this run wrote it, else the old one.
    #[error(
        "`{}` is left from replacing the output folder but holds files that invgen did not write: {found}\nmove \
         them elsewhere, or delete them, and run again",
        path.display()
    )]
    Leftover {
        /// The working folder.
        path: PathBuf,
        /// What is in it and not ours.
        found: Names,
    },

    /// The operating system refused.
    #[error("cannot {action} `{}`: {source}{}", path.display(), advice(source))]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The stream could not be written.
    #[error("cannot write the output: {0}")]
    Stream(#[source] io::Error),
}

impl EmitError {
    /// Whether this is a fault of invgen and nothing that its user did.
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::BadPath { .. })
    }

    /// For `map_err`: an [`EmitError::Io`] from what was tried and with which path.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "\nthe new tree is built beside the old one, so the folder that holds the output must be writable too"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "\nthe new tree is built beside the old one, so there must be room for both; the old one is intact"
        }
        _ => "",
    }
}

/// Names for a message: five of them, then a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        const SHOWN: usize = 5;
        for (index, name) in self.0.iter().take(SHOWN).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}`{}`", name.escape_debug())?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_names_then_a_count() {
        let names =
            |count: usize| Names((1..=count).map(|n| format!("f{n}")).collect()).to_string();
        assert_eq!(names(1), "`f1`");
        assert_eq!(names(5), "`f1`, `f2`, `f3`, `f4`, `f5`");
        assert_eq!(names(7), "`f1`, `f2`, `f3`, `f4`, `f5` and 2 more");
    }

    #[test]
    fn only_bad_paths_are_our_fault() {
        let bad = EmitError::BadPath {
            path: "../x".into(),
            why: "it leaves the folder",
        };
        assert!(bad.is_fault());
        assert!(!EmitError::NoName { path: "/".into() }.is_fault());
    }
}
