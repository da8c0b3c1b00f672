//! What the application stands on.

use super::{
    AccessMode, PostgresqlBitnami, RabbitmqBitnami, RedisBitnami, Resources, ServiceImage,
};
use crate::config::decode::Int;
use crate::config::scalars::{Quantity, StorageClassName};

section! {
    /// What the application stands on.
    pub struct Services {
        /// The database.
        postgresql: Postgresql,
        /// Cache, sessions, task results and rate limits.
        redis: Redis,
        /// The message broker between web and workers.
        rabbitmq: Rabbitmq,
        /// Search and statistics.
        opensearch: Opensearch,
    }
}

tagged! {
    /// Who runs PostgreSQL.
    pub enum Postgresql by "provider" {
        /// A StatefulSet of the official image in the site's namespace.
        Internal(PostgresqlInternal) = "internal",
        /// Bitnami's Helm chart, installed beside the site or as a part of its chart.
        Bitnami(PostgresqlBitnami) = "bitnami",
    }
}

section! {
    /// PostgreSQL in the site's namespace.
    pub struct PostgresqlInternal {
        /// Image in place of the official one.
        image: Option<ServiceImage> = None,
        /// Size of the volume.
        size: Quantity,
        /// Storage class of the volume; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
        /// Access mode of the volume; a database wants one that a single node mounts.
        access_mode: AccessMode = AccessMode::ReadWriteOnce,
        /// Most connections at a time.
        max_connections: Int<20, 5000>,
        /// CPU, memory and local disk of the container.
        resources: Resources,
    }
}

tagged! {
    /// Who runs Redis or Valkey.
    pub enum Redis by "provider" {
        /// A StatefulSet of the official image in the site's namespace.
        Internal(RedisInternal) = "internal",
        /// Bitnami's Helm chart, installed beside the site or as a part of its chart.
        Bitnami(RedisBitnami) = "bitnami",
    }
}

section! {
    /// Redis or Valkey in the site's namespace.
    pub struct RedisInternal {
        /// Redis, or its free successor Valkey.
        engine: Engine = Engine::Redis,
        /// Image in place of the official one.
        image: Option<ServiceImage> = None,
        /// Size of the volume, which keeps sessions over a restart.
        size: Quantity,
        /// Storage class of the volume; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
        /// Access mode of the volume; a database wants one that a single node mounts.
        access_mode: AccessMode = AccessMode::ReadWriteOnce,
        /// CPU, memory and local disk of the container.
        resources: Resources,
    }
}

choice! {
    /// Redis, or its free successor Valkey.
    pub enum Engine {
        /// Redis.
        Redis = "redis",
        /// Valkey.
        Valkey = "valkey",
    }
}

tagged! {
    /// Who runs RabbitMQ.
    pub enum Rabbitmq by "provider" {
        /// A StatefulSet of the official image in the site's namespace.
        Internal(RabbitmqInternal) = "internal",
        /// Bitnami's Helm chart, installed beside the site or as a part of its chart.
        Bitnami(RabbitmqBitnami) = "bitnami",
    }
}

section! {
    /// RabbitMQ in the site's namespace.
    pub struct RabbitmqInternal {
        /// Image in place of the official one.
        image: Option<ServiceImage> = None,
        /// Size of the volume, which keeps queued tasks over a restart.
        size: Quantity,
        /// Storage class of the volume; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
        /// Access mode of the volume; a message broker wants one that a single node mounts.
        access_mode: AccessMode = AccessMode::ReadWriteOnce,
        /// CPU, memory and local disk of the container.
        resources: Resources,
    }
}

tagged! {
    /// Who runs OpenSearch.
    pub enum Opensearch by "provider" {
        /// A StatefulSet of the official image in the site's namespace.
        Internal(OpensearchInternal) = "internal",
    }
}

section! {
    /// OpenSearch in the site's namespace.
    pub struct OpensearchInternal {
        /// Image in place of the official one.
        image: Option<ServiceImage> = None,
        /// Nodes of the cluster: one, or at least three. One does not simply become three: the new ones may form a cluster of their own.
        nodes: Int<1, 50>,
        /// Size of each node's volume.
        size: Quantity,
        /// Storage class of the volumes; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
        /// Access mode of the volumes; a search index wants one that a single node mounts.
        access_mode: AccessMode = AccessMode::ReadWriteOnce,
        /// Heap of the Java process; half of the memory limit if not set.
        heap: Option<Quantity> = None,
        /// Whether index files are memory-mapped, which needs vm.max_map_count of 262144 on every node.
        memory_map: bool = false,
        /// CPU, memory and local disk of the container.
        resources: Resources,
    }
}
