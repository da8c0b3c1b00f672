//! What all pods with InvenioRDM's image have in common.

use super::configs::SHARED_ID;
use super::{API, DATA, INSTANCE, WEB, secrets};
use crate::backing::Backings;
use crate::facts::PREPARATION;
use crate::plan::{
    Colocation, Container, Endpoint, Env, Mount, Par, Pod, Port, Probes, Resources, RunAs,
    SECRETS_FOLDER, Volume, VolumeSource,
};
use crate::resolve::Resolved;

/// The user `invenio` of InvenioRDM's images, whose group is 0: what a build adds later may be readable for that group alone.
const USER: RunAs = RunAs {
    user: 1000,
    group: 0,
    fs_group: 1000,
};
/// Where the shared settings and scripts are mounted.
pub const SETTINGS: &str = "/etc/invenio";
/// A pod of the application: composes its `invenio.cfg` first, and reads every secret it needs from files.
pub fn pod(resolved: &Resolved, configs: &[&str], secrets: &[&'static str]) -> Pod {
    let mut compose = container(resolved, "compose", &preparation());
    compose.command = words(["sh", "/etc/invenio/compose.sh", "/run/invenio/invenio.cfg"]);
    compose.mounts = vec![
        Mount::read_only("settings", SETTINGS),
        Mount::writable("instance", "/run/invenio"),
        Mount::writable("tmp", "/tmp"),
    ];
    Pod {
        init: vec![compose],
        volumes: vec![
            Volume {
                name: "settings",
                source: VolumeSource::Config(configs.iter().map(|&id| id.to_owned()).collect()),
            },
            Volume {
                name: "secrets",
                source: VolumeSource::Secrets(secrets.to_vec()),
            },
            Volume {
                name: "instance",
                source: VolumeSource::Scratch("1Mi".into()),
            },
            Volume {
                name: "tmp",
                source: VolumeSource::Scratch("2Gi".into()),
            },
        ],
        ..resolved.placement.pod(USER)
    }
}

/// A container of the application's image with everything it reads, still without a command.
pub fn container(resolved: &Resolved, name: &'static str, resources: &Resources) -> Container {
    let image = &resolved.images.app;
    Container {
        name,
        image: image.reference.clone(),
        pull_policy: image.pull_policy.clone(),
        command: Vec::new(),
        env: vec![
            Env::text("INVENIO_INSTANCE_PATH", INSTANCE),
            Env::text("HOME", "/tmp"),
        ],
        ports: Vec::new(),
        probes: Probes::default(),
        resources: resources.clone(),
        drain_seconds: None,
        mounts: vec![
            Mount::file(
                "instance",
                "/opt/invenio/var/instance/invenio.cfg",
                "invenio.cfg",
            ),
            Mount::read_only("settings", SETTINGS),
            Mount::read_only("secrets", SECRETS_FOLDER),
            Mount::writable("tmp", "/tmp"),
        ],
    }
}

/// What a container takes that copies files before the others start.
pub fn preparation() -> Resources {
    Resources {
        cpu_request: PREPARATION.cpu_request.into(),
        cpu_limit: PREPARATION.cpu_limit.into(),
        memory_request: PREPARATION.memory_request.into(),
        memory_limit: PREPARATION.memory_limit.into(),
        ephemeral_request: PREPARATION.ephemeral_request.into(),
        ephemeral_limit: PREPARATION.ephemeral_limit.into(),
    }
}

/// Adds the volume with uploaded files to a pod's main container. If only one node can mount it, all pods that do must
/// share that node.
pub fn add_files(resolved: &Resolved, pod: &mut Pod) {
    pod.volumes.push(Volume {
        name: "files",
        source: VolumeSource::Claim(resolved.files.id),
    });
    if let Some(main) = pod.containers.first_mut() {
        main.mounts.push(Mount::writable("files", DATA));
    }
    let mut components = vec![WEB.to_owned()];
    components.extend(resolved.api.iter().map(|_| API.to_owned()));
    components.extend(
        resolved
            .workers
            .iter()
            .map(|worker| worker.component.clone()),
    );
    pod.colocation = Some(Colocation {
        when: resolved.files_on_one_node,
        components,
    });
}

/// The secrets of pods that use everything.
pub fn all_secrets(resolved: &Resolved) -> Vec<&'static str> {
    let mut ids = vec![secrets::APP, "postgresql", "redis", "rabbitmq"];
    ids.extend(resolved.invenio.mail.login.then(|| secrets::MAIL));
    ids
}

/// All four services.
pub fn all_services(backings: &Backings) -> Vec<Endpoint> {
    backings
        .all()
        .iter()
        .map(|backing| backing.endpoint.clone())
        .collect()
}

/// The ConfigMaps of pods that serve and work.
pub const CONFIGS: [&str; 1] = [SHARED_ID];

/// A command.
pub fn words<const N: usize>(words: [&str; N]) -> Vec<Par<String>> {
    words.map(Par::from).to_vec()
}

/// A port of the application's pods.
pub const fn port(name: &'static str, number: u16) -> Port {
    Port { name, number }
}
