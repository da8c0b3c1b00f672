//! Redis or Valkey.

use serde::Serialize;

use super::Backing;
use super::internal::{self, Server, command};
use crate::plan::{
    Action, ConfigMap, Container, Mount, Par, Port, Probe, Probes, SecretKey, SecretSpec, Strength,
};
use crate::resolve::{Internal, Resolved};
use crate::texts::{Fault, file, template};

/// The component, the Secret's id and the ConfigMap's.
const ID: &str = "redis";
/// The user `redis` or `valkey` of the official Debian images.
const USER: i64 = 999;
const PORT: Port = Port {
    name: "redis",
    number: 6379,
};

#[derive(Serialize)]
struct Settings<'a> {
    max_memory_mib: &'a Par<u64>,
}

#[derive(Serialize)]
struct Programs {
    server: &'static str,
    client: &'static str,
}

/// The cache as we run it ourselves, with the names of the server and the client program.
pub fn provide(
    resolved: &Resolved,
    internal: &Internal,
    (server, client): (&'static str, &'static str),
    max_memory_mib: &Par<u64>,
) -> Result<Backing, Fault> {
    let programs = Programs { server, client };
    let files = vec![
        file(template!("redis" / "probe.sh"), &programs)?,
        file(
            template!("redis" / "redis.conf"),
            Settings { max_memory_mib },
        )?,
        file(template!("redis" / "start.sh"), &programs)?,
    ];

    let image = &internal.image;
    let ready = || Action::Exec(command(["sh", "/etc/redis/probe.sh"]));
    let container = Container {
        name: "redis",
        image: image.reference.clone(),
        pull_policy: image.pull_policy.clone(),
        command: command(["sh", "/etc/redis/start.sh"]),
        env: Vec::new(),
        ports: vec![PORT],
        probes: Probes {
            // Reading a long log takes a while: ten minutes are allowed.
            startup: Some(Probe::new(ready(), 5, 5, 120)),
            readiness: Some(Probe::new(ready(), 10, 5, 3)),
            liveness: Some(internal::liveness(PORT.name)),
        },
        resources: internal.resources.clone(),
        drain_seconds: None,
        mounts: vec![
            Mount::writable("data", "/data"),
            Mount::read_only("config", "/etc/redis"),
            internal::secrets_mount(),
            Mount::writable("run", "/run/redis"),
            Mount::writable("tmp", "/tmp"),
        ],
    };
    let mut pod = internal::pod(
        resolved,
        USER,
        vec![
            internal::config("config", ID),
            internal::secrets(&[ID]),
            internal::scratch("run", "1Mi"),
            internal::scratch("tmp", "64Mi"),
        ],
    );
    pod.containers = vec![container];

    let server = Server::single(ID, internal, PORT, pod);
    Ok(Backing {
        endpoint: server.endpoint(resolved),
        secret: Some(SecretSpec {
            id: ID,
            name: resolved.secrets.redis.clone(),
            keys: vec![SecretKey {
                key: "password",
                file: Some("password"),
                purpose: "Password of Redis' default user.",
                strength: Strength::Password,
            }],
        }),
        workloads: vec![server.workload(image)],
        configs: vec![ConfigMap {
            id: ID.into(),
            files,
        }],
        subchart: None,
    })
}
