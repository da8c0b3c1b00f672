//! The namespace's quota against what its pods may ask for.

use super::amount::{GIB, cpu, memory};
use super::case::{Case, Part, own, part};
use super::pods::{pods, surge, tiers};
use super::services::services;
use crate::config::decode::literal;
use crate::config::fault::Build;
use crate::config::scalars::Quantity;
use crate::config::site::{Quota, Resources, Site};
use crate::diag::{Diagnostic, codes};
use crate::facts::{Amounts, PREPARATION};

/// Refuses a quota that the site's own pods exceed when they are at their most: autoscaling or an update would stop there,
/// without a word to anybody who does not read events.
pub fn too_small(case: &Case) -> Vec<Diagnostic> {
    let Some(quota) = &case.site.guardrails.quota else {
        return Vec::new();
    };
    let mut found = amounts(case, quota);
    found.extend(storage(case, quota));
    found.extend(number(case, quota));
    found
}

/// A resource that a quota bounds.
struct Bounded<'a> {
    key: &'static str,
    kind: &'static str,
    resource: &'static str,
    quota: &'a Quantity,
    /// Its amount in a container of the site.
    amount: fn(&Resources) -> &Quantity,
    /// Its amount in a container that is the same in every site.
    fixed: fn(&Amounts) -> &'static str,
}

impl Bounded<'_> {
    /// In thousandths of a CPU, or bytes.
    fn units(&self, quantity: &Quantity) -> u64 {
        if self.resource == "cpu" {
            quantity.millicores()
        } else {
            quantity.bytes()
        }
    }

    /// What all pods at their most ask for. A pod counts with its containers together, or with the one that prepares files
    /// if that asks for more.
    fn sum(&self, site: &Site) -> u64 {
        let fixed = |amounts: &Amounts| self.units(&literal((self.fixed)(amounts)));
        pods(site).iter().fold(0_u64, |sum, pods| {
            let containers = pods.containers.iter().fold(0_u64, |sum, (_, resources)| {
                sum.saturating_add(self.units((self.amount)(resources)))
            });
            let beside: u64 = pods.beside.iter().map(|amounts| fixed(amounts)).sum();
            let least = if pods.is_prepared {
                fixed(&PREPARATION)
            } else {
                0
            };
            sum.saturating_add(
                containers
                    .saturating_add(beside)
                    .max(least)
                    .saturating_mul(pods.most),
            )
        })
    }
}

fn bounded(quota: &Quota) -> [Bounded<'_>; 4] {
    [
        Bounded {
            key: "requestsCpu",
            kind: "requests",
            resource: "cpu",
            quota: &quota.requests_cpu,
            amount: |all| &all.requests.cpu,
            fixed: |all| all.cpu_request,
        },
        Bounded {
            key: "requestsMemory",
            kind: "requests",
            resource: "memory",
            quota: &quota.requests_memory,
            amount: |all| &all.requests.memory,
            fixed: |all| all.memory_request,
        },
        Bounded {
            key: "limitsCpu",
            kind: "limits",
            resource: "cpu",
            quota: &quota.limits_cpu,
            amount: |all| &all.limits.cpu,
            fixed: |all| all.cpu_limit,
        },
        Bounded {
            key: "limitsMemory",
            kind: "limits",
            resource: "memory",
            quota: &quota.limits_memory,
            amount: |all| &all.limits.memory,
            fixed: |all| all.memory_limit,
        },
    ]
}

