//! PostgreSQL.

use serde::Serialize;

use super::internal::{self, Server, command};
use super::{Account, Backing};
use crate::facts::RESERVED_CONNECTIONS;
use crate::plan::{
    Action, ConfigMap, Container, Env, Mount, Par, Port, Probe, Probes, SecretKey, SecretSpec,
    Strength, Volume, VolumeSource,
};
use crate::resolve::{Internal, Postgresql, Resolved};
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
struct Settings<'a> {
    max_connections: &'a Par<u32>,
    reserved_connections: u32,
    shared_buffers_mib: &'a Par<u64>,
    effective_cache_mib: &'a Par<u64>,
    maintenance_mib: &'a Par<u64>,
}

#[derive(Serialize)]
struct Names {
    superuser: &'static str,
    user: &'static str,
    database: &'static str,
}

/// The database as its provider offers it.
pub fn provide(resolved: &Resolved) -> Result<Account, Fault> {
    let Postgresql::Internal {
        internal,
        max_connections,
        shared_buffers_mib,
        effective_cache_mib,
        maintenance_mib,
    } = &resolved.postgresql;
    let settings = Settings {
        max_connections,
        reserved_connections: RESERVED_CONNECTIONS,
        shared_buffers_mib,
        effective_cache_mib,
        maintenance_mib,
    };
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
    pod.init = vec![bootstrap(resolved, internal)];
    pod.containers = vec![server(resolved, internal)];

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
                    purpose: "Password of the application's role in PostgreSQL.",
                    strength: Strength::Password,
                }],
            }),
            workloads: vec![server.workload(&resolved.images.postgresql)],
            configs: vec![ConfigMap {
                id: ID.into(),
                files,
            }],
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
fn bootstrap(resolved: &Resolved, internal: &Internal) -> Container {
    let script = command(["sh", "/etc/postgresql/bootstrap.sh"]);
    let mut bootstrap = container(resolved, internal, "bootstrap", script);
    bootstrap.mounts.push(internal::secrets_mount());
    bootstrap
}

fn server(resolved: &Resolved, internal: &Internal) -> Container {
    let program = command([
        "postgres",
        "-c",
        "config_file=/etc/postgresql/postgresql.conf",
    ]);
    let mut server = container(resolved, internal, "postgresql", program);
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

fn container(
    resolved: &Resolved,
    internal: &Internal,
    name: &'static str,
    words: Vec<Par<String>>,
) -> Container {
    let image = &resolved.images.postgresql;
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
