//! PersistentVolumeClaims: shared ones as objects, a StatefulSet's as templates.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{Draft, meta};
use crate::plan::{Claim, Plan};

/// A claim that several workloads share.
pub fn build<'p>(plan: &'p Plan, claim: &'p Claim) -> Draft<'p> {
    Draft::new(claim.id, "persistentvolumeclaim", move || {
        PersistentVolumeClaim {
            metadata: meta::of(plan, claim.id, &plan.identity.name(claim.id)),
            spec: Some(spec(claim)),
            status: None,
        }
    })
}

/// A claim of each pod of a StatefulSet. It carries only labels that never change, because the template cannot.
pub fn template(plan: &Plan, component: &str, claim: &Claim) -> PersistentVolumeClaim {
    PersistentVolumeClaim {
        metadata: ObjectMeta {
            name: Some(claim.id.into()),
            labels: Some(meta::selector_labels(&plan.identity, component)),
            ..ObjectMeta::default()
        },
        spec: Some(spec(claim)),
        status: None,
    }
}

fn spec(claim: &Claim) -> PersistentVolumeClaimSpec {
    PersistentVolumeClaimSpec {
        access_modes: Some(vec![claim.access_mode.leaf()]),
        storage_class_name: claim.has_class.then(|| claim.class.leaf()),
        resources: Some(VolumeResourceRequirements {
            requests: Some(BTreeMap::from([(
                "storage".into(),
                Quantity(claim.size.leaf()),
            )])),
            limits: None,
        }),
        ..PersistentVolumeClaimSpec::default()
    }
}
