//! The application's own workloads: how many, how large.

use super::amounts::{resources, share_mib};
use crate::config::decode::Int;
use crate::config::site::{self, Site};
use crate::plan::{Gate, Par, Resources, Scaling};

/// Web pods.
#[derive(Clone, Debug)]
pub struct WebTier {
    /// uWSGI processes in each pod.
    pub processes: Par<u32>,
    /// Threads of each process.
    pub threads: Par<u32>,
    /// Resident memory above which a process is renewed, in MiB: its share of nine tenths of the limit.
    pub process_memory_mib: Par<u64>,
    /// How many pods.
    pub scaling: Scaling,
    /// Whether evictions are limited.
    pub disruption_budget: Gate,
    /// Resources of the uWSGI container.
    pub resources: Resources,
}

/// Celery worker pods.
#[derive(Clone, Debug)]
pub struct WorkerTier {
    /// The end of its name: `worker`, or `worker-<name>`.
    pub component: String,
    /// Processes in each pod.
    pub concurrency: Par<u32>,
    /// Queues, joined by commas.
    pub queues: Par<String>,
    /// Tasks after which a process is replaced.
    pub max_tasks_per_child: Par<u32>,
    /// How many pods.
    pub scaling: Scaling,
    /// Whether evictions are limited.
    pub disruption_budget: Gate,
    /// Resources of the container.
    pub resources: Resources,
}

/// The Jobs that initialise and upgrade.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Seconds to wait for services.
    pub wait_seconds: Par<u64>,
    /// Seconds that initialisation may take.
    pub init_seconds: Par<i64>,
    /// Seconds that an upgrade may take.
    pub upgrade_seconds: Par<i64>,
    /// Failed tries before a Job gives up.
    pub retries: Par<i32>,
    /// Whether finished Jobs are removed.
    pub expires: Gate,
    /// Seconds for which they are kept.
    pub keep_seconds: Par<i32>,
    /// Resources of their containers.
    pub resources: Resources,
}

/// A web tier.
pub fn web(site: &Site, web: &site::Web) -> WebTier {
    WebTier {
        processes: Par::new(web.processes.get()),
        threads: Par::new(web.threads.get()),
        process_memory_mib: Par::new(
            share_mib(&web.resources.limits.memory, 90) / u64::from(web.processes.get()),
        ),
        scaling: scaling(web.replicas, &web.autoscaling),
        disruption_budget: budget(site, web.replicas, &web.autoscaling),
        resources: resources(&web.resources),
    }
}

/// All workers, the general one first and the others by name.
pub fn workers(site: &Site) -> Vec<WorkerTier> {
    let named = site
        .workers
        .iter()
        .map(|(name, worker)| (format!("worker-{name}"), worker));
    std::iter::once(("worker".to_owned(), &site.worker))
        .chain(named)
        .map(|(component, worker)| WorkerTier {
            component,
            concurrency: Par::new(worker.concurrency.get()),
            queues: worker
                .queues
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(",")
                .into(),
            max_tasks_per_child: Par::new(worker.max_tasks_per_child.get()),
            scaling: scaling(worker.replicas, &worker.autoscaling),
            disruption_budget: budget(site, worker.replicas, &worker.autoscaling),
            resources: resources(&worker.resources),
        })
        .collect()
}

/// The Jobs.
pub fn setup(setup: &site::Setup) -> Setup {
    let seconds = |duration: &crate::config::scalars::Duration| {
        i64::try_from(duration.seconds()).unwrap_or(i64::MAX)
    };
    let keep = setup
        .keep
        .as_ref()
        .map_or(0, |keep| i32::try_from(keep.seconds()).unwrap_or(i32::MAX));
    Setup {
        wait_seconds: Par::new(setup.wait.seconds()),
        init_seconds: Par::new(seconds(&setup.init_deadline)),
        upgrade_seconds: Par::new(seconds(&setup.upgrade_deadline)),
        retries: Par::new(number(setup.retries)),
        expires: Gate::new(setup.keep.is_some()),
        keep_seconds: Par::new(keep),
        resources: resources(&setup.resources),
    }
}

fn scaling(replicas: Int<1, 100>, autoscaling: &site::Autoscaling) -> Scaling {
    Scaling {
        replicas: Par::new(number(replicas)),
        auto: Gate::new(autoscaling.enabled),
        min: Par::new(number(autoscaling.min_replicas)),
        max: Par::new(number(autoscaling.max_replicas)),
        cpu_percent: Par::new(number(autoscaling.target_cpu_percent)),
    }
}

/// A budget for a single pod would either do nothing or block node maintenance for ever.
fn budget(site: &Site, replicas: Int<1, 100>, autoscaling: &site::Autoscaling) -> Gate {
    let fewest = if autoscaling.enabled {
        autoscaling.min_replicas.get()
    } else {
        replicas.get()
    };
    Gate::new(site.scheduling.disruption_budgets && fewest > 1)
}

/// A bounded count as Kubernetes writes counts; every bound lies far below the type's.
pub fn number<const MIN: u32, const MAX: u32>(value: Int<MIN, MAX>) -> i32 {
    i32::try_from(value.get()).unwrap_or(i32::MAX)
}
