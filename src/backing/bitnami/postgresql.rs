//! PostgreSQL from Bitnami's chart.

use serde_json::json;

use super::{Values, fixed, password, prometheus, settings};
use crate::backing::{Account, Backing};
use crate::facts::EXPORTER;
use crate::plan::{Door, Endpoint, Par, SecretSpec};
use crate::resolve::bitnami::Metrics;
use crate::resolve::{PostgresqlChart, Resolved};
use crate::texts::{Fault, render, template};

/// The component and the Secret's id.
const ID: &str = "postgresql";
/// The role and the database of the application.
const NAME: &str = "invenio";
const PORT: u16 = 5432;
const METRICS_PORT: i32 = 9187;

/// The keys of the Secret, as the chart is told to look for them.
const ADMIN: &str = "postgres-password";
const USER: &str = "password";
const REPLICATION: &str = "replication-password";

/// Ends sessions instead of waiting for them: the application keeps its connections open, so that the server would be killed
/// in the end.
const STOP: [&str; 3] = [
    "/bin/sh",
    "-ec",
    "pg_ctl stop -D \"$PGDATA\" -m fast -t 110",
];

/// The database as the chart offers it.
pub fn postgresql(resolved: &Resolved, chart: &PostgresqlChart) -> Result<Account, Fault> {
    let bitnami = &chart.bitnami;
    let secret = &resolved.secrets.postgresql;
    let replicated = chart.copies.is_some();
    let mut values = Values::of(bitnami);
    let architecture = if replicated {
        "replication"
    } else {
        "standalone"
    };
    values.set("architecture", architecture);
    // The runtime's own /dev/shm of 64 MiB is too small for parallel queries.
    values.set("shmVolume.sizeLimit", "256Mi");
    account(&mut values, secret, replicated);
    values.metrics(bitnami.metrics.as_ref(), "enabled", "labels");
    values.resources("metrics", fixed(&EXPORTER));
    servers(&mut values, chart)?;

    let mut keys = vec![
        password(
            USER,
            Some("password"),
            "Password of the application's role in PostgreSQL.",
        ),
        password(ADMIN, None, "Password of PostgreSQL's administrator."),
    ];
    keys.extend(replicated.then(|| {
        let purpose = "Password with which copies follow the primary.";
        password(REPLICATION, None, purpose)
    }));
    let pods = vec![
        ("app.kubernetes.io/name", ID),
        ("app.kubernetes.io/component", "primary"),
    ];
    let doors = doors(bitnami.metrics.as_ref(), replicated);
    Ok(Account {
        user: NAME,
        space: NAME,
        backing: Backing {
            endpoint: Endpoint {
                component: ID.into(),
                port_name: "tcp-postgresql",
                host: bitnami.host.clone(),
                port: PORT,
            },
            secret: Some(SecretSpec {
                id: ID,
                name: secret.clone(),
                keys,
            }),
            workloads: Vec::new(),
            configs: Vec::new(),
            subchart: Some(values.subchart(bitnami, pods, doors)),
        },
    })
}

fn account(values: &mut Values, secret: &Par<String>, replicated: bool) {
    values.set("auth.enablePostgresUser", true);
    values.set("auth.username", NAME);
    values.set("auth.database", NAME);
    values.text("auth.existingSecret", secret);
    values.set("auth.secretKeys.adminPasswordKey", ADMIN);
    values.set("auth.secretKeys.userPasswordKey", USER);
    if replicated {
        values.set("auth.secretKeys.replicationPasswordKey", REPLICATION);
    }
}

/// The primary, and the copies that follow it.
fn servers(values: &mut Values, chart: &PostgresqlChart) -> Result<(), Fault> {
    let template = template!("postgresql" / "postgresql.conf");
    let text = render(template, &chart.settings)?;
    let configuration = settings(&text, &["connections", "memory", "disks", "logs"]);
    let mut sections = vec![("primary", false)];
    if let Some(copies) = chart.copies {
        sections.push(("readReplicas", copies > 1));
        values.set("readReplicas.replicaCount", copies);
    }
    for (section, several) in sections {
        let at = |key: &str| super::at(section, key);
        values.server(section, &chart.bitnami, several);
        values.retention(section, &chart.bitnami);
        values.network_policy(section, &chart.bitnami);
        // A copy must allow as many connections as the primary.
        values.set(&at("extendedConfiguration"), configuration.as_str());
        values.set(&at("terminationGracePeriodSeconds"), 120);
        let stop = json!({"preStop": {"exec": {"command": STOP}}});
        values.set(&at("lifecycleHooks"), stop);
    }
    // Changes of the disk are found when they are read; and initdb would try huge pages, which containers may not use.
    let arguments = "--data-checksums --set=huge_pages=off";
    values.set("primary.initdb.args", arguments);
    Ok(())
}

/// Each server has a NetworkPolicy; the application calls the primary alone.
fn doors(metrics: Option<&Metrics>, replicated: bool) -> Vec<Door> {
    let door = |place, for_callers| Door {
        place,
        for_callers,
        from_outside: prometheus(metrics, METRICS_PORT),
    };
    let mut doors = vec![door("primary.networkPolicy.extraIngress", true)];
    doors.extend(replicated.then(|| door("readReplicas.networkPolicy.extraIngress", false)));
    doors
}
