//! ConfigMaps: the texts that pods mount.

use k8s_openapi::api::core::v1;

use super::{Fault, Object, meta};
use crate::plan::{ConfigMap, Plan};

/// The ConfigMap with its files.
pub fn build(plan: &Plan, config: &ConfigMap) -> Result<Object, Fault> {
    let data = config
        .files
        .iter()
        .map(|file| (file.name.to_owned(), file.text.to_string()))
        .collect();
    let object = v1::ConfigMap {
        metadata: meta::of(plan, &config.id, &plan.identity.name(&config.id)),
        data: Some(data),
        ..v1::ConfigMap::default()
    };
    Object::new(&config.id, "configmap", &object)
}
