//! Workloads: what runs, how often, and behind which Service.

use super::{Claim, Component, Gate, Par, Pod, Port};

/// One workload and what belongs to it alone.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its component, and the end of its object's name.
    pub component: Component,
    /// The version label of its pods: the image's tag as a label value.
    pub version: Par<String>,
    /// What kind of controller runs it.
    pub kind: Kind,
    /// Its pods.
    pub pod: Pod,
    /// The Service in front of it.
    pub service: Option<Service>,
    /// Whether evictions are limited to one pod at a time.
    pub disruption_budget: Gate,
}

/// What kind of controller runs a workload.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Interchangeable pods.
    Deployment {
        /// How many.
        replicas: Replicas,
        /// Whether the old pods end before the new ones start.
        recreate: Gate,
    },
    /// Pods with a name and a volume each.
    StatefulSet(Set),
    /// Runs to its end.
    Job(Task),
}

/// Pods with a name and a volume each.
#[derive(Clone, Debug)]
pub struct Set {
    /// How many.
    pub replicas: Par<i32>,
    /// Whether all start at once rather than one after the other.
    pub parallel: bool,
    /// The volumes of each pod.
    pub claims: Vec<Claim>,
    /// What happens to the volumes when the `StatefulSet` is deleted, in Kubernetes' words.
    pub retention: Par<String>,
}

/// Work that runs to its end.
#[derive(Clone, Debug)]
pub struct Task {
    /// Pods that may fail before the Job has failed.
    pub retries: Par<i32>,
    /// Seconds after which the Job has failed.
    pub deadline_seconds: Par<i64>,
    /// Whether the finished Job is removed after a while.
    pub expires: Gate,
    /// Seconds for which a finished Job is kept.
    pub keep_seconds: Par<i32>,
}

/// How many pods a Deployment has.
#[derive(Clone, Debug)]
pub enum Replicas {
    /// One and never two.
    One,
    /// A number, or an autoscaler's choice.
    Many(Scaling),
}

/// A number of pods, or an autoscaler's choice.
#[derive(Clone, Debug)]
pub struct Scaling {
    /// How many, when not autoscaled.
    pub replicas: Par<i32>,
    /// Whether a HorizontalPodAutoscaler chooses.
    pub auto: Gate,
    /// The fewest it may choose.
    pub min: Par<i32>,
    /// The most it may choose.
    pub max: Par<i32>,
    /// Average CPU use it aims at, in percent of the request.
    pub cpu_percent: Par<i32>,
}

/// A stable name in front of pods.
#[derive(Clone, Debug)]
pub struct Service {
    /// Ports by name: the Service's number, and the name of the container's port.
    pub ports: Vec<Port>,
    /// Whether the pods also get names of their own through a headless Service.
    pub headless: bool,
    /// Ports that only the pods themselves use among each other; on the headless Service alone.
    pub peer_ports: Vec<Port>,
}
