//! The model of a deployment, blind to the application in it and to Kubernetes' own types.
//!
//! Applications and backing services say what they run, what they need and whom they talk to; the passes behind
//! (`k8s`, and later the chart, alerts and documents) derive every object from that. A host name, a port or a
//! secret's key is written here once.

mod config;
mod container;
mod exposure;
mod identity;
mod namespace;
mod network;
mod par;
mod pod;
mod secret;
mod storage;
mod subchart;
pub mod text;
mod workload;

pub use config::{ConfigFile, ConfigMap};
pub use container::{Action, Container, Env, EnvValue, Port, Probe, Probes, Resources};
pub use exposure::{Exposure, Route, Tls};
pub use identity::{Component, Identity};
pub use namespace::{Limits, Namespace, Quota};
pub use network::{Caller, Endpoint, Outside};
pub use par::{Gate, Par};
pub use pod::{Colocation, Mount, Pod, Restart, RunAs, Spread, Toleration, Volume, VolumeSource};
pub use secret::{SECRETS_FOLDER, SecretKey, SecretSpec, Strength};
pub use storage::Claim;
pub use subchart::{Door, Subchart};
pub use workload::{Kind, Replicas, Scaling, Service, Set, Task, Workload};

/// Everything that is deployed for one site in one profile.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whose deployment it is.
    pub identity: Identity,
    /// The namespace and its guard rails.
    pub namespace: Namespace,
    /// All workloads: services first, then the application's, then its Jobs.
    pub workloads: Vec<Workload>,
    /// Texts that pods mount.
    pub configs: Vec<ConfigMap>,
    /// Volumes that several workloads share.
    pub claims: Vec<Claim>,
    /// Charts of others that run services of the site.
    pub subcharts: Vec<Subchart>,
    /// Every Secret that pods read. None of them is ever rendered with a value.
    pub secrets: Vec<SecretSpec>,
    /// How the site is reached from outside the cluster.
    pub exposure: Option<Exposure>,
    /// Whether NetworkPolicies are written.
    pub network_policies: Gate,
    /// Where the cluster's DNS answers.
    pub dns: Vec<Outside>,
}
