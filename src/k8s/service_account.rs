//! One ServiceAccount a workload, without a token: nothing of the site talks to the Kubernetes API.

use k8s_openapi::api::core::v1::ServiceAccount;

use super::{Fault, Object, meta};
use crate::plan::{Plan, Workload};

/// The workload's account.
pub fn build(plan: &Plan, workload: &Workload) -> Result<Object, Fault> {
    let object = ServiceAccount {
        metadata: meta::of(
            plan,
            &workload.component,
            &plan.identity.name(&workload.component),
        ),
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    };
    Object::new(&workload.component, "serviceaccount", &object)
}
