//! Redis and Valkey.

use super::{Internal, Section, internal};
use crate::config::site::{self, Engine, RedisArchitecture, RedisBitnami, Site};
use crate::facts::charts;
use crate::params::{Scope, Term};
use crate::plan::Par;
use crate::resolve::amounts::{Needs, needs};
use crate::resolve::bitnami::{self, Bitnami};
use crate::resolve::images;

/// Who runs Redis or Valkey.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a site has one of it")]
pub enum Redis {
    /// Ourselves.
    Internal {
        /// Image, volume and resources.
        internal: Internal,
        /// The server program's name: `redis-server`, `valkey-server`.
        server: &'static str,
        /// The client program's name: `redis-cli`, `valkey-cli`.
        client: &'static str,
        /// `maxmemory`, in MiB.
        max_memory_mib: Par<u64>,
    },
    /// Bitnami's chart.
    Bitnami(RedisChart),
}

/// Redis from Bitnami's chart.
#[derive(Clone, Debug)]
pub struct RedisChart {
    /// What all such services have.
    pub bitnami: Bitnami,
    /// How many servers there are, and who leads.
    pub shape: RedisShape,
    /// `maxmemory`, in MiB.
    pub max_memory_mib: Par<u64>,
}

/// How many servers there are, and who leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedisShape {
    /// One server.
    Standalone,
    /// A master and so many copies.
    Replication(u32),
    /// So many nodes, a majority of which chooses the master.
    Sentinel(u32),
}

/// The values of Redis or Valkey.
pub fn redis(scope: &Scope, site: &Site) -> Redis {
    match &site.services.redis {
        site::Redis::Internal(service) => {
            let scope = scope.at("services").at("redis");
            let (server, client, pinned) = match service.engine {
                Engine::Redis => ("redis-server", "redis-cli", images::REDIS),
                Engine::Valkey => ("valkey-server", "valkey-cli", images::VALKEY),
            };
            let needs = needs(&scope, &service.resources);
            let section = Section {
                image: service.image.as_ref(),
                size: &service.size,
                class_name: service.class_name.as_ref(),
                access_mode: service.access_mode,
            };
            Redis::Internal {
                server,
                client,
                max_memory_mib: max_memory(&scope, &needs).par(),
                internal: internal(&scope, site, section, &pinned, needs.resources),
            }
        }
        site::Redis::Bitnami(service) => Redis::Bitnami(chart(scope, site, service)),
    }
}

fn max_memory(scope: &Scope, needs: &Needs) -> Term<i64> {
    scope.define(
        "maxMemoryMebibytes",
        "Seven tenths of the memory limit; the rest is for copies while the log is rewritten.",
        needs.share_mib(70),
    )
}

fn chart(scope: &Scope, site: &Site, service: &RedisBitnami) -> RedisChart {
    let section = bitnami::Section {
        images: &service.images,
        size: &service.size,
        class_name: service.class_name.as_ref(),
        resources: &service.resources,
        metrics: service.metrics.as_ref(),
    };
    let fixed = Scope::plain();
    let needs = needs(&fixed, &service.resources);
    RedisChart {
        // Whatever the shape, this name leads to the server that can be written.
        bitnami: bitnami::bitnami(scope, site, &charts::REDIS, &section, "-master"),
        shape: match service.architecture {
            RedisArchitecture::Standalone => RedisShape::Standalone,
            RedisArchitecture::Replication => RedisShape::Replication(service.servers() - 1),
            RedisArchitecture::Sentinel => RedisShape::Sentinel(service.servers()),
        },
        max_memory_mib: max_memory(&fixed, &needs).par(),
    }
}
