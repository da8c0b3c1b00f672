//! Database, cache, broker and search: sizes and settings.

use super::amounts::{heap_mib, resources, share_mib};
use super::tiers::number;
use crate::config::scalars::{Quantity, StorageClassName};
use crate::config::site::{self, AccessMode, Engine, Site};
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
pub fn postgresql(site: &Site) -> Postgresql {
    let site::Postgresql::Internal(service) = &site.services.postgresql;
    let memory = &service.resources.limits.memory;
    Postgresql::Internal {
        internal: internal(
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            &service.resources,
        ),
        max_connections: Par::new(service.max_connections.get()),
        shared_buffers_mib: Par::new(share_mib(memory, 25)),
        effective_cache_mib: Par::new(share_mib(memory, 75)),
        maintenance_mib: Par::new(share_mib(memory, 6).max(16)),
    }
}

/// The values of Redis or Valkey.
pub fn redis(site: &Site) -> Redis {
    let site::Redis::Internal(service) = &site.services.redis;
    let (server, client) = match service.engine {
        Engine::Redis => ("redis-server", "redis-cli"),
        Engine::Valkey => ("valkey-server", "valkey-cli"),
    };
    Redis::Internal {
        internal: internal(
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            &service.resources,
        ),
        server,
        client,
        max_memory_mib: Par::new(share_mib(&service.resources.limits.memory, 70)),
    }
}

/// RabbitMQ's values.
pub fn rabbitmq(site: &Site) -> Rabbitmq {
    let site::Rabbitmq::Internal(service) = &site.services.rabbitmq;
    Rabbitmq::Internal {
        internal: internal(
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            &service.resources,
        ),
        watermark_mib: Par::new(share_mib(&service.resources.limits.memory, 60)),
    }
}

/// OpenSearch's values.
pub fn opensearch(site: &Site) -> Opensearch {
    let site::Opensearch::Internal(service) = &site.services.opensearch;
    let several = service.nodes.get() > 1;
    let first_managers: Vec<_> = (0..service.nodes.get())
        .map(|node| format!("{}-opensearch-{node}", site.name))
        .collect();
    Opensearch::Internal {
        internal: internal(
            site,
            &service.size,
            service.class_name.as_ref(),
            service.access_mode,
            &service.resources,
        ),
        nodes: Par::new(number(service.nodes)),
        clustered: Gate::new(several),
        disruption_budget: Gate::new(several && site.scheduling.disruption_budgets),
        first_managers: first_managers.join(",").into(),
        heap_mib: Par::new(heap_mib(service)),
        memory_map: Gate::new(service.memory_map),
    }
}

/// The shared volume with uploaded files.
pub fn files(site: &Site) -> Claim {
    let files = &site.storage.files;
    claim(
        site,
        "files",
        &files.size,
        files.class_name.as_ref(),
        files.access_mode,
    )
}

fn internal(
    site: &Site,
    amount: &Quantity,
    named: Option<&StorageClassName>,
    mode: AccessMode,
    needs: &site::Resources,
) -> Internal {
    Internal {
        claim: claim(site, "data", amount, named, mode),
        retention: site.storage.retention.to_string().into(),
        resources: resources(needs),
    }
}

fn claim(
    site: &Site,
    id: &'static str,
    amount: &Quantity,
    named: Option<&StorageClassName>,
    mode: AccessMode,
) -> Claim {
    let storage_class = named.or(site.storage.class_name.as_ref());
    Claim {
        id,
        size: amount.to_string().into(),
        has_class: Gate::new(storage_class.is_some()),
        class: storage_class
            .map_or_else(String::new, ToString::to_string)
            .into(),
        access_mode: mode.to_string().into(),
    }
}
