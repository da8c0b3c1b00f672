//! PostgreSQL.

use serde::Serialize;

use super::internal::{self, Server, command};
use super::{Account, Backing};
use crate::plan::{
    Action, ConfigMap, Container, Env, Mount, Par, Port, Probe, Probes, SecretKey, SecretSpec,
    Strength, Volume, VolumeSource,
};
use crate::resolve::{DatabaseSettings, Internal, Resolved};
use crate::texts::{Fault, file, template};

/// The component, the Secret's id and the ConfigMap's.
const ID: &str = "postgresql";
/// The role and the database of the application.
const NAME: &str = "invenio";
/// The user `postgres` of the official Debian image.
const USER: i64 = 999;
const PORT: Port = Port {
    name: "postgresql",
    number: 5432,
};

#[derive(Serialize)]
struct Names {
    superuser: &'static str,
    user: &'static str,
    database: &'static str,
}

/// The database as we run it ourselves.
pub fn provide(
    resolved: &Resolved,
    internal: &Internal,
    settings: &DatabaseSettings,
) -> Result<Account, Fault> {
    let names = Names {
        superuser: "postgres",
        user: NAME,
        database: NAME,
    };
    let files = vec![
        file(template!("postgresql" / "bootstrap.sh"), &names)?,
        file(template!("postgresql" / "pg_hba.conf"), &names)?,
        file(template!("postgresql" / "postgresql.conf"), settings)?,
    ];

    let mut pod = internal::pod(
        resolved,
        USER,
        vec![
            internal::config("config", ID),
            internal::secrets(&[ID]),
            internal::scratch("tmp", "256Mi"),
            internal::scratch("run", "16Mi"),
            // The runtime's own /dev/shm of 64 MiB is too small for parallel queries.
            Volume {
                name: "memory",
                source: VolumeSource::Memory("256Mi".into()),
            },
        ],
    );
    pod.init = vec![bootstrap(internal)];
    pod.containers = vec![server(internal)];

    let server = Server::single(ID, internal, PORT, pod);
    Ok(Account {
        user: NAME,
        space: NAME,
        backing: Backing {
            endpoint: server.endpoint(resolved),
            secret: Some(SecretSpec {
                id: ID,
                name: resolved.secrets.postgresql.clone(),
                keys: vec![SecretKey {
                    key: "password",
                    file: Some("password"),
                    purpose: "Password of the application's role in PostgreSQL.",
                    strength: Strength::Password,
                }],
            }),
            workloads: vec![server.workload(&internal.image)],
            configs: vec![ConfigMap {
                id: ID.into(),
                files,
            }],
            subchart: None,
        },
    })
}

fn ready() -> Action {
    Action::Exec(command([
        "pg_isready",
        "--quiet",
        "--host=127.0.0.1",
        "--dbname=invenio",
        "--username=invenio",
    ]))
}

/// Makes what the application expects, before every start.
fn bootstrap(internal: &Internal) -> Container {
    let script = command(["sh", "/etc/postgresql/bootstrap.sh"]);
    let mut bootstrap = container(internal, "bootstrap", script);
    bootstrap.mounts.push(internal::secrets_mount());
    bootstrap
}

fn server(internal: &Internal) -> Container {
    let program = command([
        "postgres",
        "-c",
        "config_file=/etc/postgresql/postgresql.conf",
    ]);
    let mut server = container(internal, "postgresql", program);
    server.ports = vec![PORT];
    server
        .mounts
        .push(Mount::writable("run", "/var/run/postgresql"));
    server.probes = Probes {
        // After a crash the server first replays its log: half an hour is allowed.
        startup: Some(Probe::new(ready(), 10, 5, 180)),
        readiness: Some(Probe::new(ready(), 10, 5, 3)),
        liveness: Some(internal::liveness(PORT.name)),
    };
    server
}

fn container(internal: &Internal, name: &'static str, words: Vec<Par<String>>) -> Container {
    let image = &internal.image;
    Container {
        name,
        image: image.reference.clone(),
        pull_policy: image.pull_policy.clone(),
        command: words,
        env: vec![Env::text("PGDATA", "/var/lib/postgresql/data/pgdata")],
        ports: Vec::new(),
        probes: Probes::default(),
        resources: internal.resources.clone(),
        drain_seconds: None,
        mounts: vec![
            Mount::writable("data", "/var/lib/postgresql/data"),
            Mount::read_only("config", "/etc/postgresql"),
            Mount::writable("tmp", "/tmp"),
            Mount::writable("memory", "/dev/shm"),
        ],
    }
}
