//! Rules across fields, with stable codes; all of them are checked, not only up to the first that fails.
//!
//! One file a theme. A rule is a function that refuses one thing and says why; what it gives is empty for a good site.

mod amount;
mod auth;
mod bitnami;
mod case;
mod connections;
mod exposure;
mod images;
mod mail;
mod memory;
mod metadata;
mod names;
mod network;
mod pods;
mod profiles;
mod quota;
mod scaling;
mod search;
mod services;
mod setup;
mod storage;
mod uploads;
mod versions;
mod workers;

use crate::config::load::Loaded;
use crate::diag::{Diagnostic, sort};
use case::{Case, add};

/// Looks for one thing that is wrong, wherever it occurs.
type Rule = fn(&Case) -> Vec<Diagnostic>;

const RULES: &[Rule] = &[
    versions::kubernetes,
    versions::services,
    images::moving_tags,
    names::too_long,
    names::first_letter,
    metadata::reserved,
    metadata::set_by_ourselves,
    names::shared_secrets,
    storage::files_on_one_node,
    storage::shared_databases,
    storage::deleted_data,
    scaling::autoscaling_bounds,
    scaling::requests_above_limits,
    memory::processes,
    connections::too_many,
    connections::small_pool,
    search::heap,
    search::memory,
    search::nodes,
    workers::unread_queues,
    workers::repeated_queues,
    setup::deadlines,
    uploads::sizes,
    uploads::timeout,
    exposure::missing,
    exposure::tls,
    exposure::certificate,
    exposure::controller,
    exposure::local_domain,
    metadata::of_ingress,
    metadata::of_ingress_and_all,
    auth::nobody,
    auth::local_alone,
    mail::missing,
    mail::closed_port,
    mail::password_in_clear,
    mail::port,
    network::egress_names,
    network::egress_ports,
    network::tolerations,
    bitnami::images_for_trials,
    bitnami::images_not_given_away,
    bitnami::mirrors,
    bitnami::failover,
    bitnami::replicas,
    bitnami::templates,
    quota::too_small,
];

/// Everything that is wrong with a site whose fields are each valid, in the order of the file.
pub fn validate(loaded: &Loaded) -> Vec<Diagnostic> {
    let case = Case::new(loaded);
    let mut found = Vec::new();
    for rule in RULES {
        for problem in rule(&case) {
            add(&mut found, problem);
        }
    }
    sort(&mut found);
    found
}

/// What is wrong between the profiles of one site, each of which is valid by itself.
pub fn across(sites: &[Loaded]) -> Vec<Diagnostic> {
    let mut found = profiles::shared_namespace(sites);
    found.extend(profiles::shared_domain(sites));
    found
}
