//! One ServiceAccount a workload, without a token: nothing of the site talks to the Kubernetes API.

use k8s_openapi::api::core::v1::ServiceAccount;

use super::{Draft, meta};
use crate::plan::{Plan, Workload};

/// The workload's account.
pub fn build<'p>(plan: &'p Plan, workload: &'p Workload) -> Draft<'p> {
    Draft::new(&workload.component, "serviceaccount", move || {
        ServiceAccount {
            metadata: meta::of(
                plan,
                &workload.component,
                &plan.identity.name(&workload.component),
            ),
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        }
    })
}
