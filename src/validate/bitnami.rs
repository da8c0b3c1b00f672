//! Services from Bitnami's charts.

use super::case::{Case, entry, part};
use super::services::{BitnamiService, bitnami};
use crate::config::fault::Build;
use crate::config::site::{
    BitnamiImages, Postgresql, PostgresqlArchitecture, Rabbitmq, Redis, RedisArchitecture,
};
use crate::diag::{Diagnostic, codes};

/// Nodes that Redis' sentinels need: of two, the one that is left has no majority.
const SENTINELS: u32 = 3;

/// Warns of frozen or moving images in production: known holes stay open in the ones, the others change when a pod restarts.
pub fn images_for_trials(case: &Case) -> Vec<Diagnostic> {
    if !case.in_production() {
        return Vec::new();
    }
    bitnami(case.site)
        .into_iter()
        .filter_map(|service| {
            let BitnamiService { name, path, .. } = service;
            let (what, because) = match service.images {
                BitnamiImages::Mirror(_) => return None,
                BitnamiImages::Legacy(_) => (
                    "frozen images (legacy)",
                    "nobody has mended them since August 2025, and they may be taken away",
                ),
                BitnamiImages::Secure(_) => (
                    "images of no fixed version (secure)",
                    "there is only the newest: a pod that restarts may run another version than before, which may not read \
                     what that wrote",
                ),
            };
            let problem = case
                .warning(
                    codes::IMAGES_FOR_TRIALS,
                    &[part(format!("{path}.images.source")), part(format!("{path}.provider"))],
                    format!("in production, {name} runs {what}"),
                )
                .because(because)
                .help(format!(
                    "copy or build the images into a registry of your own, and write `{path}.images: {{source: mirror, \
                     repository: registry.example.org/bitnami}}`; or take `provider: internal`"
                ));
            Some(problem)
        })
        .collect()
}

/// Refuses images that do not exist: RabbitMQ is not among those that Bitnami gives away.
pub fn images_not_given_away(case: &Case) -> Vec<Diagnostic> {
    let Rabbitmq::Bitnami(chart) = &case.site.services.rabbitmq else {
        return Vec::new();
    };
    if !matches!(chart.images, BitnamiImages::Secure(_)) {
        return Vec::new();
    }
    vec![
        case.error(
            codes::IMAGES_NOT_GIVEN_AWAY,
            &[part("services.rabbitmq.images.source")],
            "there is no image of RabbitMQ among those that Bitnami gives away (secure)",
        )
        .because("its pods would never start")
        .help(
            "write `source: legacy` for a trial, else `source: mirror` with a registry of your own",
        ),
    ]
}

/// Refuses a mirror without a registry, and tags of images that the chart does not have.
pub fn mirrors(case: &Case) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for service in bitnami(case.site) {
        let BitnamiImages::Mirror(mirror) = service.images else {
            continue;
        };
        let path = format!("{}.images", service.path);
        let repository = &mirror.repository;
        if repository.registry().is_none() {
            found.push(
                case.error(
                    codes::MIRROR,
                    &[part(format!("{path}.repository"))],
                    format!("the mirror `{repository}` names no registry and a folder in it"),
                )
                .because(
                    "without a registry the images would be looked for on Docker Hub, and the chart wants the two apart",
                )
                .help("write the host, a slash and the folder, for instance `repository: registry.example.org/bitnami`"),
            );
        }
        let names = service.image_names();
        for tagged in mirror.tags.keys() {
            if !names.contains(&tagged.as_str()) {
                found.push(
                    case.error(
                        codes::MIRROR,
                        &[part(entry(&format!("{path}.tags"), tagged.as_str()))],
                        format!("`{tagged}` is no image of the chart {}", service.name),
                    )
                    .because("its tag would be ignored without a word")
                    .help(format!("the chart's images are {}", names.join(", "))),
                );
            }
        }
    }
    found
}

