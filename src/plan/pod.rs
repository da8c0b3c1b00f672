//! Pods: containers, volumes and where they run.

use super::{Caller, Component, Container, Endpoint, Gate, Par};

/// What all pods of a workload look like.
#[derive(Clone, Debug)]
pub struct Pod {
    /// Containers that run one after the other before the rest.
    pub init: Vec<Container>,
    /// Containers that run.
    pub containers: Vec<Container>,
    /// Volumes that they mount.
    pub volumes: Vec<Volume>,
    /// Ids the containers run as.
    pub run_as: RunAs,
    /// Seconds between the request to stop and the kill.
    pub grace_seconds: i64,
    /// Whether the kubelet starts containers anew.
    pub restart: Restart,
    /// Names of the Secrets with registry credentials.
    pub pull_secrets: Par<Vec<String>>,
    /// Labels of the nodes that qualify.
    pub node_selector: Vec<(String, Par<String>)>,
    /// Taints that are tolerated, in Kubernetes' own shape.
    pub tolerations: Vec<Toleration>,
    /// Whether a priority class is named.
    pub has_priority_class: Gate,
    /// Name of the PriorityClass.
    pub priority_class: Par<String>,
    /// How replicas are kept apart.
    pub spread: Spread,
    /// What it must share a node with.
    pub colocation: Option<Colocation>,
    /// Whom it connects to inside the namespace.
    pub calls: Vec<Endpoint>,
    /// Whom it connects to outside the namespace.
    pub calls_outside: Vec<Caller>,
    /// Who connects to it from outside the namespace.
    pub called_from: Vec<Caller>,
}

/// A tolerated taint.
#[derive(Clone, Debug)]
pub struct Toleration {
    /// Key of the taint.
    pub key: Par<String>,
    /// `Exists` or `Equal`.
    pub operator: Par<String>,
    /// Value of the taint, for `Equal`.
    pub value: Option<Par<String>>,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`; `None` for all.
    pub effect: Option<Par<String>>,
}

/// Numeric ids. Fixed by the images: files in them belong to these.
#[derive(Clone, Copy, Debug)]
pub struct RunAs {
    /// User id.
    pub user: i64,
    /// Group id.
    pub group: i64,
    /// Group of mounted volumes.
    pub fs_group: i64,
}

/// Whether the kubelet starts ended containers anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Always: what runs for good.
    Always,
    /// Never: a Job starts a new pod instead, and the failed one keeps its log.
    Never,
}

/// How replicas are kept apart.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// Whether they are kept apart at all.
    pub enabled: Gate,
    /// Whether a replica rather waits than shares a node.
    pub required: Gate,
}

/// Pods that must run on one node, because they share a volume which only one node can mount.
#[derive(Clone, Debug)]
pub struct Colocation {
    /// Whether it is so.
    pub when: Gate,
    /// The components that share it, this one included.
    pub components: Vec<Component>,
}

/// A volume of a pod.
#[derive(Clone, Debug)]
pub struct Volume {
    /// Name, unique in the pod.
    pub name: &'static str,
    /// What is in it.
    pub source: VolumeSource,
}

/// What a volume holds.
#[derive(Clone, Debug)]
pub enum VolumeSource {
    /// The ConfigMaps with these ids, all their files in one folder.
    Config(Vec<String>),
    /// Keys of Secrets, by the secrets' ids; each appears as `<id>/<file>`.
    Secrets(Vec<&'static str>),
    /// A folder in memory of this size, as a Kubernetes quantity; counts against the container's memory limit.
    Memory(Par<String>),
    /// An empty folder of this size, as a Kubernetes quantity; gone with the pod.
    Scratch(Par<String>),
    /// The shared claim with this id.
    Claim(&'static str),
}

/// Where a volume appears in a container.
#[derive(Clone, Debug)]
pub struct Mount {
    /// Name of the volume.
    pub volume: &'static str,
    /// Path in the container.
    pub path: &'static str,
    /// A single file or folder of the volume instead of all of it.
    pub sub_path: Option<&'static str>,
    /// Whether it can be written.
    pub read_only: bool,
}

impl Mount {
    /// A volume that can be written.
    pub const fn writable(volume: &'static str, path: &'static str) -> Self {
        Self {
            volume,
            path,
            sub_path: None,
            read_only: false,
        }
    }

    /// A volume that can only be read.
    pub const fn read_only(volume: &'static str, path: &'static str) -> Self {
        Self {
            volume,
            path,
            sub_path: None,
            read_only: true,
        }
    }

    /// One file of a volume, only readable.
    pub const fn file(volume: &'static str, path: &'static str, sub_path: &'static str) -> Self {
        Self {
            volume,
            path,
            sub_path: Some(sub_path),
            read_only: true,
        }
    }
}
