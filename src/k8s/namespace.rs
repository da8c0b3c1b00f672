//! The Namespace, with the Pod Security level that every pod of the site keeps.

use k8s_openapi::api::core::v1::Namespace;

use super::{Draft, meta};
use crate::plan::Plan;

/// The Namespace, if it is ours to make. Its file sorts before all others, so that `kubectl apply -R` makes it first.
pub fn build(plan: &Plan) -> Option<Draft<'_>> {
    if !plan.namespace.create.is_on() {
        return None;
    }
    let mut metadata = meta::of(plan, "namespace", &plan.identity.namespace);
    metadata.namespace = None;
    let labels = metadata.labels.get_or_insert_default();
    for mode in ["enforce", "audit", "warn"] {
        labels.insert(
            format!("pod-security.kubernetes.io/{mode}"),
            "restricted".into(),
        );
        labels.insert(
            format!("pod-security.kubernetes.io/{mode}-version"),
            plan.namespace.pod_security_version.leaf(),
        );
    }
    Some(Draft::new("00-namespace", "00-namespace", move || {
        Namespace {
            metadata,
            ..Namespace::default()
        }
    }))
}
