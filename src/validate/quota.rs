//! The namespace's quota against what its pods may ask for.

use super::amount::{GIB, cpu, memory};
use super::case::{Case, Part, own, part};
use super::pods::{containers, surge, tiers};
use crate::config::fault::Build;
use crate::config::scalars::Quantity;
use crate::config::site::{Opensearch, Postgresql, Quota, Rabbitmq, Redis, Resources, Site};
use crate::diag::{Diagnostic, codes};

/// Refuses a quota that the site's own pods exceed when they are at their most: autoscaling or an update would stop there,
/// without a word to anybody who does not read events.
pub fn too_small(case: &Case) -> Vec<Diagnostic> {
    let Some(quota) = &case.site.guardrails.quota else {
        return Vec::new();
    };
    let mut found = amounts(case, quota);
    found.extend(storage(case, quota));
    found.extend(pods(case, quota));
    found
}

fn amounts(case: &Case, quota: &Quota) -> Vec<Diagnostic> {
    let sum = |amount: &dyn Fn(&Resources) -> u64| {
        containers(case.site).iter().fold(0_u64, |sum, container| {
            sum.saturating_add(amount(container.resources).saturating_mul(container.pods))
        })
    };
    let cores = |quantity: &Quantity| quantity.millicores();
    let bytes = |quantity: &Quantity| quantity.bytes();
    let checks = [
        (
            ("requestsCpu", "requests", "cpu"),
            sum(&|all| cores(&all.requests.cpu)),
            cores(&quota.requests_cpu),
            &quota.requests_cpu,
        ),
        (
            ("requestsMemory", "requests", "memory"),
            sum(&|all| bytes(&all.requests.memory)),
            bytes(&quota.requests_memory),
            &quota.requests_memory,
        ),
        (
            ("limitsCpu", "limits", "cpu"),
            sum(&|all| cores(&all.limits.cpu)),
            cores(&quota.limits_cpu),
            &quota.limits_cpu,
        ),
        (
            ("limitsMemory", "limits", "memory"),
            sum(&|all| bytes(&all.limits.memory)),
            bytes(&quota.limits_memory),
            &quota.limits_memory,
        ),
    ];
    checks
        .into_iter()
        .filter(|(_, wanted, allowed, _)| wanted > allowed)
        .map(|((key, kind, resource), wanted, _, quantity)| {
            let (what, shown, whole) = if resource == "cpu" {
                ("CPU", cpu(wanted), wanted.div_ceil(1000).to_string())
            } else {
                ("memory", memory(wanted), format!("{}Gi", wanted.div_ceil(GIB)))
            };
            let mut parts = vec![part(format!("guardrails.quota.{key}"))];
            for tier in tiers(case.site) {
                parts.push(own(tier.most_path()));
                parts.push(own(format!("{}.resources.{kind}.{resource}", tier.path)));
            }
            parts.extend(
                containers(case.site)
                    .iter()
                    .map(|container| own(format!("{}.{kind}.{resource}", container.path))),
            );
            report(
                case,
                key,
                &parts,
                &format!("the {what} {kind} of all pods at their most are {shown}, but the quota is {quantity}"),
                &whole,
            )
            .because(format!("{} Beyond the quota no pod starts: autoscaling and updates stop half way", counted(case.site)))
        })
        .collect()
}

fn storage(case: &Case, quota: &Quota) -> Option<Diagnostic> {
    let services = &case.site.services;
    let Postgresql::Internal(postgresql) = &services.postgresql;
    let Redis::Internal(redis) = &services.redis;
    let Rabbitmq::Internal(rabbitmq) = &services.rabbitmq;
    let Opensearch::Internal(opensearch) = &services.opensearch;
    let claims = [
        (
            "files",
            "storage.files.size",
            &case.site.storage.files.size,
            1,
        ),
        (
            "postgresql",
            "services.postgresql.size",
            &postgresql.size,
            1,
        ),
        ("redis", "services.redis.size", &redis.size, 1),
        ("rabbitmq", "services.rabbitmq.size", &rabbitmq.size, 1),
        (
            "opensearch",
            "services.opensearch.size",
            &opensearch.size,
            u64::from(opensearch.nodes.get()),
        ),
    ];
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
    parts.extend(claims.iter().map(|(_, path, ..)| own(*path)));
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

fn pods(case: &Case, quota: &Quota) -> Option<Diagnostic> {
    let wanted: u64 = containers(case.site)
        .iter()
        .filter(|container| container.is_main)
        .map(|container| container.pods)
        .sum();
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
