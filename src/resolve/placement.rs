//! Where pods run: the same for all workloads of a site.

use crate::config::site::{Scheduling, Site, SpreadMode};
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
pub fn placement(site: &Site) -> Placement {
    let Scheduling {
        spread,
        node_selector,
        tolerations,
        priority_class_name,
        ..
    } = &site.scheduling;
    Placement {
        pull_secrets: Par::new(
            site.image
                .pull_secrets
                .iter()
                .map(ToString::to_string)
                .collect(),
        ),
        node_selector: node_selector
            .iter()
            .map(|(key, value)| (key.to_string(), value.to_string().into()))
            .collect(),
        tolerations: tolerations
            .iter()
            .map(|toleration| Toleration {
                key: toleration.key.to_string().into(),
                operator: toleration.operator.to_string().into(),
                value: toleration
                    .value
                    .as_ref()
                    .map(|value| value.to_string().into()),
                effect: toleration
                    .effect
                    .as_ref()
                    .map(|effect| effect.to_string().into()),
            })
            .collect(),
        has_priority_class: Gate::new(priority_class_name.is_some()),
        priority_class: priority_class_name
            .as_ref()
            .map_or_else(String::new, ToString::to_string)
            .into(),
        spread: Spread {
            enabled: Gate::new(*spread != SpreadMode::Off),
            required: Gate::new(*spread == SpreadMode::Required),
        },
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
