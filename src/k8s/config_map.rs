//! ConfigMaps: the texts that pods mount.

use k8s_openapi::api::core::v1;

use super::marker::Marker;
use super::{Draft, meta};
use crate::plan::{ConfigMap, Plan};

/// The ConfigMap with its files; the texts themselves follow in the finishing pass.
pub fn build<'p>(plan: &'p Plan, config: &'p ConfigMap) -> Draft<'p> {
    let data = config
        .files
        .iter()
        .map(|file| {
            let name = format!("{}/{}", config.id, file.name);
            (file.name.to_owned(), Marker::Text(name).to_string())
        })
        .collect();
    Draft::new(&config.id, "configmap", move || v1::ConfigMap {
        metadata: meta::of(plan, &config.id, &plan.identity.name(&config.id)),
        data: Some(data),
        ..v1::ConfigMap::default()
    })
}
