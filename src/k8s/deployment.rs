//! Deployments: interchangeable pods.

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Draft, meta, pod};
use crate::facts::SURGE;
use crate::plan::{Gate, Plan, Replicas, Workload};

/// Old ReplicaSets that are kept for a roll-back.
const HISTORY: i32 = 5;
/// Seconds after which a roll-out that makes no progress is reported as failed; an InvenioRDM image may take minutes to pull and start.
const PROGRESS_SECONDS: i32 = 900;

/// The Deployment. An autoscaled one names no number of replicas: the autoscaler owns that field.
pub fn build<'p>(
    plan: &'p Plan,
    workload: &'p Workload,
    replicas: &'p Replicas,
    recreate: Gate,
) -> Draft<'p> {
    let replicas = match replicas {
        Replicas::One => Some(1),
        Replicas::Many(scaling) => scaling.auto.or_else(|| scaling.replicas.leaf()),
    };
    Draft::new(&workload.component, "deployment", move || Deployment {
        metadata: meta::of_workload(plan, workload, &plan.identity.name(&workload.component)),
        spec: Some(DeploymentSpec {
            replicas,
            revision_history_limit: Some(HISTORY),
            progress_deadline_seconds: Some(PROGRESS_SECONDS),
            selector: meta::selector(plan, &workload.component),
            strategy: Some(strategy(recreate)),
            template: pod::template(plan, workload),
            ..DeploymentSpec::default()
        }),
        status: None,
    })
}

fn strategy(recreate: Gate) -> DeploymentStrategy {
    if recreate.is_on() {
        return DeploymentStrategy {
            type_: Some("Recreate".into()),
            rolling_update: None,
        };
    }
    DeploymentStrategy {
        type_: Some("RollingUpdate".into()),
        rolling_update: Some(RollingUpdateDeployment {
            max_unavailable: Some(IntOrString::Int(0)),
            max_surge: Some(IntOrString::Int(SURGE.into())),
        }),
    }
}
