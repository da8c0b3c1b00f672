//! The Jobs that initialise and upgrade the site.

use super::Resources;
use crate::config::decode::{Int, literal};
use crate::config::scalars::Duration;

section! {
    /// The Jobs that initialise and upgrade the site.
    pub struct Setup {
        /// Longest time to wait for database, cache, broker and search.
        wait: Duration = literal("15m"),
        /// Longest time that initialisation may take, retries included.
        init_deadline: Duration = literal("2h"),
        /// Longest time that an upgrade may take, retries included.
        upgrade_deadline: Duration = literal("6h"),
        /// Failed tries before a Job gives up.
        retries: Int<0, 20> = Int::of(6),
        /// How long a finished Job is kept for its log; kept for good if not set.
        keep: Option<Duration> = None,
        /// CPU, memory and local disk of the Jobs' containers.
        resources: Resources,
    }
}
