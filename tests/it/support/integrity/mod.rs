//! Whether a set of rendered objects holds together: no dangling, contradictory or unused reference.
//!
//! One file a theme, each with a `check`. Rule ids:
//!
//! | id | what |
//! | --- | --- |
//! | X00 | the kind is one that is checked here |
//! | X01 X02 | a Service selects the pods of one workload; its ports are distinct and lead to declared ones |
//! | X03 X18 | an Ingress leads to existing Services and ports; its hosts are in its `tls` |
//! | X04 | ConfigMaps, Secrets, their keys, claims, service accounts exist, and none is there for nothing |
//! | X05 | autoscalers and disruption budgets fit what they name |
//! | X07 X08 | a StatefulSet has its headless Service; selectors select the own pods and no others; one beat |
//! | X09 | nothing is declared twice |
//! | X10 X24 | probe ports are declared; serving containers have three probes and two differ |
//! | X11 | host names and ports in configuration name Services |
//! | X12 X13 | namespaces; syntax and length of names, labels and port names; the recommended labels |
//! | X14 | requests and limits are there, valid and in order, and fit quota and limit range |
//! | X15 | volumes, mounts, variables, containers and ports are unique and resolve |
//! | X16 X17 | schedules and restart policies; roles, subjects and tokens |
//! | X19 | NetworkPolicies select pods and ports that exist; every pod is selected both ways |
//! | X20 X25 | no secret value in the tree; Secrets are valid base64 |
//! | X21 | images are pinned, service links are off, a pod restarts when its configuration changes |
//! | X22 X23 | read-only roots have a writable `/tmp`; claims for one node are not shared |

mod access;
mod claims;
mod containers;
mod hosts;
mod images;
mod jobs;
mod names;
mod policies;
mod ports;
mod probes;
mod references;
mod resources;
mod routes;
mod scaling;
mod secrets;
mod selectors;
mod tokens;
mod volumes;

use super::kube::{self, Pod};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

pub use references::needs;

/// What the objects may refer to although they do not contain it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outside {
    /// The namespace of the site, where its administrators make it.
    pub namespace: Option<String>,
    /// Secrets and their keys. Each entry must also be used.
    pub secrets: BTreeMap<String, BTreeSet<String>>,
    /// ConfigMaps that others make, and their keys. Each entry must also be used.
    pub config_maps: BTreeMap<String, BTreeSet<String>>,
    /// Storage classes of the cluster.
    pub storage_classes: BTreeSet<String>,
    /// Label keys of pods that others make in the namespace, such as the solvers of cert-manager.
    pub foreign_pods: BTreeSet<String>,
    /// Pods, Services and Secrets' readers that charts of others make in the namespace.
    pub beside: Vec<Value>,
    /// Words that begin like one of our names but are none, such as an index prefix.
    pub words: BTreeSet<String>,
    /// The cluster has one node, so claims for one node may be shared.
    pub single_node: bool,
    /// An Ingress may serve without TLS.
    pub plain_http: bool,
}

/// The objects with what several rules ask of them.
struct World<'a> {
    objects: &'a [Value],
    outside: &'a Outside,
    pods: Vec<Pod<'a>>,
    /// Pods that charts of others make beside them.
    beside: Vec<Pod<'a>>,
    /// The namespace of the site.
    namespace: &'a str,
    /// What the names of our objects begin with, without the hyphen.
    prefix: &'a str,
}

impl<'a> World<'a> {
    fn new(objects: &'a [Value], outside: &'a Outside) -> Self {
        let instance = |object: &'a Value| {
            kube::labels(object, "/metadata/labels").remove("app.kubernetes.io/instance")
        };
        World {
            objects,
            outside,
            pods: kube::pods(objects),
            beside: kube::pods(&outside.beside),
            namespace: kube::of_kind(objects, "Namespace")
                .map(kube::name)
                .next()
                .or(outside.namespace.as_deref())
                .unwrap_or(""),
            prefix: objects.iter().find_map(instance).unwrap_or(""),
        }
    }

    fn kind(&self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        kube::of_kind(self.objects, kind)
    }

    fn find(&self, kind: &'a str, name: &str) -> Option<&'a Value> {
        self.kind(kind)
            .chain(kube::of_kind(&self.outside.beside, kind))
            .find(|object| kube::name(object) == name)
    }

    /// The autoscaler of a workload.
    fn scaler(&self, pod: &Pod) -> Option<&'a Value> {
        self.kind("HorizontalPodAutoscaler").find(|scaler| {
            let target = scaler
                .pointer("/spec/scaleTargetRef")
                .unwrap_or(&Value::Null);
            kube::text(target, "/kind") == pod.kind && kube::text(target, "/name") == pod.name
        })
    }

    /// The least and the most pods of a workload at one time.
    fn replicas(&self, pod: &Pod) -> (i64, i64) {
        let fixed = kube::number(pod.owner, "/spec/replicas").unwrap_or(1);
        self.scaler(pod).map_or((fixed, fixed), |scaler| {
            let least = kube::number(scaler, "/spec/minReplicas").unwrap_or(1);
            (
                least,
                kube::number(scaler, "/spec/maxReplicas").unwrap_or(least),
            )
        })
    }
}

/// The violations found so far.
#[derive(Default)]
struct Report(BTreeSet<String>);

impl Report {
    fn add(&mut self, rule: &str, object: impl Display, what: impl Display) {
        self.0.insert(format!("{rule} {object}: {what}"));
    }
}

/// Every violation, sorted, as `X04 Deployment/lab-web: what is wrong`; empty when the objects hold together.
pub fn violations(objects: &[Value], outside: &Outside) -> Vec<String> {
    let world = World::new(objects, outside);
    let mut report = Report::default();
    let checks = [
        names::check,
        selectors::check,
        ports::check,
        routes::check,
        references::check,
        claims::check,
        scaling::check,
        probes::check,
        hosts::check,
        resources::check,
        containers::check,
        volumes::check,
        jobs::check,
        access::check,
        policies::check,
        secrets::check,
        images::check,
    ];
    for check in checks {
        check(&world, &mut report);
    }
    report.0.into_iter().collect()
}
