//! Who talks to whom.

use super::{Component, Par};

/// A port of a service that others connect to: the one place where its host and number are written.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The component that answers.
    pub component: Component,
    /// Name of the container port, and of the Service's port.
    pub port_name: &'static str,
    /// DNS name within the namespace.
    pub host: Par<String>,
    /// TCP port of the Service.
    pub port: u16,
}

/// Peers outside the namespace.
#[derive(Clone, Debug)]
pub enum Outside {
    /// Pods of another namespace.
    Pods {
        /// Name of the namespace; `None` for any.
        namespace: Option<Par<String>>,
        /// Labels of the pods; empty for all.
        labels: Vec<(&'static str, &'static str)>,
    },
    /// A network.
    Network {
        /// In CIDR notation.
        cidr: Par<String>,
        /// Parts of it that stay closed.
        except: Vec<&'static str>,
    },
}

/// Something outside that may open connections to a workload's port, or be connected to by it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub peer: Outside,
    /// TCP ports: of our pod for a caller, of the peer for a destination.
    pub ports: Vec<Par<i32>>,
}
