//! The application's own workloads: how many, how large.

use super::amounts::{needs, resources};
use crate::config::decode::Int;
use crate::config::site::{self, Site};
use crate::params::{Formula, Scope, all};
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
pub fn web(scope: &Scope, site: &Site, web: &site::Web) -> WebTier {
    let needs = needs(scope, &web.resources);
    let processes = scope.whole("processes", &web.processes);
    let process_memory = scope.define(
        "processMebibytes",
        "Resident memory above which a process is renewed: its share of nine tenths of the limit.",
        needs.share_mib(90).shared_by(&processes),
    );
    let (scaling, disruption_budget) = scaling(scope, site, web.replicas, &web.autoscaling);
    WebTier {
        processes: processes.par(),
        threads: scope.whole("threads", &web.threads).par(),
        process_memory_mib: process_memory.par(),
        scaling,
        disruption_budget,
        resources: needs.resources,
    }
}

/// A worker tier; `component` is the end of its name.
pub fn worker(scope: &Scope, site: &Site, component: String, worker: &site::Worker) -> WorkerTier {
    let queues = scope.words("queues", &worker.queues);
    let queues = scope.define(
        "queueList",
        "The queues with commas between them.",
        Formula::from(&queues).joined(),
    );
    let (scaling, disruption_budget) = scaling(scope, site, worker.replicas, &worker.autoscaling);
    WorkerTier {
        component,
        concurrency: scope.whole("concurrency", &worker.concurrency).par(),
        queues: queues.par(),
        max_tasks_per_child: scope
            .whole("maxTasksPerChild", &worker.max_tasks_per_child)
            .par(),
        scaling,
        disruption_budget,
        resources: resources(scope, &worker.resources),
    }
}

/// The Jobs.
pub fn setup(scope: &Scope, setup: &site::Setup) -> Setup {
    let keep = scope.toggle(
        "expires",
        setup.keep.is_some(),
        "Whether finished Jobs are removed after a while.",
    );
    let kept = scope.when(&keep);
    Setup {
        wait_seconds: scope
            .seconds(
                "waitSeconds",
                Some(&setup.wait),
                "Longest time to wait for database, cache, broker and search, in seconds.",
            )
            .par(),
        init_seconds: scope
            .seconds(
                "initDeadlineSeconds",
                Some(&setup.init_deadline),
                "Longest time that initialisation may take, retries included, in seconds.",
            )
            .par(),
        upgrade_seconds: scope
            .seconds(
                "upgradeDeadlineSeconds",
                Some(&setup.upgrade_deadline),
                "Longest time that an upgrade may take, retries included, in seconds.",
            )
            .par(),
        retries: scope.whole("retries", &setup.retries).par(),
        expires: keep.gate(),
        keep_seconds: kept
            .seconds(
                "keepSeconds",
                setup.keep.as_ref(),
                "How long a finished Job is kept for its log, in seconds.",
            )
            .par(),
        resources: resources(scope, &setup.resources),
    }
}

/// How many pods, and whether their evictions are limited. A budget for a single pod would either do nothing or block
/// node maintenance for ever.
fn scaling(
    scope: &Scope,
    site: &Site,
    replicas: Int<1, 100>,
    autoscaling: &site::Autoscaling,
) -> (Scaling, Gate) {
    let replicas = scope.whole("replicas", &replicas);
    let own = scope.at("autoscaling");
    let auto = own.switch("enabled", autoscaling.enabled);
    let min = own.whole("minReplicas", &autoscaling.min_replicas);
    let budgets = scope
        .top()
        .at("scheduling")
        .switch("disruptionBudgets", site.scheduling.disruption_budgets);
    let fewest = Formula::from(&auto).choose(&min, &replicas);
    let budget = scope.define(
        "disruptionBudget",
        "Whether node maintenance takes one pod at a time: not where there is only one.",
        all([(&budgets).into(), fewest.is_more_than(1)]),
    );
    let scaling = Scaling {
        replicas: replicas.par(),
        auto: auto.gate(),
        min: min.par(),
        max: own.whole("maxReplicas", &autoscaling.max_replicas).par(),
        cpu_percent: own
            .whole("targetCpuPercent", &autoscaling.target_cpu_percent)
            .par(),
    };
    (scaling, budget.gate())
}
