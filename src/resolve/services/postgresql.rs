//! PostgreSQL.

use serde::Serialize;

use super::{Internal, Section, internal};
use crate::config::site::{self, PostgresqlArchitecture, PostgresqlBitnami, Site};
use crate::facts::{RESERVED_CONNECTIONS, charts};
use crate::params::{Formula, Scope};
use crate::plan::Par;
use crate::resolve::amounts::{Needs, needs};
use crate::resolve::bitnami::{self, Bitnami};
use crate::resolve::images;

/// Who runs PostgreSQL.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a site has one of it")]
pub enum Postgresql {
    /// Ourselves.
    Internal {
        /// Image, volume and resources.
        internal: Internal,
        /// What the server is told.
        settings: DatabaseSettings,
    },
    /// Bitnami's chart.
    Bitnami(PostgresqlChart),
}

/// What the server is told, whoever runs it.
#[derive(Clone, Debug, Serialize)]
pub struct DatabaseSettings {
    /// Most connections.
    pub max_connections: Par<u32>,
    /// Connections that are kept for administrators.
    pub reserved_connections: u32,
    /// `shared_buffers`: a quarter of the memory limit, in MiB.
    pub shared_buffers_mib: Par<u64>,
    /// `effective_cache_size`: three quarters of the memory limit, in MiB.
    pub effective_cache_mib: Par<u64>,
    /// `maintenance_work_mem`: a sixteenth of the memory limit, in MiB.
    pub maintenance_mib: Par<u64>,
}

/// PostgreSQL from Bitnami's chart.
#[derive(Clone, Debug)]
pub struct PostgresqlChart {
    /// What all such services have.
    pub bitnami: Bitnami,
    /// Copies that follow the primary; `None` for a server alone.
    pub copies: Option<u32>,
    /// What the server is told.
    pub settings: DatabaseSettings,
}

/// PostgreSQL's values.
pub fn postgresql(scope: &Scope, site: &Site) -> Postgresql {
    match &site.services.postgresql {
        site::Postgresql::Internal(service) => {
            let scope = scope.at("services").at("postgresql");
            let needs = needs(&scope, &service.resources);
            let connections = scope.whole("maxConnections", &service.max_connections);
            let settings = settings(&scope, connections.par(), &needs);
            let section = Section {
                image: service.image.as_ref(),
                size: &service.size,
                class_name: service.class_name.as_ref(),
                access_mode: service.access_mode,
            };
            Postgresql::Internal {
                settings,
                internal: internal(&scope, site, section, &images::POSTGRESQL, needs.resources),
            }
        }
        site::Postgresql::Bitnami(service) => Postgresql::Bitnami(chart(scope, site, service)),
    }
}

fn settings(scope: &Scope, max_connections: Par<u32>, needs: &Needs) -> DatabaseSettings {
    let share = |key, docs, formula: Formula<i64>| scope.define(key, docs, formula).par();
    DatabaseSettings {
        max_connections,
        reserved_connections: RESERVED_CONNECTIONS,
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
    }
}

fn chart(scope: &Scope, site: &Site, service: &PostgresqlBitnami) -> PostgresqlChart {
    let replicated = service.architecture == PostgresqlArchitecture::Replication;
    let section = bitnami::Section {
        images: &service.images,
        size: &service.size,
        class_name: service.class_name.as_ref(),
        resources: &service.resources,
        metrics: service.metrics.as_ref(),
    };
    // The chart renames the one server that can be written when there are others.
    let suffix = if replicated { "-primary" } else { "" };
    let fixed = Scope::plain();
    let needs = needs(&fixed, &service.resources);
    PostgresqlChart {
        bitnami: bitnami::bitnami(scope, site, &charts::POSTGRESQL, &section, suffix),
        copies: replicated.then(|| service.copies()),
        settings: settings(&fixed, Par::new(service.max_connections.get()), &needs),
    }
}
