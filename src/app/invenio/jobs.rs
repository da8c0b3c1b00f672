//! The Jobs that initialise and upgrade the site. Both are safe to run again.

use super::configs::{SETUP_ID, SHARED_ID};
use super::pod::{SETTINGS, all_secrets, all_services, container, pod};
use crate::backing::Backings;
use crate::plan::{Env, Gate, Kind, Par, Restart, Task, Workload};
use crate::resolve::Resolved;

/// The initialisation and the upgrade. They lock each other out, and the upgrade waits for the initialisation.
pub fn workloads(resolved: &Resolved, backings: &Backings) -> Vec<Workload> {
    let setup = &resolved.setup;
    vec![
        job(resolved, backings, "init", &setup.init_seconds),
        job(resolved, backings, "upgrade", &setup.upgrade_seconds),
    ]
}

fn job(
    resolved: &Resolved,
    backings: &Backings,
    id: &'static str,
    deadline_seconds: &Par<i64>,
) -> Workload {
    let setup = &resolved.setup;
    let mut main = container(resolved, id, &setup.resources);
    main.command = vec!["sh".into(), format!("{SETTINGS}/{id}.sh").into()];
    main.env.push(Env::text(
        "INVGEN_WAIT_SECONDS",
        setup.wait_seconds.to_string(),
    ));
    let mut pod = pod(resolved, &[SHARED_ID, SETUP_ID], &all_secrets(resolved));
    pod.containers = vec![main];
    pod.restart = Restart::Never;
    pod.calls = all_services(backings);
    Workload {
        component: id.into(),
        version: resolved.images.app.version.clone(),
        kind: Kind::Job(Task {
            retries: setup.retries.clone(),
            deadline_seconds: deadline_seconds.clone(),
            expires: setup.expires,
            keep_seconds: setup.keep_seconds.clone(),
        }),
        pod,
        service: None,
        disruption_budget: Gate::new(false),
    }
}
