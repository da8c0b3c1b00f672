//! OpenSearch.

use serde::Serialize;

use super::Backing;
use super::internal::{self, Server, command, endpoint};
use crate::plan::{Action, ConfigMap, Container, Env, Gate, Mount, Par, Port, Probe, Probes, Set};
use crate::resolve::{Internal, Opensearch, Resolved};
use crate::texts::{Fault, file, template};

/// The component and the ConfigMap's id.
const ID: &str = "opensearch";
/// The user `opensearch` of the official image.
const USER: i64 = 1000;
const PORT: Port = Port {
    name: "http",
    number: 9200,
};
const PEERS: Port = Port {
    name: "transport",
    number: 9300,
};

#[derive(Serialize)]
struct Settings<'a> {
    cluster: Par<String>,
    seed: Par<String>,
    memory_map: &'a Gate,
}

/// The search cluster as its provider offers it.
pub fn provide(resolved: &Resolved) -> Result<Backing, Fault> {
    let Opensearch::Internal {
        internal,
        nodes,
        clustered,
        disruption_budget,
        first_managers,
        heap_mib,
        memory_map,
    } = &resolved.opensearch;
    let settings = Settings {
        cluster: resolved.identity.name(ID),
        seed: resolved.identity.headless(ID),
        memory_map,
    };
    let files = vec![file(template!("opensearch" / "opensearch.yml"), settings)?];

    let image = &internal.image;
    let server = Container {
        name: "opensearch",
        image: image.reference.clone(),
        pull_policy: image.pull_policy.clone(),
        // The image's own: its entry point turns the variables below into settings, and its place is the image's affair.
        command: Vec::new(),
        env: environment(*clustered, first_managers, heap_mib),
        ports: vec![PORT, PEERS],
        probes: Probes {
            startup: Some(Probe::new(Action::Tcp(PORT.name), 10, 5, 60)),
            // This node alone: waiting for the whole cluster would keep a restarted node out of it.
            readiness: Some(Probe::new(
                Action::Http {
                    path: "/_cluster/health?local=true",
                    port: PORT.name,
                    host: None,
                },
                10,
                5,
                3,
            )),
            liveness: Some(internal::liveness(PORT.name)),
        },
        resources: internal.resources.clone(),
        drain_seconds: None,
        mounts: vec![
            Mount::writable("data", "/usr/share/opensearch/data"),
            Mount::writable("config", "/usr/share/opensearch/config"),
            Mount::writable("logs", "/usr/share/opensearch/logs"),
            Mount::writable("tmp", "/tmp"),
        ],
    };
    let mut pod = internal::pod(
        resolved,
        USER,
        vec![
            internal::config("settings", ID),
            internal::scratch("config", "16Mi"),
            internal::scratch("logs", "512Mi"),
            internal::scratch("tmp", "256Mi"),
        ],
    );
    pod.init = vec![configure(internal)];
    pod.containers = vec![server];
    pod.spread = resolved.placement.spread;
    pod.calls = vec![endpoint(resolved, ID, PEERS)];

    let server = Server {
        component: ID,
        set: Set {
            replicas: nodes.clone(),
            parallel: true,
            claims: vec![internal.claim.clone()],
            retention: internal.retention.clone(),
        },
        disruption_budget: *disruption_budget,
        port: PORT,
        peer_ports: vec![PEERS],
        pod,
    };
    Ok(Backing {
        endpoint: server.endpoint(resolved),
        secret: None,
        workloads: vec![server.workload(image)],
        configs: vec![ConfigMap {
            id: ID.into(),
            files,
        }],
        subchart: None,
    })
}

/// Puts our settings among the image's own, in a folder that can be written: the image's entry point adds to it.
fn configure(internal: &Internal) -> Container {
    let image = &internal.image;
    Container {
        name: "configure",
        image: image.reference.clone(),
        pull_policy: image.pull_policy.clone(),
        command: command([
            "sh",
            "-c",
            "cp -R /usr/share/opensearch/config/. /config/ && cp /settings/opensearch.yml /config/opensearch.yml",
        ]),
        env: Vec::new(),
        ports: Vec::new(),
        probes: Probes::default(),
        resources: internal.resources.clone(),
        drain_seconds: None,
        mounts: vec![
            Mount::writable("config", "/config"),
            Mount::read_only("settings", "/settings"),
            Mount::writable("tmp", "/tmp"),
        ],
    }
}

/// What the image's entry point takes as settings and switches.
fn environment(clustered: Gate, first_managers: &Par<String>, heap_mib: &Par<u64>) -> Vec<Env> {
    vec![
        Env::field("node.name", "metadata.name"),
        Env::text("discovery.type", "single-node").when(clustered.not()),
        // Only read when the cluster forms for the first time.
        Env::text(
            "cluster.initial_cluster_manager_nodes",
            first_managers.clone(),
        )
        .when(clustered),
        // By default Java logs each garbage collection into files of up to 2 GiB in all, more than the pod may hold.
        Env::text(
            "OPENSEARCH_JAVA_OPTS",
            format!(
                "-Xms{heap_mib}m -Xmx{heap_mib}m -Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags"
            ),
        ),
        // The image would otherwise install certificates and users that everybody knows.
        Env::text("DISABLE_INSTALL_DEMO_CONFIG", "true"),
        // No passwords or certificates: the NetworkPolicy is the door.
        Env::text("DISABLE_SECURITY_PLUGIN", "true"),
        Env::text("DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI", "true"),
    ]
}
