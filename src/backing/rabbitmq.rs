//! RabbitMQ.

use serde::Serialize;

use super::internal::{self, Server, command};
use super::{Account, Backing};
use crate::plan::{
    Action, ConfigMap, Container, Env, Mount, Par, Port, Probe, Probes, SecretKey, SecretSpec,
    Strength,
};
use crate::resolve::{Internal, Resolved};
use crate::texts::{Fault, file, template};

/// The component, the Secret's id and the ConfigMap's.
const ID: &str = "rabbitmq";
/// The user that the application signs in as.
const NAME: &str = "invenio";
/// The virtual host that it uses.
const VHOST: &str = "/";
/// The user `rabbitmq` of the official image.
const USER: i64 = 999;
const PORT: Port = Port {
    name: "amqp",
    number: 5672,
};

#[derive(Serialize)]
struct Names {
    user: &'static str,
    vhost: &'static str,
}

#[derive(Serialize)]
struct Settings<'a> {
    watermark_mib: &'a Par<u64>,
}

/// The message broker as we run it ourselves.
pub fn provide(
    resolved: &Resolved,
    internal: &Internal,
    watermark_mib: &Par<u64>,
) -> Result<Account, Fault> {
    let files = vec![
        file(template!("rabbitmq" / "enabled_plugins"), ())?,
        file(
            template!("rabbitmq" / "rabbitmq.conf"),
            Settings { watermark_mib },
        )?,
        file(
            template!("rabbitmq" / "start.sh"),
            Names {
                user: NAME,
                vhost: VHOST,
            },
        )?,
    ];

    let image = &internal.image;
    let container = Container {
        name: "rabbitmq",
        image: image.reference.clone(),
        pull_policy: image.pull_policy.clone(),
        command: command(["sh", "/etc/invgen/start.sh"]),
        env: vec![
            Env::text("RABBITMQ_CONFIG_FILE", "/etc/invgen/rabbitmq.conf"),
            Env::text(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                "/etc/invgen/enabled_plugins",
            ),
            // A dump is as large as the broker's memory, which no folder here can hold, and has messages in it.
            Env::text("ERL_CRASH_DUMP_SECONDS", "0"),
        ],
        ports: vec![PORT],
        probes: Probes {
            startup: Some(Probe::new(Action::Tcp(PORT.name), 10, 5, 60)),
            readiness: Some(Probe::new(Action::Tcp(PORT.name), 10, 5, 3)),
            // Asks the Erlang node itself; it starts a second one, so not too often.
            liveness: Some(Probe::new(
                Action::Exec(command(["rabbitmq-diagnostics", "--quiet", "ping"])),
                60,
                30,
                3,
            )),
        },
        resources: internal.resources.clone(),
        drain_seconds: None,
        mounts: vec![
            // Erlang's cookie lies in the home folder and must be readable by its owner alone, which a volume with a
            // group does not promise; one node needs no lasting cookie.
            Mount::writable("home", "/var/lib/rabbitmq"),
            Mount::writable("data", "/var/lib/rabbitmq/mnesia"),
            Mount::read_only("config", "/etc/invgen"),
            internal::secrets_mount(),
            // Opened at every start, whatever the settings say of logging to files.
            Mount::writable("log", "/var/log/rabbitmq"),
            Mount::writable("tmp", "/tmp"),
        ],
    };
    let mut pod = internal::pod(
        resolved,
        USER,
        vec![
            internal::config("config", ID),
            internal::secrets(&[ID]),
            internal::scratch("home", "16Mi"),
            internal::scratch("log", "16Mi"),
            internal::scratch("tmp", "64Mi"),
        ],
    );
    pod.containers = vec![container];

    let server = Server::single(ID, internal, PORT, pod);
    Ok(Account {
        user: NAME,
        space: VHOST,
        backing: Backing {
            endpoint: server.endpoint(resolved),
            secret: Some(SecretSpec {
                id: ID,
                name: resolved.secrets.rabbitmq.clone(),
                keys: vec![SecretKey {
                    key: "password",
                    file: Some("password"),
                    purpose: "Password of the application's user in RabbitMQ.",
                    strength: Strength::Password,
                }],
            }),
            workloads: vec![server.workload(image)],
            configs: vec![ConfigMap {
                id: ID.into(),
                files,
            }],
            subchart: None,
        },
    })
}
