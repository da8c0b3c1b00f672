//! The last of the values for charts of others: labels by which their pods are found, and who may connect to them.

use super::{Fault, meta, network_policy};
use crate::plan::{Identity, Par, Plan, Subchart};
use crate::tree::{self, Value, place};

/// Where these charts take labels for all of their objects and pods.
const LABELS: &str = "commonLabels";

/// The values of a chart that runs a service of the site.
///
/// `instance` is what stands for the site's instance in labels. Installed on its own, that is the site's name. As a part of
/// our own chart it is the name of the release: labels and rules go through these charts' templates, so that an expression
/// may stand there.
pub fn values(plan: &Plan, subchart: &Subchart, instance: &Par<String>) -> Result<Value, Fault> {
    let identity = Identity {
        instance: instance.clone(),
        ..plan.identity.clone()
    };
    let mut values = subchart.values.clone();
    for (key, value) in meta::shared_labels(&identity) {
        values[LABELS][key] = value.into();
    }
    let plan = Plan {
        identity,
        ..plan.clone()
    };
    for door in &subchart.doors {
        let callers = door.for_callers.then_some(subchart.component.as_str());
        let rules = if plan.network_policies.is_on() {
            network_policy::ingress(&plan, callers, &door.from_outside)
        } else {
            Vec::new()
        };
        let rules = serde_json::to_value(rules).map_err(|source| Fault::Serialise {
            path: format!("{}: {}", subchart.chart, door.place),
            source,
        })?;
        place::set(&mut values, door.place, tree::order::canonical(rules));
    }
    Ok(values)
}
