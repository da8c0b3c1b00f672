//! Database, cache, broker and search: sizes and settings.

use super::amounts::{heap_mib, needs};
use crate::config::scalars::{Quantity, StorageClassName};
use crate::config::site::{self, AccessMode, Engine, Site};
use crate::params::{Formula, Scope, Term, all, any, text};
use crate::plan::{Claim, Gate, Par, Resources};

/// What every service in the site's namespace has.
#[derive(Clone, Debug)]
pub struct Internal {
    /// Its volume.
    pub claim: Claim,
    /// What happens to the volume when the service is deleted.
    pub retention: Par<String>,
    /// Resources of its container.
    pub resources: Resources,
}

/// Who runs PostgreSQL.
#[derive(Clone, Debug)]
pub enum Postgresql {
    /// Ourselves.
    Internal {
        /// Volume and resources.
        internal: Internal,
        /// Most connections.
        max_connections: Par<u32>,
        /// `shared_buffers`: a quarter of the memory limit, in MiB.
        shared_buffers_mib: Par<u64>,
        /// `effective_cache_size`: three quarters of the memory limit, in MiB.
        effective_cache_mib: Par<u64>,
        /// `maintenance_work_mem`: a sixteenth of the memory limit, in MiB.
        maintenance_mib: Par<u64>,
    },
}

/// Who runs Redis or Valkey.
#[derive(Clone, Debug)]
pub enum Redis {
    /// Ourselves.
    Internal {
        /// Volume and resources.
        internal: Internal,
        /// The server program's name: `redis-server`, `valkey-server`.
        server: &'static str,
        /// The client program's name: `redis-cli`, `valkey-cli`.
        client: &'static str,
        /// `maxmemory`: seven tenths of the memory limit, in MiB; the rest is for copies while the log is rewritten.
        max_memory_mib: Par<u64>,
    },
}

/// Who runs RabbitMQ.
#[derive(Clone, Debug)]
pub enum Rabbitmq {
    /// Ourselves.
    Internal {
        /// Volume and resources.
        internal: Internal,
        /// Memory above which publishers are held back: six tenths of the limit, in MiB.
        watermark_mib: Par<u64>,
    },
}

/// Who runs OpenSearch.
#[derive(Clone, Debug)]
pub enum Opensearch {
    /// Ourselves.
    Internal {
        /// Volume and resources.
        internal: Internal,
        /// Number of nodes.
        nodes: Par<i32>,
        /// Whether there are several.
        clustered: Gate,
        /// Whether evictions are limited.
        disruption_budget: Gate,
        /// Names of the nodes that elect the first manager, joined by commas.
        first_managers: Par<String>,
        /// Java heap, in MiB.
        heap_mib: Par<u64>,
        /// Whether index files are memory-mapped.
        memory_map: Gate,
    },
}

/// PostgreSQL's values.
pub fn postgresql(scope: &Scope, site: &Site) -> Postgresql {
    let scope = scope.at("services").at("postgresql");
    let site::Postgresql::Internal(service) = &site.services.postgresql;
    let needs = needs(&scope, &service.resources);
    let share = |key, docs, formula: Formula<i64>| scope.define(key, docs, formula).par();
    Postgresql::Internal {
        max_connections: scope
            .whole("maxConnections", &service.max_connections)
            .par(),
        shared_buffers_mib: share(
            "sharedBuffersMebibytes",
            "A quarter of the memory limit, for the server's own cache.",
            needs.share_mib(25),
        ),
        effective_cache_mib: share(
            "effectiveCacheMebibytes",
            "Three quarters of the memory limit: what the planner counts on.",
            needs.share_mib(75),
        ),
        maintenance_mib: share(
            "maintenanceMebibytes",
            "A sixteenth of the memory limit, for work such as building an index.",
            needs.share_mib(6).at_least(16),
        ),
        internal: internal(
            &scope,
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            needs.resources,
        ),
    }
}

/// The values of Redis or Valkey.
pub fn redis(scope: &Scope, site: &Site) -> Redis {
    let scope = scope.at("services").at("redis");
    let site::Redis::Internal(service) = &site.services.redis;
    let (server, client) = match service.engine {
        Engine::Redis => ("redis-server", "redis-cli"),
        Engine::Valkey => ("valkey-server", "valkey-cli"),
    };
    let needs = needs(&scope, &service.resources);
    let max_memory = scope.define(
        "maxMemoryMebibytes",
        "Seven tenths of the memory limit; the rest is for copies while the log is rewritten.",
        needs.share_mib(70),
    );
    Redis::Internal {
        internal: internal(
            &scope,
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            needs.resources,
        ),
        server,
        client,
        max_memory_mib: max_memory.par(),
    }
}

