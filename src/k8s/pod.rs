//! Pods: identity, security, placement and volumes around the containers.

use k8s_openapi::api::core::v1::{
    Affinity, ConfigMapProjection, ConfigMapVolumeSource, EmptyDirVolumeSource, KeyToPath,
    LocalObjectReference, PersistentVolumeClaimVolumeSource, PodAffinity, PodAffinityTerm,
    PodSecurityContext, PodSpec, PodTemplateSpec, ProjectedVolumeSource, SeccompProfile,
    SecretProjection, TopologySpreadConstraint, VolumeProjection,
};
use k8s_openapi::api::core::v1::{Toleration as TypedToleration, Volume as TypedVolume};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{
    LabelSelector, LabelSelectorRequirement, ObjectMeta,
};

use super::{container, finish, meta};
use crate::plan::{
    Colocation, Kind, Par, Plan, Pod, Replicas, Restart, Toleration, Volume, VolumeSource, Workload,
};

/// Secrets are readable by the pod's group alone: the files belong to root, the programs do not run as root.
const SECRET_MODE: i32 = 0o440;

/// The pod template of a workload. An annotation carries the digest of its texts, so that a changed text restarts it.
pub fn template(plan: &Plan, workload: &Workload) -> PodTemplateSpec {
    let mut annotations = meta::pairs(&plan.identity.annotations);
    if let Some(digest) = finish::digest_of_texts(plan, &workload.pod) {
        annotations.insert("checksum/config".into(), digest);
    }
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(meta::workload_labels(plan, workload)),
            annotations: meta::some(annotations),
            ..ObjectMeta::default()
        }),
        spec: Some(spec(plan, workload)),
    }
}

fn spec(plan: &Plan, workload: &Workload) -> PodSpec {
    PodSpec {
        service_account_name: Some(plan.identity.name(&workload.component).leaf()),
        topology_spread_constraints: spread(plan, workload),
        ..alone(plan, &workload.pod)
    }
}

/// The specification of a pod that belongs to no workload: without an account of its own, and spread by nothing.
pub fn alone(plan: &Plan, pod: &Pod) -> PodSpec {
    PodSpec {
        automount_service_account_token: Some(false),
        // A Service called `<site>-postgresql` would otherwise inject variables that programs may read as settings.
        enable_service_links: Some(false),
        restart_policy: Some(
            match pod.restart {
                Restart::Always => "Always",
                Restart::Never => "Never",
            }
            .into(),
        ),
        termination_grace_period_seconds: Some(pod.grace_seconds),
        security_context: Some(security_context(pod)),
        image_pull_secrets: pull_secrets(&pod.pull_secrets),
        priority_class_name: pod.has_priority_class.then(|| pod.priority_class.leaf()),
        node_selector: meta::some(meta::pairs(&pod.node_selector)),
        tolerations: Some(pod.tolerations.iter().map(toleration).collect::<Vec<_>>())
            .filter(|list| !list.is_empty()),
        affinity: pod
            .colocation
            .as_ref()
            .and_then(|colocation| affinity(plan, colocation)),
        init_containers: Some(pod.init.iter().map(container::build).collect::<Vec<_>>())
            .filter(|list| !list.is_empty()),
        containers: pod.containers.iter().map(container::build).collect(),
        volumes: Some(
            pod.volumes
                .iter()
                .map(|item| volume(plan, item))
                .collect::<Vec<_>>(),
        )
        .filter(|list| !list.is_empty()),
        ..PodSpec::default()
    }
}

fn security_context(pod: &Pod) -> PodSecurityContext {
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(pod.run_as.user),
        run_as_group: Some(pod.run_as.group),
        fs_group: Some(pod.run_as.fs_group),
        // Changing the owner of a terabyte at each start would take hours.
        fs_group_change_policy: Some("OnRootMismatch".into()),
        seccomp_profile: Some(SeccompProfile {
            type_: "RuntimeDefault".into(),
            localhost_profile: None,
        }),
        ..PodSecurityContext::default()
    }
}

fn pull_secrets(names: &Par<Vec<String>>) -> Option<Vec<LocalObjectReference>> {
    let references: Vec<_> = names
        .leaf()
        .into_iter()
        .map(|name| LocalObjectReference { name })
        .collect();
    Some(references).filter(|list| !list.is_empty())
}

fn toleration(toleration: &Toleration) -> TypedToleration {
    TypedToleration {
        key: Some(toleration.key.leaf()),
        operator: Some(toleration.operator.leaf()),
        value: toleration.value.as_ref().map(Par::leaf),
        effect: toleration.effect.as_ref().map(Par::leaf),
        toleration_seconds: None,
    }
}

