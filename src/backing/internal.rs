//! The provider `internal`: what all services in the site's namespace have in common.

use crate::plan::{
    Action, Endpoint, Gate, Kind, Mount, Par, Pod, Port, Probe, RunAs, SECRETS_FOLDER, Service,
    Set, Spread, Volume, VolumeSource, Workload,
};
use crate::resolve::{ImageRef, Internal, Resolved};

/// Seconds that a service has to write its state out before it is killed.
const GRACE_SECONDS: i64 = 120;

/// A service that runs as one `StatefulSet`.
pub struct Server {
    /// Its component: `postgresql`.
    pub component: &'static str,
    /// How many pods, and how.
    pub set: Set,
    /// Whether evictions are limited.
    pub disruption_budget: Gate,
    /// The port for clients.
    pub port: Port,
    /// Ports among its own pods.
    pub peer_ports: Vec<Port>,
    /// The pod's containers and volumes.
    pub pod: Pod,
}

impl Server {
    /// One pod with one volume, behind one port.
    pub fn single(component: &'static str, internal: &Internal, port: Port, pod: Pod) -> Self {
        Self {
            component,
            set: Set {
                replicas: Par::new(1),
                parallel: false,
                claims: vec![internal.claim.clone()],
                retention: internal.retention.clone(),
            },
            disruption_budget: Gate::new(false),
            port,
            peer_ports: Vec::new(),
            pod,
        }
    }

    /// Where clients connect to it.
    pub fn endpoint(&self, resolved: &Resolved) -> Endpoint {
        endpoint(resolved, self.component, self.port)
    }

    /// The workload.
    pub fn workload(self, image: &ImageRef) -> Workload {
        Workload {
            component: self.component.into(),
            version: image.version.clone(),
            kind: Kind::StatefulSet(self.set),
            pod: self.pod,
            service: Some(Service {
                ports: vec![self.port],
                headless: true,
                peer_ports: self.peer_ports,
            }),
            disruption_budget: self.disruption_budget,
        }
    }
}

/// A port of a component, by its name in the namespace.
pub fn endpoint(resolved: &Resolved, component: &str, port: Port) -> Endpoint {
    Endpoint {
        component: component.into(),
        port_name: port.name,
        host: resolved.identity.name(component),
        port: port.number,
    }
}

/// A pod of a service: containers and what they mount are added by the service.
pub fn pod(resolved: &Resolved, user: i64, volumes: Vec<Volume>) -> Pod {
    let ids = RunAs {
        user,
        group: user,
        fs_group: user,
    };
    Pod {
        volumes,
        grace_seconds: GRACE_SECONDS,
        // Most services are one pod, which has nothing to be kept apart from.
        spread: Spread {
            enabled: Gate::new(false),
            required: Gate::new(false),
        },
        ..resolved.placement.pod(ids)
    }
}

/// An empty folder of a fixed size.
pub fn scratch(name: &'static str, size: &str) -> Volume {
    Volume {
        name,
        source: VolumeSource::Scratch(size.into()),
    }
}

/// A ConfigMap as a volume.
pub fn config(name: &'static str, id: &str) -> Volume {
    Volume {
        name,
        source: VolumeSource::Config(vec![id.into()]),
    }
}

/// Secrets as a volume.
pub fn secrets(ids: &[&'static str]) -> Volume {
    Volume {
        name: "secrets",
        source: VolumeSource::Secrets(ids.to_vec()),
    }
}

/// Where the volume with Secrets appears.
pub const fn secrets_mount() -> Mount {
    Mount::read_only("secrets", SECRETS_FOLDER)
}

/// A restart when the port takes no connection for two minutes: far longer than a pause of the program.
pub const fn liveness(port: &'static str) -> Probe {
    Probe::new(Action::Tcp(port), 20, 5, 6)
}

/// A command as a probe or container takes it.
pub fn command<const N: usize>(words: [&str; N]) -> Vec<Par<String>> {
    words.map(Par::from).to_vec()
}
