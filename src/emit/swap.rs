//! Putting a finished folder in the place of another.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::EmitError;

/// Exchanges two folders of the same parent in one step; `false` when the system or the file system cannot.
pub(crate) type Exchange = fn(&Path, &Path) -> io::Result<bool>;

/// The [`Exchange`] of Linux and macOS.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(crate) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Systems without an exchange.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
#[expect(clippy::unnecessary_wraps, reason = "an exchange can fail elsewhere")]
pub(crate) fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Puts `new` in the place of the folder `current`, and says where the old one is then: at `new` or at `aside`.
///
/// Without an exchange there is a moment at which `current` does not exist; [`restore`] ends it after a kill.
pub(crate) fn replace<'a>(
    new: &'a Path,
    current: &Path,
    aside: &'a Path,
    exchange: Exchange,
) -> Result<&'a Path, EmitError> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::ResourceBusy | ErrorKind::CrossesDevices => EmitError::MountPoint {
            path: current.into(),
        },
        _ => EmitError::io("replace", current)(error),
    };
    if exchange(new, current).map_err(failed)? {
        return Ok(new);
    }
    fs::rename(current, aside).map_err(failed)?;
    if let Err(error) = fs::rename(new, current) {
        restore(current, aside)?;
        return Err(failed(error));
    }
    Ok(aside)
}

/// Brings an old folder back from `aside` when nothing has taken its place.
pub(crate) fn restore(current: &Path, aside: &Path) -> Result<(), EmitError> {
    let exists = |path: &Path| fs::symlink_metadata(path).is_ok();
    if exists(aside) && !exists(current) {
        fs::rename(aside, current).map_err(EmitError::io("restore", current))?;
    }
    Ok(())
}
