//! What differs between the major versions of InvenioRDM, in one table.

use crate::resolve::Version;

/// What a major version has.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// Its list of hosts is called `TRUSTED_HOSTS`, before that `APP_ALLOWED_HOSTS`.
    pub trusted_hosts: bool,
    /// Records have limits of their own, apart from other files.
    pub record_limits: bool,
    /// Database connections use UTC.
    pub utc_connections: bool,
}

/// The features of a version.
pub const fn features(version: Version) -> Features {
    match version {
        Version::V12 => Features {
            trusted_hosts: false,
            record_limits: false,
            utc_connections: false,
        },
        Version::V13 => Features {
            trusted_hosts: true,
            record_limits: true,
            utc_connections: false,
        },
        Version::V14 => Features {
            trusted_hosts: true,
            record_limits: true,
            utc_connections: true,
        },
    }
}
