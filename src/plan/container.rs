//! One container of a pod.

use super::{Gate, Mount, Par};

/// A container. Its security context is the same everywhere: no root, no capabilities, read-only root file system.
#[derive(Clone, Debug)]
pub struct Container {
    /// Name, unique in the pod.
    pub name: &'static str,
    /// Image reference with tag or digest.
    pub image: Par<String>,
    /// When the image is pulled: `IfNotPresent`, `Always`.
    pub pull_policy: Par<String>,
    /// What to run; never left to the image's entry point unless empty.
    pub command: Vec<Par<String>>,
    /// Environment; never a secret.
    pub env: Vec<Env>,
    /// Ports that others may name.
    pub ports: Vec<Port>,
    /// Health checks.
    pub probes: Probes,
    /// What is asked for and what is the most it may use.
    pub resources: Resources,
    /// Seconds to wait before the container is told to stop, so that no new request is on its way to it.
    pub drain_seconds: Option<i64>,
    /// Where volumes appear.
    pub mounts: Vec<Mount>,
}

/// An environment variable.
#[derive(Clone, Debug)]
pub struct Env {
    /// Name.
    pub name: &'static str,
    /// Where its value comes from.
    pub value: EnvValue,
    /// Whether it is set at all.
    pub when: Gate,
}

/// Where a variable's value comes from.
#[derive(Clone, Debug)]
pub enum EnvValue {
    /// Written out.
    Text(Par<String>),
    /// A field of the pod, such as `metadata.name`.
    Field(&'static str),
}

impl Env {
    /// A variable with a written value.
    pub fn text(name: &'static str, value: impl Into<Par<String>>) -> Self {
        Self {
            name,
            value: EnvValue::Text(value.into()),
            when: Gate::new(true),
        }
    }

    /// A variable that holds a field of the pod.
    pub const fn field(name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            value: EnvValue::Field(path),
            when: Gate::new(true),
        }
    }

    /// The same variable, only set while the switch is on.
    #[must_use]
    pub const fn when(mut self, gate: Gate) -> Self {
        self.when = gate;
        self
    }
}

/// A named TCP port.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    /// Name, at most 15 characters.
    pub name: &'static str,
    /// Number in the container.
    pub number: u16,
}

/// Requests and limits, as Kubernetes quantities.
#[derive(Clone, Debug)]
pub struct Resources {
    /// CPU that is reserved.
    pub cpu_request: Par<String>,
    /// CPU beyond which the container is slowed down.
    pub cpu_limit: Par<String>,
    /// Memory that is reserved.
    pub memory_request: Par<String>,
    /// Memory beyond which the container is killed.
    pub memory_limit: Par<String>,
    /// Local disk that is reserved.
    pub ephemeral_request: Par<String>,
    /// Local disk beyond which the pod is evicted.
    pub ephemeral_limit: Par<String>,
}

/// The three health checks, which differ on purpose: started, able to serve, beyond help.
#[derive(Clone, Debug, Default)]
pub struct Probes {
    /// Holds the others back until the program has started.
    pub startup: Option<Probe>,
    /// While it fails, no request is sent here.
    pub readiness: Option<Probe>,
    /// When it fails, the container is started anew.
    pub liveness: Option<Probe>,
}

/// One health check.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What is tried.
    pub action: Action,
    /// Seconds between two tries.
    pub period: i32,
    /// Seconds after which a try has failed.
    pub timeout: i32,
    /// Failed tries in a row before it counts.
    pub failures: i32,
}

/// What a health check tries.
#[derive(Clone, Debug)]
pub enum Action {
    /// GET by HTTP; the host goes into the `Host` header.
    Http {
        /// Path.
        path: &'static str,
        /// Name of the port.
        port: &'static str,
        /// Host header; `None` sends the pod's address.
        host: Option<Par<String>>,
    },
    /// A TCP connection to a named port.
    Tcp(&'static str),
    /// A command in the container that must end with 0.
    Exec(Vec<Par<String>>),
}

impl Probe {
    /// A check with its rhythm: every `period` seconds, at most `timeout` seconds, `failures` in a row.
    pub const fn new(action: Action, period: i32, timeout: i32, failures: i32) -> Self {
        Self {
            action,
            period,
            timeout,
            failures,
        }
    }
}
