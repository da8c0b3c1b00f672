//! Services that Bitnami's Helm charts run in the site's namespace.

use std::collections::BTreeMap;

use super::Resources;
use crate::config::decode::Int;
use crate::config::scalars::{
    DnsLabel, ImageRepository, ImageTag, LabelKey, LabelValue, Quantity, StorageClassName,
};

section! {
    /// PostgreSQL from Bitnami's Helm chart.
    pub struct PostgresqlBitnami {
        /// Where the chart's images come from.
        images: BitnamiImages = BitnamiImages::Legacy(LegacyImages {}),
        /// One server, or one with copies that follow it. Not to be changed later: the server gets another name, and so an empty volume.
        architecture: PostgresqlArchitecture = PostgresqlArchitecture::Standalone,
        /// Copies that follow the primary, with replication; one if not set.
        replicas: Option<Int<1, 20>> = None,
        /// Most connections at a time.
        max_connections: Int<20, 5000>,
        /// Size of each server's volume.
        size: Quantity,
        /// Storage class of the volumes; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
        /// CPU, memory and local disk of each server.
        resources: Resources,
        /// Metrics for Prometheus; none if not set.
        metrics: Option<BitnamiMetrics> = None,
    }
}

choice! {
    /// How PostgreSQL is laid out.
    pub enum PostgresqlArchitecture {
        /// One server.
        Standalone = "standalone",
        /// A primary and copies that follow it; when the primary is lost, somebody has to make a copy the new one.
        Replication = "replication",
    }
}

impl PostgresqlBitnami {
    /// How many copies follow the primary.
    pub fn copies(&self) -> u32 {
        match self.architecture {
            PostgresqlArchitecture::Standalone => 0,
            PostgresqlArchitecture::Replication => self.replicas.map_or(1, Int::get),
        }
    }
}

section! {
    /// Redis from Bitnami's Helm chart.
    pub struct RedisBitnami {
        /// Where the chart's images come from.
        images: BitnamiImages = BitnamiImages::Legacy(LegacyImages {}),
        /// One server, one with copies that follow it, or nodes that choose a new master by themselves. With sentinel servers have other names, and so other volumes.
        architecture: RedisArchitecture = RedisArchitecture::Standalone,
        /// With replication the copies beside the master, one if not set; with sentinel all nodes, three if not set.
        replicas: Option<Int<1, 20>> = None,
        /// Size of each server's volume, which keeps sessions over a restart.
        size: Quantity,
        /// Storage class of the volumes; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
        /// CPU, memory and local disk of each server.
        resources: Resources,
        /// Metrics for Prometheus; none if not set.
        metrics: Option<BitnamiMetrics> = None,
    }
}

choice! {
    /// How Redis is laid out.
    pub enum RedisArchitecture {
        /// One server.
        Standalone = "standalone",
        /// A master and copies that follow it; when the master is lost, it is started anew.
        Replication = "replication",
        /// Nodes that choose a new master when the old one is lost, behind one Service that leads to it.
        Sentinel = "sentinel",
    }
}

impl RedisBitnami {
    /// How many servers there are in all.
    pub fn servers(&self) -> u32 {
        match self.architecture {
            RedisArchitecture::Standalone => 1,
            RedisArchitecture::Replication => 1 + self.replicas.map_or(1, Int::get),
            RedisArchitecture::Sentinel => self.replicas.map_or(3, Int::get),
        }
    }
}

section! {
    /// RabbitMQ from Bitnami's Helm chart.
    pub struct RabbitmqBitnami {
        /// Where the chart's images come from.
        images: BitnamiImages = BitnamiImages::Legacy(LegacyImages {}),
        /// Nodes of the cluster.
        replicas: Int<1, 9> = Int::of(1),
        /// Size of each node's volume, which keeps queued tasks over a restart.
        size: Quantity,
        /// Storage class of the volumes; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
        /// CPU, memory and local disk of each node.
        resources: Resources,
        /// Metrics for Prometheus; none if not set.
        metrics: Option<BitnamiMetrics> = None,
    }
}

tagged! {
    /// Where the images of a Bitnami chart come from.
    pub enum BitnamiImages by "source" {
        /// The images that the chart was made for, frozen since August 2025: for trials and for moving away.
        Legacy(LegacyImages) = "legacy",
        /// A registry of your own with copies of the images, or with images built from Bitnami's sources.
        Mirror(MirrorImages) = "mirror",
        /// What Bitnami still gives away, of which there is only the newest: for trials; RabbitMQ is not among it.
        Secure(SecureImages) = "secure",
    }
}

section! {
    /// The frozen images.
    pub struct LegacyImages {}
}

section! {
    /// A registry of your own.
    pub struct MirrorImages {
        /// Registry and folder that hold the images under Bitnami's names, such as registry.example.org/bitnami.
        repository: ImageRepository,
        /// Tags that differ from those that the chart was made for, by the image's name.
        tags: BTreeMap<DnsLabel, ImageTag> = BTreeMap::new(),
    }
}

section! {
    /// The images that are given away.
    pub struct SecureImages {}
}

section! {
    /// Metrics of a service from a Bitnami chart.
    pub struct BitnamiMetrics {
        /// Namespace of the Prometheus that reads them; NetworkPolicies let it in.
        namespace: DnsLabel,
        /// Whether a ServiceMonitor is written, for clusters with the Prometheus operator.
        service_monitor: bool = false,
        /// Labels of the ServiceMonitor, by which a Prometheus finds it.
        labels: BTreeMap<LabelKey, LabelValue> = BTreeMap::new(),
    }
}
