//! The provider `bitnami`: values for Bitnami's charts, and what the rest of the site has to know of them.

mod postgresql;
mod rabbitmq;
mod redis;

pub use postgresql::postgresql;
pub use rabbitmq::rabbitmq;
pub use redis::redis;

use serde_json::{Map, Value, json};

use crate::facts::Amounts;
use crate::facts::charts::REPOSITORY;
use crate::plan::text::{Block, Text};
use crate::plan::{Caller, Door, Outside, Par, Resources, SecretKey, Strength, Subchart};
use crate::resolve::Bitnami;
use crate::resolve::bitnami::Metrics;
use crate::tree::place::set;

/// Values of a chart while they are collected.
///
/// Whatever the site says, the same places have values: in our own chart the values of a profile lie above those of another,
/// and what the one did not say would stay as the other said it.
struct Values(Value);

impl Values {
    /// What every chart takes: names, labels and images.
    fn of(bitnami: &Bitnami) -> Self {
        let mut values = Self(json!({}));
        // None of our images is the one that a chart names itself, and the charts refuse others unless told so.
        values.set("global.security.allowInsecureImages", true);
        let pull_secrets = bitnami.placement.pull_secrets.leaf();
        values.set("global.imagePullSecrets", pull_secrets);
        values.text("fullnameOverride", &bitnami.name);
        values.set("commonLabels", pairs(&bitnami.labels));
        values.set("commonAnnotations", pairs(&bitnami.annotations));
        for image in &bitnami.images {
            let at = |key| format!("{}.{key}", image.place);
            values.text(&at("registry"), &image.registry);
            values.text(&at("repository"), &image.repository);
            values.text(&at("tag"), &image.tag);
        }
        // It would run as root, and no volume needs it: the pods' group owns them.
        values.set("volumePermissions.enabled", false);
        values
    }

    fn set(&mut self, place: &str, value: impl Into<Value>) {
        set(&mut self.0, place, value);
    }

    fn text(&mut self, place: &str, text: &Par<String>) {
        self.set(place, text.leaf());
    }

    /// Resources, in place of those that the chart derives from a size of its own.
    fn resources(&mut self, section: &str, resources: Value) {
        self.set(&at(section, "resourcesPreset"), "none");
        self.set(&at(section, "resources"), resources);
    }

    /// A server with its volume, and where it runs; `several` servers of its kind are kept apart.
    fn server(&mut self, section: &str, bitnami: &Bitnami, several: bool) {
        self.resources(section, amounts(&bitnami.resources));
        let claim = &bitnami.claim;
        self.text(&at(section, "persistence.size"), &claim.size);
        // None stands for the cluster's default.
        let class = claim.has_class.then(|| claim.class.leaf());
        let class = class.unwrap_or_default();
        self.set(&at(section, "persistence.storageClass"), class);
        let modes = json!([claim.access_mode.leaf()]);
        self.set(&at(section, "persistence.accessModes"), modes);
        let limited = several && bitnami.disruption_budgets.is_on();
        self.set(&at(section, "pdb.create"), limited);
        self.placement(section, bitnami);
    }

    /// What happens to the volumes of a `StatefulSet` that is deleted.
    fn retention(&mut self, section: &str, bitnami: &Bitnami) {
        let policy = at(section, "persistentVolumeClaimRetentionPolicy");
        self.set(&at(&policy, "enabled"), true);
        self.text(&at(&policy, "whenDeleted"), &bitnami.retention);
        self.set(&at(&policy, "whenScaled"), "Retain");
    }

    fn placement(&mut self, section: &str, bitnami: &Bitnami) {
        let placement = &bitnami.placement;
        let apart = match (
            placement.spread.enabled.is_on(),
            placement.spread.required.is_on(),
        ) {
            (false, _) => "",
            (true, false) => "soft",
            (true, true) => "hard",
        };
        self.set(&at(section, "podAntiAffinityPreset"), apart);
        let labels = pairs(&placement.node_selector);
        self.set(&at(section, "nodeSelector"), labels);
        let tolerations: Vec<Value> = placement.tolerations.iter().map(toleration).collect();
        self.set(&at(section, "tolerations"), tolerations);
        self.text(&at(section, "priorityClassName"), &placement.priority_class);
    }

