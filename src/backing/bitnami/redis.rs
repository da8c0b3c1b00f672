//! Redis from Bitnami's chart.

use serde::Serialize;
use serde_json::json;

use super::{Values, fixed, password, settings};
use crate::backing::Backing;
use crate::facts::{EXPORTER, LABELLER, SENTINEL};
use crate::plan::{Door, Endpoint, Par, SecretSpec};
use crate::resolve::bitnami::Metrics;
use crate::resolve::{RedisChart, RedisShape, Resolved};
use crate::texts::{Fault, render, template};

/// The component and the Secret's id.
const ID: &str = "redis";
const PORT: u16 = 6379;
/// The key of the Secret.
const PASSWORD: &str = "redis-password";
/// Ports at which API servers answer.
const API_SERVER_PORTS: [u16; 2] = [443, 6443];

#[derive(Serialize)]
struct Settings<'a> {
    max_memory_mib: &'a Par<u64>,
}

/// The cache as the chart offers it.
pub fn redis(resolved: &Resolved, chart: &RedisChart) -> Result<Backing, Fault> {
    let bitnami = &chart.bitnami;
    let mut values = Values::of(bitnami);
    let secret = &resolved.secrets.redis;

    let replicated = chart.shape != RedisShape::Standalone;
    values.set(
        "architecture",
        if replicated {
            "replication"
        } else {
            "standalone"
        },
    );
    values.set("auth.enabled", true);
    values.text("auth.existingSecret", secret);
    values.set("auth.existingSecretPasswordKey", PASSWORD);
    let max_memory_mib = &chart.max_memory_mib;
    let text = render(
        template!("redis" / "redis.conf"),
        Settings { max_memory_mib },
    )?;
    values.set(
        "commonConfiguration",
        settings(&text, &["persistence", "memory"]),
    );
    values.network_policy("", bitnami);

    let (copies, nodes) = match chart.shape {
        RedisShape::Standalone => (1, None),
        RedisShape::Replication(copies) => (copies, None),
        RedisShape::Sentinel(nodes) => (nodes, Some(nodes)),
    };
    server(&mut values, "master", chart, false);
    server(&mut values, "replica", chart, copies > 1);
    values.set("replica.replicaCount", copies);
    sentinel(&mut values, nodes);
    // Nodes with sentinels take all else from `replica`.
    values.retention("sentinel", bitnami);
    metrics(&mut values, bitnami.metrics.as_ref());

    // Of all servers: any may become the master, and what they are called differs with the shape.
    let pods = vec![("app.kubernetes.io/name", ID)];
    let doors = vec![Door {
        place: "networkPolicy.extraIngress",
        for_callers: true,
        from_outside: Vec::new(),
    }];
    Ok(Backing {
        endpoint: Endpoint {
            component: ID.into(),
            port_name: "tcp-redis",
            host: bitnami.host.clone(),
            port: PORT,
        },
        secret: Some(SecretSpec {
            id: ID,
            name: secret.clone(),
            keys: vec![password(
                PASSWORD,
                Some("password"),
                "Password of Redis' default user.",
            )],
        }),
        workloads: Vec::new(),
        configs: Vec::new(),
        subchart: Some(values.subchart(bitnami, pods, doors)),
    })
}

fn server(values: &mut Values, section: &str, chart: &RedisChart, several: bool) {
    values.server(section, &chart.bitnami, several);
    values.retention(section, &chart.bitnami);
    // Programs may read the variables as settings.
    values.set(&super::at(section, "enableServiceLinks"), false);
}

/// A sentinel beside each of some nodes, and one Service that leads to whichever node they have made the master.
fn sentinel(values: &mut Values, nodes: Option<u32>) {
    let on = nodes.is_some();
    values.set("sentinel.enabled", on);
    values.set("sentinel.quorum", nodes.unwrap_or(1) / 2 + 1);
    // The chart's own minute is long for an application that waits.
    values.set("sentinel.downAfterMilliseconds", 10_000);
    values.set("sentinel.enableServiceLinks", false);
    values.resources("sentinel", fixed(&SENTINEL));
    // The Service finds the master by a label that a container beside it keeps true, through the API server: hence a role, a
    // token, and a way there, whose address nobody knows beforehand.
    values.set("sentinel.masterService.enabled", on);
    values.set("rbac.create", on);
    values.set("replica.automountServiceAccountToken", on);
    values.set("kubectl.resources", fixed(&LABELLER));
    let ports = API_SERVER_PORTS.map(|port| json!({"port": port, "protocol": "TCP"}));
    let out = if on {
        json!([{"ports": ports}])
    } else {
        json!([])
    };
    values.set("networkPolicy.extraEgress", out);
}

fn metrics(values: &mut Values, metrics: Option<&Metrics>) {
    values.metrics(metrics, "enabled", "additionalLabels");
    values.resources("metrics", fixed(&EXPORTER));
    // Without a namespace the chart would let in everybody: there is one whenever metrics are served.
    values.set("networkPolicy.metrics.allowExternal", false);
    let namespace = metrics.map_or_else(
        || json!({}),
        |metrics| json!({"kubernetes.io/metadata.name": metrics.namespace.leaf()}),
    );
    values.set("networkPolicy.metrics.ingressNSMatchLabels", namespace);
}