/// RabbitMQ's values.
pub fn rabbitmq(scope: &Scope, site: &Site) -> Rabbitmq {
    let scope = scope.at("services").at("rabbitmq");
    let site::Rabbitmq::Internal(service) = &site.services.rabbitmq;
    let needs = needs(&scope, &service.resources);
    let watermark = scope.define(
        "watermarkMebibytes",
        "Six tenths of the memory limit, above which publishers are held back.",
        needs.share_mib(60),
    );
    Rabbitmq::Internal {
        internal: internal(
            &scope,
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            needs.resources,
        ),
        watermark_mib: watermark.par(),
    }
}

/// OpenSearch's values.
pub fn opensearch(scope: &Scope, site: &Site, name: &Term<String>) -> Opensearch {
    let scheduling = scope.at("scheduling");
    let scope = scope.at("services").at("opensearch");
    let site::Opensearch::Internal(service) = &site.services.opensearch;
    let nodes = scope.whole("nodes", &service.nodes);
    let clustered = scope.define(
        "isCluster",
        "Whether there are several nodes.",
        Formula::from(&nodes).is_more_than(1),
    );
    let budgets = scheduling.switch("disruptionBudgets", site.scheduling.disruption_budgets);
    let budget = scope.define(
        "disruptionBudget",
        "Whether node maintenance takes one node of the cluster at a time.",
        all([(&budgets).into(), Formula::from(&nodes).is_more_than(1)]),
    );
    let first_managers = scope.define(
        "firstManagers",
        "The nodes that elect the first manager when the cluster forms.",
        text([name.into(), "-opensearch".into()]).numbered(&nodes),
    );
    let needs = needs(&scope, &service.resources);
    Opensearch::Internal {
        nodes: nodes.par(),
        clustered: clustered.gate(),
        disruption_budget: budget.gate(),
        first_managers: first_managers.par(),
        heap_mib: heap_mib(&scope, service, &needs).par(),
        memory_map: scope.switch("memoryMap", service.memory_map).gate(),
        internal: internal(
            &scope,
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            needs.resources,
        ),
    }
}

/// The shared volume with uploaded files.
pub struct SharedFiles {
    /// The volume.
    pub claim: Claim,
    /// Whether a single node mounts it.
    pub on_one_node: Gate,
}

/// The volume with uploaded files.
pub fn files(scope: &Scope, site: &Site) -> SharedFiles {
    let own = scope.at("storage").at("files");
    let files = &site.storage.files;
    let mode = own.text("accessMode", &files.access_mode);
    let on_one_node = own.define(
        "onOneNode",
        "Whether a single node mounts the uploaded files, so that all pods that use them run there.",
        Formula::from(&mode).is(AccessMode::ReadWriteOnce.as_str()),
    );
    SharedFiles {
        claim: claim(
            &own,
            site,
            "files",
            &files.size,
            files.class_name.as_ref(),
            files.access_mode,
        ),
        on_one_node: on_one_node.gate(),
    }
}

fn internal(
    scope: &Scope,
    site: &Site,
    amount: &Quantity,
    named: Option<&StorageClassName>,
    mode: AccessMode,
    resources: Resources,
) -> Internal {
    let storage = scope.top().at("storage");
    Internal {
        claim: claim(scope, site, "data", amount, named, mode),
        retention: storage.text("retention", &site.storage.retention).par(),
        resources,
    }
}

fn claim(
    scope: &Scope,
    site: &Site,
    id: &'static str,
    amount: &Quantity,
    named: Option<&StorageClassName>,
    mode: AccessMode,
) -> Claim {
    let storage = scope.top().at("storage");
    let named = scope.optional("className", named);
    let usual = storage.optional("className", site.storage.class_name.as_ref());
    let has_class = scope.define(
        "hasStorageClass",
        "Whether a storage class is named, for this volume or for all.",
        any([(&named.given).into(), (&usual.given).into()]),
    );
    let class = scope.define(
        "storageClass",
        "The storage class of this volume, else that of all.",
        named.formula().or(usual.formula()),
    );
    Claim {
        id,
        size: scope.quantity("size", amount).par(),
        has_class: has_class.gate(),
        class: class.par(),
        access_mode: scope.text("accessMode", &mode).par(),
    }
}