    /// The chart's own NetworkPolicy: closed both ways but for what it opens among its pods, for DNS, and at its door.
    fn network_policy(&mut self, section: &str, bitnami: &Bitnami) {
        let policy = at(section, "networkPolicy");
        self.set(&at(&policy, "enabled"), bitnami.network_policies.is_on());
        self.set(&at(&policy, "allowExternal"), false);
        self.set(&at(&policy, "allowExternalEgress"), false);
    }

    /// Whether metrics are served, and whether a ServiceMonitor looks for them; each chart has other places for that.
    fn metrics(&mut self, metrics: Option<&Metrics>, monitor: &str, labels: &str) {
        self.set("metrics.enabled", metrics.is_some());
        let monitored = metrics.filter(|metrics| metrics.service_monitor.is_on());
        self.set(
            &format!("metrics.serviceMonitor.{monitor}"),
            monitored.is_some(),
        );
        let own = monitored.map_or_else(|| json!({}), |metrics| pairs(&metrics.labels));
        self.set(&format!("metrics.serviceMonitor.{labels}"), own);
    }

    /// The whole of it as a subchart.
    fn subchart(
        self,
        bitnami: &Bitnami,
        pods: Vec<(&'static str, &'static str)>,
        doors: Vec<Door>,
    ) -> Subchart {
        Subchart {
            component: bitnami.chart.name.into(),
            chart: bitnami.chart.name,
            version: bitnami.chart.version,
            repository: REPOSITORY,
            pods,
            values: self.0,
            doors,
        }
    }
}

/// A key of a section; the section may be the whole.
fn at(section: &str, key: &str) -> String {
    if section.is_empty() {
        key.to_owned()
    } else {
        format!("{section}.{key}")
    }
}

fn pairs(list: &[(String, Par<String>)]) -> Value {
    let map: Map<String, Value> = list
        .iter()
        .map(|(key, value)| (key.clone(), value.leaf().into()))
        .collect();
    Value::Object(map)
}

fn toleration(toleration: &crate::plan::Toleration) -> Value {
    let mut item = json!({});
    set(&mut item, "key", toleration.key.leaf());
    set(&mut item, "operator", toleration.operator.leaf());
    if let Some(value) = &toleration.value {
        set(&mut item, "value", value.leaf());
    }
    if let Some(effect) = &toleration.effect {
        set(&mut item, "effect", effect.leaf());
    }
    item
}

fn amounts(resources: &Resources) -> Value {
    json!({
        "requests": {
            "cpu": resources.cpu_request.leaf(),
            "memory": resources.memory_request.leaf(),
            "ephemeral-storage": resources.ephemeral_request.leaf(),
        },
        "limits": {
            "cpu": resources.cpu_limit.leaf(),
            "memory": resources.memory_limit.leaf(),
            "ephemeral-storage": resources.ephemeral_limit.leaf(),
        },
    })
}

fn fixed(amounts: &Amounts) -> Value {
    json!({
        "requests": {
            "cpu": amounts.cpu_request,
            "memory": amounts.memory_request,
            "ephemeral-storage": amounts.ephemeral_request,
        },
        "limits": {
            "cpu": amounts.cpu_limit,
            "memory": amounts.memory_limit,
            "ephemeral-storage": amounts.ephemeral_limit,
        },
    })
}

/// Some blocks of the settings that we give the same service when we run it ourselves.
fn settings(text: &Text, blocks: &[&str]) -> String {
    let lines: Vec<&str> = text
        .blocks()
        .iter()
        .filter(|block| blocks.contains(&block.name()))
        .flat_map(Block::lines)
        .map(String::as_str)
        // The chart puts them amidst its own.
        .filter(|line| !line.starts_with("# end of "))
        .collect();
    let mut text = lines.join("\n").trim_start_matches('\n').to_owned();
    text.push('\n');
    text
}

/// Prometheus, at the port where metrics are served.
fn prometheus(metrics: Option<&Metrics>, port: i32) -> Vec<Caller> {
    metrics
        .map(|metrics| Caller {
            peer: Outside::Pods {
                namespace: Some(metrics.namespace.clone()),
                labels: Vec::new(),
            },
            ports: vec![Par::new(port)],
        })
        .into_iter()
        .collect()
}

/// A password; with a file if the application reads it.
const fn password(
    key: &'static str,
    file: Option<&'static str>,
    purpose: &'static str,
) -> SecretKey {
    SecretKey {
        key,
        file,
        purpose,
        strength: Strength::Password,
    }
}
