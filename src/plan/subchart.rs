//! Helm charts of others that run a service of the site.

use serde_json::Value;

use super::{Caller, Component};

/// A chart that somebody else publishes, and our values for it.
#[derive(Clone, Debug)]
pub struct Subchart {
    /// The component that it runs: what endpoints of the service name.
    pub component: Component,
    /// Name of the chart, and of its section in the values of a chart that it is a part of.
    pub chart: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Where it is published.
    pub repository: &'static str,
    /// Labels of the pods that the component's endpoint leads to, the site's instance apart.
    pub pods: Vec<(&'static str, &'static str)>,
    /// Its values, except what depends on the site's instance and on who connects.
    pub values: Value,
    /// Where the values take further rules of its NetworkPolicies.
    pub doors: Vec<Door>,
}

/// A place in a chart's values for the ingress rules of one NetworkPolicy.
#[derive(Clone, Debug)]
pub struct Door {
    /// The place, keys joined by dots.
    pub place: &'static str,
    /// Whether the component's callers come in here.
    pub for_callers: bool,
    /// Who comes in from outside the namespace.
    pub from_outside: Vec<Caller>,
}
