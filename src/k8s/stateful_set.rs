//! StatefulSets: pods with a name and a volume each.

use k8s_openapi::api::apps::v1::{
    StatefulSet, StatefulSetPersistentVolumeClaimRetentionPolicy, StatefulSetSpec,
    StatefulSetUpdateStrategy,
};

use super::{Draft, claim, meta, pod};
use crate::plan::{Plan, Set, Workload};

/// The `StatefulSet`. Unless the profile says otherwise its volumes outlive it: deleting data is a decision of its own.
pub fn build<'p>(plan: &'p Plan, workload: &'p Workload, set: &'p Set) -> Draft<'p> {
    let component = &workload.component;
    let templates = set
        .claims
        .iter()
        .map(|claim| claim::template(plan, component, claim))
        .collect();
    Draft::new(component, "statefulset", move || StatefulSet {
        metadata: meta::of_workload(plan, workload, &plan.identity.name(component)),
        spec: Some(StatefulSetSpec {
            service_name: Some(plan.identity.headless(component).leaf()),
            replicas: Some(set.replicas.leaf()),
            pod_management_policy: Some(
                if set.parallel {
                    "Parallel"
                } else {
                    "OrderedReady"
                }
                .into(),
            ),
            update_strategy: Some(StatefulSetUpdateStrategy {
                type_: Some("RollingUpdate".into()),
                rolling_update: None,
            }),
            persistent_volume_claim_retention_policy: Some(
                StatefulSetPersistentVolumeClaimRetentionPolicy {
                    when_deleted: Some(set.retention.leaf()),
                    when_scaled: Some("Retain".into()),
                },
            ),
            selector: meta::selector(plan, component),
            template: pod::template(plan, workload),
            volume_claim_templates: Some(templates),
            ..StatefulSetSpec::default()
        }),
        status: None,
    })
}
