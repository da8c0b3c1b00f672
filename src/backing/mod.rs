//! What the application stands on: PostgreSQL, Redis, RabbitMQ and OpenSearch, each with its providers.
//!
//! Every provider fills the same seam, [`Backing`]: where the service answers, which Secret opens it, what runs for it.
//! The application knows nothing else of it, so another provider changes no other part of a site.

mod bitnami;
mod internal;
mod opensearch;
mod postgresql;
mod rabbitmq;
mod redis;

use crate::plan::{ConfigMap, Endpoint, SecretSpec, Subchart, Workload};
use crate::resolve::{Postgresql, Rabbitmq, Redis, Resolved};
use crate::texts::Fault;

/// A service as its provider offers it.
#[derive(Clone, Debug)]
pub struct Backing {
    /// Where clients connect.
    pub endpoint: Endpoint,
    /// The Secret that opens it, if it asks for a password.
    pub secret: Option<SecretSpec>,
    /// What runs for it in the site's namespace.
    pub workloads: Vec<Workload>,
    /// The texts that these mount.
    pub configs: Vec<ConfigMap>,
    /// The chart of others that runs it.
    pub subchart: Option<Subchart>,
}

/// A database: a service with a name and a user.
#[derive(Clone, Debug)]
pub struct Account {
    /// The service.
    pub backing: Backing,
    /// The user that the application signs in as.
    pub user: &'static str,
    /// The database or virtual host that it uses.
    pub space: &'static str,
}

/// All four services.
#[derive(Clone, Debug)]
pub struct Backings {
    /// The database.
    pub postgresql: Account,
    /// Cache, sessions, task results and rate limits.
    pub redis: Backing,
    /// The message broker.
    pub rabbitmq: Account,
    /// Search and statistics.
    pub opensearch: Backing,
}

impl Backings {
    /// What the site's providers offer.
    pub fn of(resolved: &Resolved) -> Result<Self, Fault> {
        Ok(Self {
            postgresql: match &resolved.postgresql {
                Postgresql::Internal { internal, settings } => {
                    postgresql::provide(resolved, internal, settings)?
                }
                Postgresql::Bitnami(chart) => bitnami::postgresql(resolved, chart)?,
            },
            redis: match &resolved.redis {
                Redis::Internal {
                    internal,
                    server,
                    client,
                    max_memory_mib,
                } => redis::provide(resolved, internal, (server, client), max_memory_mib)?,
                Redis::Bitnami(chart) => bitnami::redis(resolved, chart)?,
            },
            rabbitmq: match &resolved.rabbitmq {
                Rabbitmq::Internal {
                    internal,
                    watermark_mib,
                } => rabbitmq::provide(resolved, internal, watermark_mib)?,
                Rabbitmq::Bitnami(chart) => bitnami::rabbitmq(resolved, chart)?,
            },
            opensearch: opensearch::provide(resolved)?,
        })
    }

    /// The services, in the order in which they are listed.
    pub fn all(&self) -> [&Backing; 4] {
        [
            &self.postgresql.backing,
            &self.redis,
            &self.rabbitmq.backing,
            &self.opensearch,
        ]
    }
}
