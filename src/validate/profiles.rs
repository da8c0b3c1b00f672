//! Profiles against each other.

use std::collections::BTreeMap;

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::config::load::Loaded;
use crate::diag::{Diagnostic, codes};

/// Warns when two profiles share a namespace: applied to one cluster, each replaces what the other wrote.
pub fn shared_namespace(sites: &[Loaded]) -> Vec<Diagnostic> {
    groups(sites, |loaded| loaded.site.namespace.as_str())
        .into_iter()
        .map(|(namespace, sites)| {
            let (last, names) = (sites[sites.len() - 1], names(&sites));
            let other = other(&sites);
            Case::new(last)
                .warning(
                    codes::SHARED_NAMESPACE,
                    &[part("namespace")],
                    format!("the profiles {names} share the namespace `{namespace}`"),
                )
                .because("their objects have the same names: in one cluster, each profile replaces the other's site and uses its data")
                .help(format!("write `profiles: {{{other}: {{namespace: {namespace}-{other}}}}}`, unless each has a cluster of its own"))
        })
        .collect()
}

/// Warns when two profiles share a domain: one address leads to one of them.
pub fn shared_domain(sites: &[Loaded]) -> Vec<Diagnostic> {
    groups(sites, |loaded| loaded.site.domain.as_str())
        .into_iter()
        .map(|(domain, sites)| {
            let (last, names) = (sites[sites.len() - 1], names(&sites));
            let other = other(&sites);
            Case::new(last)
                .warning(
                    codes::SHARED_DOMAIN,
                    &[part("domain")],
                    format!("the profiles {names} share the domain `{domain}`"),
                )
                .because("an address leads to one of them, and links and cookies of one are taken for the other's")
                .help(format!("write `profiles: {{{other}: {{domain: {other}.{domain}}}}}`"))
        })
        .collect()
}

/// The values that several profiles have, with those profiles.
fn groups<'a>(
    sites: &'a [Loaded],
    value: impl Fn(&'a Loaded) -> &'a str,
) -> Vec<(&'a str, Vec<&'a Loaded>)> {
    let mut groups: BTreeMap<&str, Vec<&Loaded>> = BTreeMap::new();
    for loaded in sites {
        groups.entry(value(loaded)).or_default().push(loaded);
    }
    groups
        .into_iter()
        .filter(|(_, sites)| sites.len() > 1)
        .collect()
}

/// The profile to change: the first that is not the strictest.
fn other<'a>(sites: &[&'a Loaded]) -> &'a str {
    let names = || sites.iter().map(|loaded| loaded.profile.as_str());
    names()
        .find(|name| *name != crate::config::profiles::DEFAULT)
        .or_else(|| names().next())
        .unwrap_or_default()
}

fn names(sites: &[&Loaded]) -> String {
    let names: Vec<_> = sites.iter().map(|loaded| loaded.profile.as_str()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
