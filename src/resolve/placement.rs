//! Where pods run: the same for all workloads of a site.

use serde_json::Value;

use crate::config::site::{Site, SpreadMode};
use crate::params::{Formula, Scope};
use crate::plan::{Gate, Par, Pod, Restart, RunAs, Spread, Toleration};

/// Where pods run and with which registry credentials they start.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Names of the Secrets with registry credentials.
    pub pull_secrets: Par<Vec<String>>,
    /// Labels that a node must have.
    pub node_selector: Vec<(String, Par<String>)>,
    /// Taints that are tolerated.
    pub tolerations: Vec<Toleration>,
    /// Whether a priority class is named.
    pub has_priority_class: Gate,
    /// Its name.
    pub priority_class: Par<String>,
    /// How replicas are kept apart.
    pub spread: Spread,
}

/// The placement of all pods.
pub fn placement(scope: &Scope, site: &Site) -> Placement {
    let scheduling = &site.scheduling;
    let own = scope.at("scheduling");
    let priority_class = own.optional("priorityClassName", scheduling.priority_class_name.as_ref());
    let mode = own.text("spread", &scheduling.spread);
    let spread = |key, docs, formula: Formula<bool>| own.define(key, docs, formula).gate();
    Placement {
        pull_secrets: scope
            .at("image")
            .words("pullSecrets", &site.image.pull_secrets)
            .par(),
        node_selector: own.map("nodeSelector", Some(&scheduling.node_selector)),
        tolerations: own.list("tolerations", &scheduling.tolerations, toleration),
        has_priority_class: priority_class.given.gate(),
        priority_class: priority_class.text.par(),
        spread: Spread {
            enabled: spread(
                "isSpread",
                "Whether replicas are kept apart.",
                Formula::from(&mode).is_not(SpreadMode::Off.as_str()),
            ),
            required: spread(
                "mustSpread",
                "Whether a replica rather waits than shares a node.",
                Formula::from(&mode).is(SpreadMode::Required.as_str()),
            ),
        },
    }
}

fn toleration(item: &Value) -> Toleration {
    let text = |key: &str| item[key].as_str().map(Par::from);
    Toleration {
        key: text("key").unwrap_or_else(|| Par::from("")),
        operator: text("operator").unwrap_or_else(|| Par::from("")),
        value: text("value"),
        effect: text("effect"),
    }
}

impl Placement {
    /// A pod that is placed so, still without containers: it has half a minute to end, and is started anew when it does.
    pub fn pod(&self, run_as: RunAs) -> Pod {
        Pod {
            init: Vec::new(),
            containers: Vec::new(),
            volumes: Vec::new(),
            run_as,
            grace_seconds: 30,
            restart: Restart::Always,
            pull_secrets: self.pull_secrets.clone(),
            node_selector: self.node_selector.clone(),
            tolerations: self.tolerations.clone(),
            has_priority_class: self.has_priority_class,
            priority_class: self.priority_class.clone(),
            spread: self.spread,
            colocation: None,
            calls: Vec::new(),
            calls_outside: Vec::new(),
            called_from: Vec::new(),
        }
    }
}
