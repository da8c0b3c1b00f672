//! Services from Bitnami's charts: sites in every mode, what they say to the charts, and what the charts make of it.

mod files;
mod layers;
mod legal;
mod real;

use std::sync::Arc;

use invgen::config::load::{self, Loaded, Parsed};
use invgen::diag::Source;
use invgen::k8s;
use invgen::plan::Plan;
use serde_json::Value;

const SITE: &str = "\
apiVersion: invgen/v1
app: invenio-rdm
name: lab
namespace: lab-rdm
domain: lab.example.org
image: {repository: registry.example.org/rdm, tag: 1.0.0}
invenio: {version: '13'}
exposure: {ingress: {className: traefik, tls: {secretName: lab-tls}}}
services:
  postgresql: {provider: bitnami}
  redis: {provider: bitnami}
  rabbitmq: {provider: bitnami}
";

/// How the services are laid out.
const LAYOUTS: [&[&str]; 4] = [
    &[],
    &[
        "services.postgresql.architecture=replication",
        "services.redis.architecture=replication",
        "services.rabbitmq.replicas=3",
    ],
    &[
        "services.postgresql={architecture: replication, replicas: 2}",
        "services.redis.architecture=sentinel",
        "services.rabbitmq.replicas=2",
    ],
    &["services.redis={architecture: sentinel, replicas: 5}"],
];

/// Where images come from.
const IMAGES: [&str; 3] = [
    "{source: legacy}",
    "{source: mirror, repository: 'registry.example.org:5000/copies/bitnami', tags: {os-shell: '13'}}",
    "{source: secure}",
];

/// Who measures.
const METRICS: [&str; 3] = [
    "null",
    "{namespace: prom}",
    "{namespace: prom, serviceMonitor: true, labels: {release: prometheus}}",
];

/// What the rest of the site says.
const SITES: [&[&str]; 3] = [
    &[],
    &[
        "image.pullSecrets=[a, b]",
        "labels={example.org/team: 'on'}",
        "annotations={example.org/note: 'a <&> b'}",
        "storage={className: fast, retention: Delete}",
        "scheduling={spread: required, nodeSelector: {disk: 'yes'}, priorityClassName: high}",
        "scheduling.tolerations=[{key: a, operator: Equal, value: 'no'}, {key: b, effect: NoExecute}]",
        "secrets.names={postgresql: own-db, redis: own-cache, rabbitmq: own-broker}",
    ],
    &[
        "network.policies=false",
        "scheduling={spread: 'off', disruptionBudgets: false}",
        "services.redis.className=slow",
    ],
];

fn parsed(text: &str) -> Parsed {
    let source = Source {
        name: "site.yaml".into(),
        text: text.into(),
    };
    load::parse(Arc::new(source)).unwrap()
}

fn loaded(profile: &str, sets: &[String]) -> Loaded {
    parsed(SITE).load(Some(profile), sets).unwrap()
}

fn plan(profile: &str, sets: &[String]) -> Plan {
    invgen::render::plan(&loaded(profile, sets).site).unwrap()
}

/// Sites in every combination of modes.
fn plans() -> Vec<Plan> {
    let mut all = Vec::new();
    for layout in LAYOUTS {
        for images in IMAGES {
            for metrics in METRICS {
                for site in SITES {
                    let mut sets: Vec<String> = layout
                        .iter()
                        .chain(site)
                        .map(|&set| set.to_owned())
                        .collect();
                    for service in ["postgresql", "redis", "rabbitmq"] {
                        sets.push(format!("services.{service}.images={images}"));
                        sets.push(format!("services.{service}.metrics={metrics}"));
                    }
                    all.push(plan("prod", &sets));
                }
            }
        }
    }
    all
}

/// The charts of a site and the values for each, installed on its own.
fn values(plan: &Plan) -> Vec<(&'static str, Value)> {
    plan.subcharts
        .iter()
        .map(|subchart| {
            let values = k8s::values(plan, subchart, &plan.identity.instance).unwrap();
            (subchart.chart, values)
        })
        .collect()
}
