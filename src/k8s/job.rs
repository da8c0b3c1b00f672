//! Jobs: work that runs to its end.

use k8s_openapi::api::batch::v1::{Job, JobSpec};

use super::{Fault, Object, meta, pod};
use crate::plan::{Plan, Task, Workload};

/// The Job, under its plain name; [`super::plain`] adds the digest of its specification, because a Job cannot be changed.
pub fn build(plan: &Plan, workload: &Workload, task: &Task) -> Result<Object, Fault> {
    let object = Job {
        metadata: meta::of_workload(plan, workload, &plan.identity.name(&workload.component)),
        spec: Some(JobSpec {
            backoff_limit: Some(task.retries.leaf()),
            active_deadline_seconds: Some(task.deadline_seconds.leaf()),
            ttl_seconds_after_finished: task.expires.then(|| task.keep_seconds.leaf()),
            template: pod::template(plan, workload),
            ..JobSpec::default()
        }),
        status: None,
    };
    Object::new(&workload.component, "job", &object)
}
