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
mod meta;
mod namespace;
mod network_policy;
mod object;
mod pod;
mod resource_quota;
mod service;
mod service_account;
mod stateful_set;

pub use connection_test::connection_test;
pub use finish::plain;
pub use meta::instance_labels;
pub use object::{Fault, Object};

pub use crate::facts::SUPPORTED_MINORS as SUPPORTED;
use crate::plan::{Kind, Plan};

/// All objects of a plan, in the order in which they are best applied.
///
/// They are *neutral*: checksums are still references to texts, and a Job has its plain name. [`plain`] finishes them
/// for `kubectl apply`.
pub fn objects(plan: &Plan) -> Result<Vec<Object>, Fault> {
    let mut all = Vec::new();
    all.extend(namespace::build(plan)?);
    all.extend(resource_quota::build(plan)?);
    all.extend(limit_range::build(plan)?);
    all.extend(network_policy::default_deny(plan)?);
    for workload in &plan.workloads {
        all.push(service_account::build(plan, workload)?);
    }
    for config in &plan.configs {
        all.push(config_map::build(plan, config)?);
    }
    for claim in &plan.claims {
        all.push(claim::build(plan, claim)?);
    }
    for workload in &plan.workloads {
        all.extend(service::build(plan, workload)?);
    }
    for workload in &plan.workloads {
        all.extend(network_policy::build(plan, workload)?);
    }
    all.extend(network_policy::certificate_solver(plan)?);
    for workload in &plan.workloads {
        all.push(match &workload.kind {
            Kind::Deployment { replicas, recreate } => {
                deployment::build(plan, workload, replicas, *recreate)?
            }
            Kind::StatefulSet(set) => stateful_set::build(plan, workload, set)?,
            Kind::Job(job) => job::build(plan, workload, job)?,
        });
    }
    for workload in &plan.workloads {
        all.extend(horizontal_pod_autoscaler::build(plan, workload)?);
        all.extend(disruption_budget::build(plan, workload)?);
    }
    all.extend(ingress::build(plan)?);
    Ok(all)
}
