//! Memory of the application's processes.

use super::amount::memory;
use super::case::{Case, part};
use super::pods::{Kind, tiers};
use crate::config::fault::Build;
use crate::diag::{Diagnostic, codes};
use crate::facts::MIB;

/// Memory of one process that has loaded the application and works, in MiB.
const PROCESS_MIB: u64 = 350;
/// What a web pod's uWSGI needs on top, in MiB.
const WEB_MIB: u64 = 150;
/// What a worker needs on top for the process that watches the others, in MiB.
const WORKER_MIB: u64 = 200;

/// Warns when the processes of a pod do not fit into its memory, outside development: they run until visitors come.
pub fn processes(case: &Case) -> Vec<Diagnostic> {
    if case.in_development() {
        return Vec::new();
    }
    tiers(case.site)
        .iter()
        .filter_map(|tier| {
            let base = match tier.kind {
                Kind::Web(_) => WEB_MIB,
                Kind::Worker(_) => WORKER_MIB,
            };
            let needed = base + PROCESS_MIB * tier.processes();
            let limit = &tier.resources().limits.memory;
            if limit.bytes() >= needed * MIB {
                return None;
            }
            let (path, count) = (&tier.path, tier.processes());
            let fitting = (limit.bytes() / MIB).saturating_sub(base) / PROCESS_MIB;
            let fewer = if fitting == 0 {
                String::new()
            } else {
                format!(", or `{}: {fitting}`", tier.processes_path())
            };
            let problem = case
                .warning(
                    codes::MEMORY_PER_PROCESS,
                    &[
                        part(tier.processes_path()),
                        part(format!("{path}.resources.limits.memory")),
                    ],
                    format!(
                        "{count} processes of `{path}` need about {}, but the limit is {limit}",
                        memory(needed * MIB)
                    ),
                )
                .because(format!(
                    "each takes about {PROCESS_MIB}Mi once it works, and {base}Mi go on top: {count} × {PROCESS_MIB} + {base} \
                     = {needed}Mi. Above its limit the container is killed, with all requests or tasks in it"
                ))
                .help(format!(
                    "write `{path}.resources.limits.memory: {}`{fewer}",
                    memory(needed * MIB)
                ));
            Some(problem)
        })
        .collect()
}
