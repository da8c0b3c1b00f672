//! HorizontalPodAutoscalers, for Deployments whose number of pods follows their load.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
    ResourceMetricSource,
};

use super::{Draft, meta};
use crate::plan::{Kind, Plan, Replicas, Workload};

/// Seconds of low load before pods are taken away: shorter than this and a quiet minute costs warm processes.
const CALM_SECONDS: i32 = 300;

/// The autoscaler, if the workload is autoscaled.
pub fn build<'p>(plan: &'p Plan, workload: &'p Workload) -> Option<Draft<'p>> {
    let Kind::Deployment {
        replicas: Replicas::Many(scaling),
        ..
    } = &workload.kind
    else {
        return None;
    };
    if !scaling.auto.is_on() {
        return None;
    }
    let name = plan.identity.name(&workload.component);
    let cpu = MetricSpec {
        type_: "Resource".into(),
        resource: Some(ResourceMetricSource {
            name: "cpu".into(),
            target: MetricTarget {
                type_: "Utilization".into(),
                average_utilization: Some(scaling.cpu_percent.leaf()),
                ..MetricTarget::default()
            },
        }),
        ..MetricSpec::default()
    };
    Some(Draft::new(
        &workload.component,
        "horizontalpodautoscaler",
        move || HorizontalPodAutoscaler {
            metadata: meta::of(plan, &workload.component, &name),
            spec: Some(HorizontalPodAutoscalerSpec {
                scale_target_ref: CrossVersionObjectReference {
                    api_version: Some("apps/v1".into()),
                    kind: "Deployment".into(),
                    name: name.leaf(),
                },
                min_replicas: Some(scaling.min.leaf()),
                max_replicas: scaling.max.leaf(),
                metrics: Some(vec![cpu]),
                behavior: Some(HorizontalPodAutoscalerBehavior {
                    scale_down: Some(HPAScalingRules {
                        stabilization_window_seconds: Some(CALM_SECONDS),
                        ..HPAScalingRules::default()
                    }),
                    scale_up: None,
                }),
            }),
            status: None,
        },
    ))
}
