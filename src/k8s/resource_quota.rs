//! The ResourceQuota: upper bounds of the namespace, against runaway replicas and services that cost money.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ResourceQuota, ResourceQuotaSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{Draft, meta};
use crate::plan::Plan;

/// The quota, if the profile asks for one.
pub fn build(plan: &Plan) -> Option<Draft<'_>> {
    let Some(quota) = &plan.namespace.quota else {
        return None;
    };
    let hard = BTreeMap::from([
        ("requests.cpu".into(), Quantity(quota.requests_cpu.leaf())),
        (
            "requests.memory".into(),
            Quantity(quota.requests_memory.leaf()),
        ),
        ("limits.cpu".into(), Quantity(quota.limits_cpu.leaf())),
        ("limits.memory".into(), Quantity(quota.limits_memory.leaf())),
        (
            "requests.storage".into(),
            Quantity(quota.requests_storage.leaf()),
        ),
        ("pods".into(), Quantity(quota.pods.leaf())),
        ("services.loadbalancers".into(), Quantity("0".into())),
        ("services.nodeports".into(), Quantity("0".into())),
    ]);
    Some(Draft::new("00-namespace", "resourcequota", move || {
        ResourceQuota {
            metadata: meta::of(plan, "namespace", &plan.identity.instance),
            spec: Some(ResourceQuotaSpec {
                hard: Some(hard),
                ..ResourceQuotaSpec::default()
            }),
            status: None,
        }
    }))
}
