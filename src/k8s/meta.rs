//! Names, labels and annotations, by Kubernetes' recommended set.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use crate::plan::{Identity, Par, Plan, Subchart, Workload};

/// What manages the objects, for `app.kubernetes.io/managed-by`.
pub const MANAGER: &str = "invgen";

/// Labels by which the pods of a component are found: our own, or those that somebody else's chart gives its pods.
fn pod_labels(plan: &Plan, component: &str) -> BTreeMap<String, String> {
    let chart = |subchart: &&Subchart| subchart.component == component;
    match plan.subcharts.iter().find(chart) {
        None => selector_labels(&plan.identity, component),
        Some(subchart) => {
            let fixed = subchart
                .pods
                .iter()
                .map(|(key, value)| ((*key).into(), (*value).into()));
            fixed.chain([instance_label(&plan.identity)]).collect()
        }
    }
}

fn instance_label(identity: &Identity) -> (String, String) {
    (
        "app.kubernetes.io/instance".into(),
        identity.instance.leaf(),
    )
}

/// Labels that pods and objects of somebody else's chart share with ours: whose they are, and the site's own.
pub fn shared_labels(identity: &Identity) -> [(String, String); 2] {
    let part_of = ("app.kubernetes.io/part-of".into(), identity.instance.leaf());
    [instance_label(identity), part_of]
}

/// Labels that never change in the life of a workload; selectors use these and no others.
pub fn selector_labels(identity: &Identity, component: &str) -> BTreeMap<String, String> {
    let mut labels = instance_labels(identity);
    labels.insert("app.kubernetes.io/component".into(), component.into());
    labels
}

/// Labels that all pods of the site share.
pub fn instance_labels(identity: &Identity) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("app.kubernetes.io/name".into(), identity.app.into()),
        instance_label(identity),
    ])
}

/// The recommended set of a workload and its pods: what it is, of which version, part of what, managed by whom; and the
/// site's own.
pub fn workload_labels(plan: &Plan, workload: &Workload) -> BTreeMap<String, String> {
    let mut labels = labels(&plan.identity, &workload.component);
    labels.insert("app.kubernetes.io/version".into(), workload.version.leaf());
    labels
}

/// Metadata of a workload.
pub fn of_workload(plan: &Plan, workload: &Workload, name: &Par<String>) -> ObjectMeta {
    metadata(&plan.identity, workload_labels(plan, workload), name)
}

/// Metadata of anything else. It names no version, so that a new image changes the workloads and nothing more.
pub fn of(plan: &Plan, component: &str, name: &Par<String>) -> ObjectMeta {
    metadata(&plan.identity, labels(&plan.identity, component), name)
}

/// Selects a workload's pods.
pub fn selector(plan: &Plan, component: &str) -> LabelSelector {
    LabelSelector {
        match_labels: Some(pod_labels(plan, component)),
        match_expressions: None,
    }
}

/// `None` for an empty map, so that no empty map is written.
pub fn some<K: Ord, V>(map: BTreeMap<K, V>) -> Option<BTreeMap<K, V>> {
    Some(map).filter(|map| !map.is_empty())
}

/// A list of named values as a map.
pub fn pairs(list: &[(String, Par<String>)]) -> BTreeMap<String, String> {
    list.iter()
        .map(|(key, value)| (key.clone(), value.leaf()))
        .collect()
}

fn labels(identity: &Identity, component: &str) -> BTreeMap<String, String> {
    let mut labels = pairs(&identity.labels);
    labels.extend(selector_labels(identity, component));
    labels.insert("app.kubernetes.io/part-of".into(), identity.instance.leaf());
    labels.insert("app.kubernetes.io/managed-by".into(), MANAGER.into());
    labels
}

fn metadata(
    identity: &Identity,
    labels: BTreeMap<String, String>,
    name: &Par<String>,
) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.leaf()),
        namespace: Some(identity.namespace.leaf()),
        labels: Some(labels),
        annotations: some(pairs(&identity.annotations)),
        ..ObjectMeta::default()
    }
}
