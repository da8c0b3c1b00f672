//! Containers: all under the same security context, each with probes, requests and limits.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, ContainerPort, EnvVar, EnvVarSource, ExecAction, HTTPGetAction, HTTPHeader,
    Lifecycle, LifecycleHandler, ObjectFieldSelector, ResourceRequirements, SecurityContext,
    SleepAction, TCPSocketAction, VolumeMount,
};
use k8s_openapi::api::core::v1::{Container as Typed, Probe as TypedProbe};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::plan::{Action, Container, Env, EnvValue, Mount, Par, Port, Probe, Resources};

/// The container.
pub fn build(container: &Container) -> Typed {
    Typed {
        name: container.name.into(),
        image: Some(container.image.leaf()),
        image_pull_policy: Some(container.pull_policy.leaf()),
        command: list(container.command.iter().map(Par::leaf).collect()),
        env: list(container.env.iter().filter_map(variable).collect()),
        ports: list(container.ports.iter().map(port).collect()),
        startup_probe: container.probes.startup.as_ref().map(probe),
        readiness_probe: container.probes.readiness.as_ref().map(probe),
        liveness_probe: container.probes.liveness.as_ref().map(probe),
        lifecycle: container.drain_seconds.map(drain),
        resources: Some(resources(&container.resources)),
        security_context: Some(security_context()),
        volume_mounts: list(container.mounts.iter().map(mount).collect()),
        ..Typed::default()
    }
}

fn list<T>(items: Vec<T>) -> Option<Vec<T>> {
    Some(items).filter(|items| !items.is_empty())
}

/// What Pod Security `restricted` asks of a container, and a root file system that cannot be written.
fn security_context() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        read_only_root_filesystem: Some(true),
        capabilities: Some(Capabilities {
            drop: Some(vec!["ALL".into()]),
            add: None,
        }),
        ..SecurityContext::default()
    }
}

fn variable(env: &Env) -> Option<EnvVar> {
    env.when.then(|| match &env.value {
        EnvValue::Text(value) => EnvVar {
            name: env.name.into(),
            value: Some(value.leaf()),
            ..EnvVar::default()
        },
        EnvValue::Field(path) => EnvVar {
            name: env.name.into(),
            value_from: Some(EnvVarSource {
                field_ref: Some(ObjectFieldSelector {
                    field_path: (*path).into(),
                    api_version: None,
                }),
                ..EnvVarSource::default()
            }),
            ..EnvVar::default()
        },
    })
}

fn port(port: &Port) -> ContainerPort {
    ContainerPort {
        name: Some(port.name.into()),
        container_port: port.number.into(),
        protocol: Some("TCP".into()),
        ..ContainerPort::default()
    }
}

fn mount(mount: &Mount) -> VolumeMount {
    VolumeMount {
        name: mount.volume.into(),
        mount_path: mount.path.into(),
        sub_path: mount.sub_path.map(Into::into),
        read_only: mount.read_only.then_some(true),
        ..VolumeMount::default()
    }
}

fn resources(resources: &Resources) -> ResourceRequirements {
    let amounts = |cpu: &Par<String>, memory: &Par<String>, ephemeral: &Par<String>| {
        Some(BTreeMap::from([
            ("cpu".to_owned(), Quantity(cpu.leaf())),
            ("memory".to_owned(), Quantity(memory.leaf())),
            ("ephemeral-storage".to_owned(), Quantity(ephemeral.leaf())),
        ]))
    };
    ResourceRequirements {
        requests: amounts(
            &resources.cpu_request,
            &resources.memory_request,
            &resources.ephemeral_request,
        ),
        limits: amounts(
            &resources.cpu_limit,
            &resources.memory_limit,
            &resources.ephemeral_limit,
        ),
        ..ResourceRequirements::default()
    }
}

/// Waits before the stop signal, so that load balancers have taken the pod out of their lists.
fn drain(seconds: i64) -> Lifecycle {
    Lifecycle {
        pre_stop: Some(LifecycleHandler {
            sleep: Some(SleepAction { seconds }),
            ..LifecycleHandler::default()
        }),
        ..Lifecycle::default()
    }
}

fn probe(probe: &Probe) -> TypedProbe {
    let mut typed = TypedProbe {
        period_seconds: Some(probe.period),
        timeout_seconds: Some(probe.timeout),
        failure_threshold: Some(probe.failures),
        ..TypedProbe::default()
    };
    match &probe.action {
        Action::Http { path, port, host } => {
            typed.http_get = Some(HTTPGetAction {
                path: Some((*path).into()),
                port: IntOrString::String((*port).into()),
                http_headers: host.as_ref().map(|host| {
                    vec![HTTPHeader {
                        name: "Host".into(),
                        value: host.leaf(),
                    }]
                }),
                ..HTTPGetAction::default()
            });
        }
        Action::Tcp(port) => {
            typed.tcp_socket = Some(TCPSocketAction {
                port: IntOrString::String((*port).into()),
                ..TCPSocketAction::default()
            });
        }
        Action::Exec(command) => {
            typed.exec = Some(ExecAction {
                command: Some(command.iter().map(Par::leaf).collect()),
            });
        }
    }
    typed
}
