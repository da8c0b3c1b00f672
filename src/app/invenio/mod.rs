//! InvenioRDM: its processes, what they read and whom they talk to.

mod configs;
mod jobs;
mod pod;
mod secrets;
mod texts;
mod web;
mod worker;

use crate::backing::Backings;
use crate::plan::{ConfigMap, Exposure, Plan, Route, SecretSpec, Workload};
use crate::resolve::Resolved;
use crate::texts::Fault;

/// Component of the web pods.
const WEB: &str = "web";
/// Component of the API's own pods, where it has any.
const API: &str = "api";
/// The instance folder of InvenioRDM's images.
const INSTANCE: &str = "/opt/invenio/var/instance";
/// Where uploaded files lie, in the instance folder.
const DATA: &str = "/opt/invenio/var/instance/data";
/// Seconds that requests under way may take when a pod ends.
const DRAIN_SECONDS: u32 = 60;
/// Bytes of the largest request that is not a file: InvenioRDM's own default, 100 MiB.
const BODY_LIMIT_BYTES: u64 = 100 * 1024 * 1024;

/// The whole deployment of an InvenioRDM site.
pub fn plan(resolved: &Resolved) -> Result<Plan, Fault> {
    let backings = Backings::of(resolved)?;
    Ok(Plan {
        identity: resolved.identity.clone(),
        namespace: resolved.namespace.clone(),
        workloads: workloads(resolved, &backings),
        configs: configs(resolved, &backings)?,
        claims: vec![resolved.files.clone()],
        subcharts: backings
            .all()
            .iter()
            .filter_map(|backing| backing.subchart.clone())
            .collect(),
        secrets: catalogue(resolved, &backings),
        exposure: resolved
            .exposure
            .as_ref()
            .map(|exposure| routed(resolved, exposure)),
        network_policies: resolved.network_policies,
        dns: resolved.dns.clone(),
    })
}

fn workloads(resolved: &Resolved, backings: &Backings) -> Vec<Workload> {
    let mut all: Vec<Workload> = backings
        .all()
        .iter()
        .flat_map(|backing| backing.workloads.clone())
        .collect();
    all.extend(web::workloads(resolved, backings));
    all.extend(worker::workloads(resolved, backings));
    all.extend(jobs::workloads(resolved, backings));
    all
}

fn configs(resolved: &Resolved, backings: &Backings) -> Result<Vec<ConfigMap>, Fault> {
    let mut all: Vec<ConfigMap> = backings
        .all()
        .iter()
        .flat_map(|backing| backing.configs.clone())
        .collect();
    all.push(configs::shared(resolved, backings)?);
    all.push(configs::setup()?);
    all.push(configs::web(resolved, WEB, &resolved.web, false)?);
    if let Some(api) = &resolved.api {
        all.push(configs::web(resolved, API, api, true)?);
    }
    Ok(all)
}

fn catalogue(resolved: &Resolved, backings: &Backings) -> Vec<SecretSpec> {
    let mut all = secrets::secrets(resolved);
    all.extend(
        backings
            .all()
            .iter()
            .filter_map(|backing| backing.secret.clone()),
    );
    all
}

/// Pages and API on one host: `/api` goes to the API's own pods where it has any.
fn routed(resolved: &Resolved, exposure: &Exposure) -> Exposure {
    let route = |path, component: &str| Route {
        path,
        component: component.into(),
        port_name: web::PORT.name,
    };
    let mut routes = vec![route("/", WEB)];
    if resolved.api.is_some() {
        routes.insert(0, route("/api", API));
    }
    Exposure {
        routes,
        ..exposure.clone()
    }
}
