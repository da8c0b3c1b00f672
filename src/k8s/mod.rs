//! From the Plan to Kubernetes objects: one file a kind, pure functions over `k8s-openapi`'s types.
//!
//! Nothing here computes: values are placed, concatenated, and objects or fields appear by a [`Gate`](crate::plan::Gate).

mod claim;
mod config_map;
mod connection_test;
mod container;
mod deployment;
mod disruption_budget;
mod finish;
mod horizontal_pod_autoscaler;
mod ingress;
mod job;
mod limit_range;
mod marker;
mod meta;
mod namespace;
mod network_policy;
mod object;
mod pod;
mod resource_quota;
mod service;
mod service_account;
mod stateful_set;
mod subchart;

pub use finish::{delivered_by_helm, helm, plain};
pub use marker::Marker;
pub use meta::instance_labels;
pub use object::{Draft, Fault, Object};
pub use subchart::values;

pub use crate::facts::SUPPORTED_MINORS as SUPPORTED;
use crate::plan::{Kind, Plan};

/// All objects of a plan, in the order in which they are best applied.
///
/// They are *neutral*: texts and checksums are still markers, and a Job has its plain name. [`plain`] finishes them for
/// `kubectl apply`, [`helm`] as a chart delivers them.
pub fn objects(plan: &Plan) -> Result<Vec<Object>, Fault> {
    drafts(plan).into_iter().map(Draft::object).collect()
}

/// What a chart has besides: the objects of its test, as hooks.
pub use connection_test::connection_test;

/// The same objects, still typed.
pub fn drafts(plan: &Plan) -> Vec<Draft<'_>> {
    let mut all = Vec::new();
    all.extend(namespace::build(plan));
    all.extend(resource_quota::build(plan));
    all.extend(limit_range::build(plan));
    all.extend(network_policy::default_deny(plan));
    for workload in &plan.workloads {
        all.push(service_account::build(plan, workload));
    }
    for config in &plan.configs {
        all.push(config_map::build(plan, config));
    }
    for claim in &plan.claims {
        all.push(claim::build(plan, claim));
    }
    for workload in &plan.workloads {
        all.extend(service::build(plan, workload));
    }
    for workload in &plan.workloads {
        all.extend(network_policy::build(plan, workload));
    }
    all.extend(network_policy::certificate_solver(plan));
    for workload in &plan.workloads {
        all.push(match &workload.kind {
            Kind::Deployment { replicas, recreate } => {
                deployment::build(plan, workload, replicas, *recreate)
            }
            Kind::StatefulSet(set) => stateful_set::build(plan, workload, set),
            Kind::Job(job) => job::build(plan, workload, job),
        });
    }
    for workload in &plan.workloads {
        all.extend(horizontal_pod_autoscaler::build(plan, workload));
        all.extend(disruption_budget::build(plan, workload));
    }
    all.extend(ingress::build(plan));
    all
}
