//! Celery: workers with their queues, the beat, and the scheduler of administrators' jobs.

use super::pod::{CONFIGS, add_files, all_secrets, all_services, container, pod, words};
use crate::backing::Backings;
use crate::facts::features;
use crate::plan::{
    Action, Gate, Kind, Mount, Par, Probe, Probes, Replicas, Resources, Volume, VolumeSource,
    Workload,
};
use crate::resolve::{Resolved, WorkerTier};

/// Seconds that a task may still take when its worker ends; it is done again elsewhere if that is not enough.
const WORKER_GRACE_SECONDS: i64 = 300;
/// Component of the beat.
const BEAT: &str = "beat";
/// Component of the jobs scheduler.
const SCHEDULER: &str = "scheduler";

/// Workers, beat and, where the version has it, the jobs scheduler.
pub fn workloads(resolved: &Resolved, backings: &Backings) -> Vec<Workload> {
    let mut all: Vec<_> = resolved
        .workers
        .iter()
        .map(|tier| worker(resolved, backings, tier))
        .collect();
    all.push(beat(resolved, backings));
    if features(resolved.invenio.version).jobs {
        all.push(scheduler(resolved, backings));
    }
    all
}

fn worker(resolved: &Resolved, backings: &Backings, tier: &WorkerTier) -> Workload {
    let mut celery = container(resolved, "celery", &tier.resources);
    celery.command = [
        vec![
            Par::from("celery"),
            "--app=invenio_app.celery".into(),
            "worker".into(),
        ],
        vec![
            format!("--loglevel={}", resolved.invenio.log_level).into(),
            format!("--queues={}", tier.queues).into(),
            format!("--concurrency={}", tier.concurrency).into(),
            format!("--max-tasks-per-child={}", tier.max_tasks_per_child).into(),
            // Workers need not know of each other, and the chatter grows with the square of their number.
            "--without-gossip".into(),
            "--without-mingle".into(),
        ],
    ]
    .concat();
    celery.probes = Probes {
        startup: Some(Probe::new(probe(&["worker-ready"]), 10, 15, 30)),
        readiness: Some(Probe::new(probe(&["worker-ready"]), 30, 15, 3)),
        liveness: Some(Probe::new(probe(&["worker-alive"]), 60, 15, 5)),
    };
    let mut pod = pod(resolved, &CONFIGS, &all_secrets(resolved));
    pod.containers = vec![celery];
    pod.grace_seconds = WORKER_GRACE_SECONDS;
    pod.calls = all_services(backings);
    pod.calls_outside.clone_from(&resolved.egress);
    add_files(resolved, &mut pod);
    Workload {
        component: tier.component.clone(),
        version: resolved.images.app.version.clone(),
        kind: Kind::Deployment {
            replicas: Replicas::Many(tier.scaling.clone()),
            recreate: resolved.files_on_one_node,
        },
        pod,
        service: None,
        disruption_budget: tier.disruption_budget,
    }
}

/// Starts periodic tasks. Two of them would start every task twice.
fn beat(resolved: &Resolved, backings: &Backings) -> Workload {
    let mut beat = singleton(
        resolved,
        BEAT,
        &resolved.beat,
        "--schedule=/var/run/celery/schedule",
    );
    let alive = || probe(&["beat-alive", "--schedule", "/var/run/celery/schedule"]);
    let pod = &mut beat.pod;
    pod.volumes.push(Volume {
        name: "run",
        source: VolumeSource::Scratch("16Mi".into()),
    });
    pod.calls = vec![
        backings.redis.endpoint.clone(),
        backings.rabbitmq.backing.endpoint.clone(),
    ];
    if let Some(main) = pod.containers.first_mut() {
        main.mounts.push(Mount::writable("run", "/var/run/celery"));
        main.probes = singleton_probes(alive);
    }
    beat
}

/// Starts the jobs that administrators schedule; reads them from the database.
fn scheduler(resolved: &Resolved, backings: &Backings) -> Workload {
    let mut scheduler = singleton(
        resolved,
        SCHEDULER,
        &resolved.scheduler,
        "--scheduler=invenio_jobs.services.scheduler:RunScheduler",
    );
    let pod = &mut scheduler.pod;
    pod.calls = all_services(backings);
    if let Some(main) = pod.containers.first_mut() {
        main.probes = singleton_probes(|| probe(&["scheduler-alive"]));
    }
    scheduler
}

fn singleton(
    resolved: &Resolved,
    id: &'static str,
    resources: &Resources,
    option: &str,
) -> Workload {
    let mut celery = container(resolved, "celery", resources);
    celery.command = vec![
        "celery".into(),
        "--app=invenio_app.celery".into(),
        "beat".into(),
        format!("--loglevel={}", resolved.invenio.log_level).into(),
        "--pidfile=".into(),
        option.into(),
    ];
    let mut pod = pod(resolved, &CONFIGS, &all_secrets(resolved));
    pod.containers = vec![celery];
    Workload {
        component: id.into(),
        version: resolved.images.app.version.clone(),
        kind: Kind::Deployment {
            replicas: Replicas::One,
            recreate: Gate::new(true),
        },
        pod,
        service: None,
        disruption_budget: Gate::new(false),
    }
}

fn singleton_probes(alive: impl Fn() -> Action) -> Probes {
    Probes {
        startup: Some(Probe::new(alive(), 10, 15, 30)),
        readiness: Some(Probe::new(alive(), 60, 15, 2)),
        liveness: Some(Probe::new(alive(), 120, 15, 3)),
    }
}

fn probe(arguments: &[&str]) -> Action {
    let mut command = words(["python3", "/etc/invenio/probe.py"]);
    command.extend(arguments.iter().map(|&argument| Par::from(argument)));
    Action::Exec(command)
}