/// Puts pods that share a volume of one node on one node.
fn affinity(plan: &Plan, colocation: &Colocation) -> Option<Affinity> {
    colocation.when.then(|| Affinity {
        pod_affinity: Some(PodAffinity {
            required_during_scheduling_ignored_during_execution: Some(vec![PodAffinityTerm {
                topology_key: "kubernetes.io/hostname".into(),
                label_selector: Some(LabelSelector {
                    match_labels: Some(meta::instance_labels(&plan.identity)),
                    match_expressions: Some(vec![LabelSelectorRequirement {
                        key: "app.kubernetes.io/component".into(),
                        operator: "In".into(),
                        values: Some(colocation.components.clone()),
                    }]),
                }),
                ..PodAffinityTerm::default()
            }]),
            ..PodAffinity::default()
        }),
        ..Affinity::default()
    })
}

/// Keeps replicas on different nodes and in different zones.
fn spread(plan: &Plan, workload: &Workload) -> Option<Vec<TopologySpreadConstraint>> {
    let several = match &workload.kind {
        Kind::Deployment {
            replicas: Replicas::Many(_),
            ..
        }
        | Kind::StatefulSet { .. } => true,
        Kind::Deployment {
            replicas: Replicas::One,
            ..
        }
        | Kind::Job { .. } => false,
    };
    let spread = workload.pod.spread;
    if !several || !spread.enabled.is_on() {
        return None;
    }
    let constraint = |topology: &str, when_unsatisfiable: &str| TopologySpreadConstraint {
        max_skew: 1,
        topology_key: topology.into(),
        when_unsatisfiable: when_unsatisfiable.into(),
        label_selector: Some(meta::selector(plan, &workload.component)),
        ..TopologySpreadConstraint::default()
    };
    let nodes = if spread.required.is_on() {
        "DoNotSchedule"
    } else {
        "ScheduleAnyway"
    };
    Some(vec![
        constraint("kubernetes.io/hostname", nodes),
        constraint("topology.kubernetes.io/zone", "ScheduleAnyway"),
    ])
}

fn volume(plan: &Plan, volume: &Volume) -> TypedVolume {
    let mut typed = TypedVolume {
        name: volume.name.into(),
        ..TypedVolume::default()
    };
    match &volume.source {
        VolumeSource::Config(ids) => match ids.as_slice() {
            [id] => typed.config_map = Some(config(plan, id)),
            several => typed.projected = Some(configs(plan, several)),
        },
        VolumeSource::Secrets(ids) => typed.projected = Some(secrets(plan, ids)),
        VolumeSource::Scratch(size) => typed.empty_dir = Some(folder(size, None)),
        VolumeSource::Memory(size) => typed.empty_dir = Some(folder(size, Some("Memory".into()))),
        VolumeSource::Claim(id) => {
            typed.persistent_volume_claim = Some(PersistentVolumeClaimVolumeSource {
                claim_name: plan.identity.name(id).leaf(),
                read_only: None,
            });
        }
    }
    typed
}

fn config(plan: &Plan, id: &str) -> ConfigMapVolumeSource {
    ConfigMapVolumeSource {
        name: plan.identity.name(id).leaf(),
        ..ConfigMapVolumeSource::default()
    }
}

fn configs(plan: &Plan, ids: &[String]) -> ProjectedVolumeSource {
    let sources = ids.iter().map(|id| VolumeProjection {
        config_map: Some(ConfigMapProjection {
            name: plan.identity.name(id).leaf(),
            ..ConfigMapProjection::default()
        }),
        ..VolumeProjection::default()
    });
    ProjectedVolumeSource {
        default_mode: None,
        sources: Some(sources.collect()),
    }
}

fn folder(size: &Par<String>, medium: Option<String>) -> EmptyDirVolumeSource {
    EmptyDirVolumeSource {
        size_limit: Some(Quantity(size.leaf())),
        medium,
    }
}

/// Several Secrets under one mount point, each key that our pods read as `<id>/<file>`.
fn secrets(plan: &Plan, ids: &[&'static str]) -> ProjectedVolumeSource {
    let sources = plan
        .secrets
        .iter()
        .filter(|secret| ids.contains(&secret.id))
        .map(|secret| VolumeProjection {
            secret: Some(SecretProjection {
                name: secret.name.leaf(),
                items: Some(
                    secret
                        .keys
                        .iter()
                        .filter_map(|key| {
                            key.file.map(|file| KeyToPath {
                                key: key.key.into(),
                                path: format!("{}/{file}", secret.id),
                                mode: None,
                            })
                        })
                        .collect(),
                ),
                optional: None,
            }),
            ..VolumeProjection::default()
        })
        .collect();
    ProjectedVolumeSource {
        default_mode: Some(SECRET_MODE),
        sources: Some(sources),
    }
}
