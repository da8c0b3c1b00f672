//! PodDisruptionBudgets: node maintenance takes one pod of a workload at a time.

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Draft, meta};
use crate::plan::{Plan, Workload};

/// The budget, if the workload has several pods and the profile wants it.
pub fn build<'p>(plan: &'p Plan, workload: &'p Workload) -> Option<Draft<'p>> {
    if !workload.disruption_budget.is_on() {
        return None;
    }
    Some(Draft::new(
        &workload.component,
        "poddisruptionbudget",
        move || PodDisruptionBudget {
            metadata: meta::of(
                plan,
                &workload.component,
                &plan.identity.name(&workload.component),
            ),
            spec: Some(PodDisruptionBudgetSpec {
                max_unavailable: Some(IntOrString::Int(1)),
                selector: Some(meta::selector(plan, &workload.component)),
                // A pod that is broken anyway must not keep a node from being drained.
                unhealthy_pod_eviction_policy: Some("AlwaysAllow".into()),
                min_available: None,
            }),
            status: None,
        },
    ))
}
