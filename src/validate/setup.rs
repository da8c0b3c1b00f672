//! The Jobs that initialise and upgrade.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::diag::{Diagnostic, codes};

/// Refuses a Job that may wait for the services as long as it may run, or longer: it would end before it begins.
pub fn deadlines(case: &Case) -> Vec<Diagnostic> {
    let setup = &case.site.setup;
    [
        ("initDeadline", "initialisation", &setup.init_deadline),
        ("upgradeDeadline", "an upgrade", &setup.upgrade_deadline),
    ]
    .into_iter()
    .filter(|(_, _, deadline)| setup.wait.seconds() >= deadline.seconds())
    .map(|(key, what, deadline)| {
        case.error(
            codes::SETUP_DEADLINE,
            &[part(format!("setup.{key}")), part("setup.wait")],
            format!(
                "{what} ends after {deadline}, but may wait {} for the services",
                setup.wait
            ),
        )
        .because(
            "services that start slowly then leave no time for the work itself, and the Job fails",
        )
        .help(format!(
            "write `setup: {{wait: 15m, {key}: 2h}}`, or any wait that is well below the deadline"
        ))
    })
    .collect()
}
