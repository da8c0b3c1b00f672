//! RabbitMQ from Bitnami's chart.

use serde::Serialize;

use super::{Values, password, prometheus, settings};
use crate::backing::{Account, Backing};
use crate::plan::{Door, Endpoint, Par, SecretSpec};
use crate::resolve::{RabbitmqChart, Resolved};
use crate::texts::{Fault, render, template};

/// The component and the Secret's id.
const ID: &str = "rabbitmq";
/// The user that the application signs in as.
const NAME: &str = "invenio";
/// The virtual host that it uses, which the image makes.
const VHOST: &str = "/";
const PORT: u16 = 5672;
const METRICS_PORT: i32 = 9419;

/// The keys of the Secret.
const PASSWORD: &str = "rabbitmq-password";
const COOKIE: &str = "rabbitmq-erlang-cookie";

#[derive(Serialize)]
struct Settings<'a> {
    watermark_mib: &'a Par<u64>,
}

/// The message broker as the chart offers it.
pub fn rabbitmq(resolved: &Resolved, chart: &RabbitmqChart) -> Result<Account, Fault> {
    let bitnami = &chart.bitnami;
    let mut values = Values::of(bitnami);
    let secret = &resolved.secrets.rabbitmq;

    values.set("auth.username", NAME);
    values.text("auth.existingPasswordSecret", secret);
    values.set("auth.existingSecretPasswordKey", PASSWORD);
    values.text("auth.existingErlangSecret", secret);
    values.set("auth.existingSecretErlangKey", COOKIE);
    cluster(&mut values, chart.nodes);
    // The chart would load LDAP.
    values.set("extraPlugins", "");
    let watermark_mib = &chart.watermark_mib;
    let text = render(
        template!("rabbitmq" / "rabbitmq.conf"),
        Settings { watermark_mib },
    )?;
    values.set("extraConfiguration", settings(&text, &["limits", "celery"]));

    values.server("", bitnami, chart.nodes > 1);
    values.retention("", bitnami);
    values.network_policy("", bitnami);
    // The chart would let in whoever has a certain label.
    values.set("networkPolicy.addExternalClientAccess", false);
    // Programs may read the variables as settings.
    values.set("enableServiceLinks", false);
    // Since RabbitMQ 4.1 nodes find each other by their names and ask no API server.
    values.set("rbac.create", false);
    values.set("automountServiceAccountToken", false);
    values.metrics(bitnami.metrics.as_ref(), "default.enabled", "labels");

    let doors = vec![Door {
        place: "networkPolicy.extraIngress",
        for_callers: true,
        from_outside: prometheus(bitnami.metrics.as_ref(), METRICS_PORT),
    }];
    Ok(Account {
        user: NAME,
        space: VHOST,
        backing: Backing {
            endpoint: Endpoint {
                component: ID.into(),
                port_name: "amqp",
                host: bitnami.host.clone(),
                port: PORT,
            },
            secret: Some(SecretSpec {
                id: ID,
                name: secret.clone(),
                keys: vec![
                    password(
                        PASSWORD,
                        Some("password"),
                        "Password of the application's user in RabbitMQ.",
                    ),
                    password(
                        COOKIE,
                        None,
                        "By which RabbitMQ's nodes and tools know each other.",
                    ),
                ],
            }),
            workloads: Vec::new(),
            configs: Vec::new(),
            subchart: Some(values.subchart(bitnami, vec![("app.kubernetes.io/name", ID)], doors)),
        },
    })
}

fn cluster(values: &mut Values, nodes: u32) {
    let clustered = nodes > 1;
    values.set("replicaCount", nodes);
    values.set("clustering.enabled", clustered);
    values.set("clustering.rebalance", clustered);
    // The side of a split that has no majority waits; of two nodes neither has one.
    let partition = if nodes > 2 {
        "pause_minority"
    } else {
        "autoheal"
    };
    values.set("clustering.partitionHandling", partition);
    let plugins = if clustered {
        "rabbitmq_management rabbitmq_peer_discovery_k8s"
    } else {
        "rabbitmq_management"
    };
    values.set("plugins", plugins);
    // After all nodes have stopped, each waits for those that stopped later: one by one, the first would wait for good.
    values.set("podManagementPolicy", "Parallel");
}