/// Warns in production that copies of PostgreSQL do not take over by themselves.
pub fn failover(case: &Case) -> Vec<Diagnostic> {
    let Postgresql::Bitnami(chart) = &case.site.services.postgresql else {
        return Vec::new();
    };
    if !case.in_production() || chart.architecture != PostgresqlArchitecture::Replication {
        return Vec::new();
    }
    vec![
        case.warning(
            codes::NO_FAILOVER,
            &[part("services.postgresql.architecture")],
            "the copies of PostgreSQL do not take over when the primary is lost",
        )
        .because(
            "this chart knows no failover: the site stands still until the primary is back, or until somebody makes a copy the \
             new primary. The copies guard against the loss of a volume, at the cost of as many servers more",
        )
        .help("have that written down and rehearsed, or remove `architecture` and rely on backups"),
    ]
}

/// Refuses a number of servers that does not suit how the service is laid out; warns of one that gains nothing.
pub fn replicas(case: &Case) -> Vec<Diagnostic> {
    let services = &case.site.services;
    let mut found = Vec::new();
    if let Postgresql::Bitnami(chart) = &services.postgresql
        && chart.architecture == PostgresqlArchitecture::Standalone
        && chart.replicas.is_some()
    {
        found.push(alone(case, "services.postgresql", "replication"));
    }
    if let Redis::Bitnami(chart) = &services.redis {
        match chart.architecture {
            RedisArchitecture::Standalone if chart.replicas.is_some() => {
                found.push(alone(case, "services.redis", "sentinel"));
            }
            RedisArchitecture::Sentinel if chart.servers() < SENTINELS => {
                found.push(too_few_sentinels(case, chart.servers()));
            }
            _ => {}
        }
    }
    if let Rabbitmq::Bitnami(chart) = &services.rabbitmq
        && chart.replicas.get().is_multiple_of(2)
    {
        let nodes = chart.replicas.get();
        found.push(
            case.warning(
                codes::REPLICAS,
                &[part("services.rabbitmq.replicas")],
                format!("RabbitMQ has {nodes} nodes, an even number"),
            )
            .because(format!(
                "only a majority goes on when the network splits: {nodes} nodes bear no more losses than {}",
                nodes - 1
            ))
            .help(format!("write `replicas: {}` or `replicas: {}`", nodes - 1, nodes + 1)),
        );
    }
    found
}

fn alone(case: &Case, path: &str, architecture: &str) -> Diagnostic {
    case.error(
        codes::REPLICAS,
        &[
            part(format!("{path}.replicas")),
            part(format!("{path}.architecture")),
        ],
        format!("`{path}` names replicas, but is one server (architecture: standalone)"),
    )
    .because("the number would be ignored without a word")
    .help(format!(
        "write `architecture: {architecture}`, or remove `replicas`"
    ))
}

fn too_few_sentinels(case: &Case, nodes: u32) -> Diagnostic {
    case.error(
        codes::REPLICAS,
        &[part("services.redis.replicas"), part("services.redis.architecture")],
        format!("{nodes} sentinels choose no new master when one of them is lost"),
    )
    .because("a majority has to agree, and what is left is none: the site would stand still as with a single server")
    .help(format!(
        "write `services.redis.replicas: {SENTINELS}` or another odd number above, or `architecture: standalone`"
    ))
}

/// Refuses annotations that Bitnami's charts would take for templates of their own.
pub fn templates(case: &Case) -> Vec<Diagnostic> {
    let services = bitnami(case.site);
    let Some(service) = services.first() else {
        return Vec::new();
    };
    case.site
        .annotations
        .iter()
        .filter(|(_, value)| value.as_str().contains("{{"))
        .map(|(key, value)| {
            case.error(
                codes::TEMPLATE_IN_ANNOTATION,
                &[
                    part(entry("annotations", key.as_str())),
                    part(format!("{}.provider", service.path)),
                ],
                format!("the annotation `{key}` would be read as a template: `{value}`"),
            )
            .because("Bitnami's charts fill in what stands between `{{` and `}}` in annotations, some of them twice")
            .help("write it without `{{`")
        })
        .collect()
}
