//! The namespace and its guard rails.

use super::{Gate, Par};

/// The namespace of the site.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// Whether the Namespace object itself is written.
    pub create: Gate,
    /// Version to which the Pod Security labels are pinned: `v1.33`.
    pub pod_security_version: Par<String>,
    /// Upper bounds of the whole namespace.
    pub quota: Option<Quota>,
    /// Defaults of containers that name none of their own, such as those that cert-manager starts.
    pub limits: Option<Limits>,
}

/// Upper bounds of all pods of the namespace together, as Kubernetes quantities.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Sum of CPU requests.
    pub requests_cpu: Par<String>,
    /// Sum of memory requests.
    pub requests_memory: Par<String>,
    /// Sum of CPU limits.
    pub limits_cpu: Par<String>,
    /// Sum of memory limits.
    pub limits_memory: Par<String>,
    /// Sum of claimed storage.
    pub requests_storage: Par<String>,
    /// Number of pods.
    pub pods: Par<String>,
}

/// Defaults and bounds of one container, as Kubernetes quantities.
#[derive(Clone, Debug)]
pub struct Limits {
    /// CPU request where a container names none.
    pub default_request_cpu: Par<String>,
    /// Memory request where a container names none.
    pub default_request_memory: Par<String>,
    /// CPU limit where a container names none.
    pub default_cpu: Par<String>,
    /// Memory limit where a container names none.
    pub default_memory: Par<String>,
}
