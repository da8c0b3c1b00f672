//! Names, labels and annotations, by Kubernetes' recommended set.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use crate::plan::{Identity, Par, Plan, Workload};

/// What manages the objects, for `app.kubernetes.io/managed-by`.
const MANAGER: &str = "invgen";

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
        (
            "app.kubernetes.io/instance".into(),
            identity.instance.leaf(),
        ),
    ])
}

/// The full set: selector labels, version, what it is part of and who manages it, and the site's own.
pub fn labels(
    identity: &Identity,
    component: &str,
    version: &Par<String>,
) -> BTreeMap<String, String> {
    let mut labels = common(identity);
    labels.extend(selector_labels(identity, component));
    labels.insert("app.kubernetes.io/version".into(), version.leaf());
    labels
}

/// Metadata of an object that belongs to a workload.
pub fn of(plan: &Plan, workload: &Workload, name: &Par<String>) -> ObjectMeta {
    metadata(
        &plan.identity,
        labels(&plan.identity, &workload.component, &workload.version),
        name,
    )
}

/// Metadata of an object that belongs to a component but to none of its pods in particular.
pub fn of_component(plan: &Plan, component: &str, name: &Par<String>) -> ObjectMeta {
    metadata(
        &plan.identity,
        labels(&plan.identity, component, &plan.identity.version),
        name,
    )
}

/// Selects a workload's pods.
pub fn selector(plan: &Plan, component: &str) -> LabelSelector {
    LabelSelector {
        match_labels: Some(selector_labels(&plan.identity, component)),
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

fn common(identity: &Identity) -> BTreeMap<String, String> {
    let mut labels = pairs(&identity.labels);
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
