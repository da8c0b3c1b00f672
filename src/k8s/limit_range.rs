//! The LimitRange: defaults for containers that others start in the namespace.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{LimitRange, LimitRangeItem, LimitRangeSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{Draft, meta};
use crate::plan::{Par, Plan};

/// The defaults, if the profile asks for them: without, a quota refuses every pod that names no resources.
pub fn build(plan: &Plan) -> Option<Draft<'_>> {
    let Some(limits) = &plan.namespace.limits else {
        return None;
    };
    let amounts = |cpu: &Par<String>, memory: &Par<String>| {
        Some(BTreeMap::from([
            ("cpu".to_owned(), Quantity(cpu.leaf())),
            ("memory".to_owned(), Quantity(memory.leaf())),
        ]))
    };
    let item = LimitRangeItem {
        type_: "Container".into(),
        default_request: amounts(&limits.default_request_cpu, &limits.default_request_memory),
        default: amounts(&limits.default_cpu, &limits.default_memory),
        ..LimitRangeItem::default()
    };
    Some(Draft::new("00-namespace", "limitrange", move || {
        LimitRange {
            metadata: meta::of(plan, "namespace", &plan.identity.instance),
            spec: Some(LimitRangeSpec { limits: vec![item] }),
        }
    }))
}