fn amounts(case: &Case, quota: &Quota) -> Vec<Diagnostic> {
    let site = case.site;
    bounded(quota)
        .iter()
        .map(|bounded| (bounded, bounded.sum(site)))
        .filter(|(bounded, wanted)| *wanted > bounded.units(bounded.quota))
        .map(|(bounded, wanted)| {
            let Bounded {
                key,
                kind,
                resource,
                quota,
                ..
            } = bounded;
            let (what, shown, whole) = if *resource == "cpu" {
                ("CPU", cpu(wanted), wanted.div_ceil(1000).to_string())
            } else {
                (
                    "memory",
                    memory(wanted),
                    format!("{}Gi", wanted.div_ceil(GIB)),
                )
            };
            let mut parts = vec![part(format!("guardrails.quota.{key}"))];
            parts.extend(tiers(site).iter().map(|tier| own(tier.most_path())));
            parts.extend(
                pods(site)
                    .iter()
                    .flat_map(|pods| &pods.containers)
                    .map(|(path, _)| own(format!("{path}.{kind}.{resource}"))),
            );
            let message = format!(
                "the {what} {kind} of all pods at their most are {shown}, but the quota is {quota}"
            );
            report(case, key, &parts, &message, &whole).because(format!(
                "{} Beyond the quota no pod starts: autoscaling and updates stop half way",
                counted(site)
            ))
        })
        .collect()
}

fn storage(case: &Case, quota: &Quota) -> Option<Diagnostic> {
    let files = (
        "files",
        "storage.files.size".to_owned(),
        &case.site.storage.files.size,
        1,
    );
    let claims: Vec<_> = std::iter::once(files)
        .chain(services(case.site).into_iter().map(|service| {
            let path = format!("{}.size", service.path);
            (service.name, path, service.size, u64::from(service.servers))
        }))
        .collect();
    let wanted = claims.iter().fold(0_u64, |sum, (_, _, size, count)| {
        sum.saturating_add(size.bytes().saturating_mul(*count))
    });
    if wanted <= quota.requests_storage.bytes() {
        return None;
    }
    let terms: Vec<_> = claims
        .iter()
        .map(|(name, _, size, count)| match count {
            1 => format!("{name} {size}"),
            count => format!("{name} {count} × {size}"),
        })
        .collect();
    let mut parts = vec![part("guardrails.quota.requestsStorage")];
    parts.extend(claims.iter().map(|(_, path, ..)| own(path)));
    let problem = report(
        case,
        "requestsStorage",
        &parts,
        &format!(
            "all volumes together have {}, but the quota is {}",
            memory(wanted),
            quota.requests_storage
        ),
        &format!("{}Gi", wanted.div_ceil(GIB)),
    )
    .because(format!(
        "{} = {}. The volume that comes last is refused, and its pod never starts",
        terms.join(" + "),
        memory(wanted)
    ));
    Some(problem)
}

fn number(case: &Case, quota: &Quota) -> Option<Diagnostic> {
    let wanted: u64 = pods(case.site).iter().map(|pods| pods.most).sum();
    if wanted <= u64::from(quota.pods.get()) {
        return None;
    }
    let mut parts = vec![part("guardrails.quota.pods")];
    parts.extend(tiers(case.site).iter().map(|tier| own(tier.most_path())));
    let problem = report(
        case,
        "pods",
        &parts,
        &format!(
            "there may be {wanted} pods, but the quota is {}",
            quota.pods
        ),
        &wanted.to_string(),
    )
    .because(format!(
        "{} Beyond the quota no pod starts: autoscaling and updates stop half way",
        counted(case.site)
    ));
    Some(problem)
}

fn report(case: &Case, key: &str, parts: &[Part], message: &str, value: &str) -> Diagnostic {
    case.error(codes::SMALL_QUOTA, parts, message).help(format!(
        "write `guardrails: {{quota: {{{key}: {value}}}}}` or more, or ask for less"
    ))
}

/// How many pods there are at most, in words.
fn counted(site: &Site) -> String {
    let mut terms: Vec<_> = tiers(site)
        .iter()
        .map(|tier| format!("{} of {}", tier.most() + surge(site), tier.name))
        .collect();
    terms.push("the services, beat and Jobs".to_owned());
    let during = if surge(site) == 0 {
        ""
    } else {
        ", one of each for an update included"
    };
    format!("Counted are {}{during}.", terms.join(", "))
}
