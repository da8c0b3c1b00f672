//! Jobs: work that runs to its end.

use k8s_openapi::api::batch::v1::{Job, JobSpec};

use super::{Draft, meta, pod};
use crate::plan::{Plan, Task, Workload};

/// The Job, under its plain name; [`super::plain`] adds the digest of its specification, because a Job cannot be changed.
pub fn build<'p>(plan: &'p Plan, workload: &'p Workload, task: &'p Task) -> Draft<'p> {
    Draft::new(&workload.component, "job", move || Job {
        metadata: meta::of_workload(plan, workload, &plan.identity.name(&workload.component)),
        spec: Some(JobSpec {
            backoff_limit: Some(task.retries.leaf()),
            active_deadline_seconds: Some(task.deadline_seconds.leaf()),
            ttl_seconds_after_finished: task.expires.then(|| task.keep_seconds.leaf()),
            template: pod::template(plan, workload),
            ..JobSpec::default()
        }),
        status: None,
    })
}
