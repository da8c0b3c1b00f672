//! Redis from Bitnami's chart.

use serde::Serialize;
use serde_json::json;

use super::{Values, fixed, password, settings};
use crate::backing::Backing;
use crate::facts::{EXPORTER, LABELLER, SENTINEL};
use crate::plan::{Door, Endpoint, Par, SecretSpec};
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

    match chart.shape {
        RedisShape::Standalone => {
            server(&mut values, "master", chart, false);
            values.retention("master", bitnami);
        }
        RedisShape::Replication(copies) => {
            server(&mut values, "master", chart, false);
            values.retention("master", bitnami);
            server(&mut values, "replica", chart, copies > 1);
            values.retention("replica", bitnami);
            values.set("replica.replicaCount", copies);
        }
        RedisShape::Sentinel(nodes) => {
            server(&mut values, "replica", chart, nodes > 1);
            values.set("replica.replicaCount", nodes);
            sentinel(&mut values, nodes);
            // The nodes take all from `replica` but for this.
            values.retention("sentinel", bitnami);
        }
    }
    metrics(&mut values, chart);

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
    // Programs may read the variables as settings.
    values.set(&super::at(section, "enableServiceLinks"), false);
}

/// A sentinel beside each node, and one Service that leads to whichever node they have made the master.
fn sentinel(values: &mut Values, nodes: u32) {
    values.set("sentinel.enabled", true);
    values.set("sentinel.quorum", nodes / 2 + 1);
    // The chart's own minute is long for an application that waits.
    values.set("sentinel.downAfterMilliseconds", 10_000);
    values.set("sentinel.enableServiceLinks", false);
    values.resources("sentinel", fixed(&SENTINEL));
    // The Service finds the master by a label that a container beside it keeps true, through the API server: hence a role, a
    // token, and a way there, whose address nobody knows beforehand.
    values.set("sentinel.masterService.enabled", true);
    values.set("rbac.create", true);
    values.set("replica.automountServiceAccountToken", true);
    values.set("kubectl.resources", fixed(&LABELLER));
    let ports = API_SERVER_PORTS.map(|port| json!({"port": port, "protocol": "TCP"}));
    values.set("networkPolicy.extraEgress", json!([{"ports": ports}]));
}

fn metrics(values: &mut Values, chart: &RedisChart) {
    let metrics = chart.bitnami.metrics.as_ref();
    values.exporter(metrics, Some(&EXPORTER));
    let Some(metrics) = metrics else { return };
    // Without a namespace the chart would let in everybody.
    values.set("networkPolicy.metrics.allowExternal", false);
    let namespace = json!({"kubernetes.io/metadata.name": metrics.namespace.leaf()});
    values.set("networkPolicy.metrics.ingressNSMatchLabels", namespace);
    if metrics.service_monitor.is_on() {
        values.set("metrics.serviceMonitor.enabled", true);
        values.set(
            "metrics.serviceMonitor.additionalLabels",
            super::pairs(&metrics.labels),
        );
    }
}
