//! Names of objects and Secrets.

use super::case::{Case, Part, entry, own, part};
use crate::config::fault::Build;
use crate::config::site::{Postgresql, PostgresqlArchitecture, Redis, RedisArchitecture, Site};
use crate::diag::{Diagnostic, codes};
use crate::facts::{JOB_DIGITS, LONGEST_LABEL as LABEL, LONGEST_STATEFUL_SET as STATEFUL_SET};

/// A name that is too long.
struct TooLong {
    what: &'static str,
    suffix: String,
    most: usize,
}

/// Refuses a site whose objects' names are longer than the cluster takes.
pub fn too_long(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    let length = site.name.as_str().len();
    let long = |(what, suffix, most): (&'static str, String, usize)| {
        (length + suffix.len() > most).then_some(TooLong { what, suffix, most })
    };
    let mut found = Vec::new();
    // The one that leaves least room stands for all that depend on the site's name alone.
    let worst = fixed_names(site)
        .into_iter()
        .filter_map(long)
        .max_by_key(|name| name.suffix.len() + LABEL - name.most);
    if let Some(worst) = worst {
        found.push(report(case, &worst, &[part("name")], "name"));
        return found;
    }
    for name in site.workers.keys() {
        if let Some(worst) = long(("Deployment", format!("-worker-{name}"), LABEL)) {
            let path = entry("workers", name.as_str());
            found.push(report(
                case,
                &worst,
                &[part(path.clone()), own("name")],
                &path,
            ));
        }
    }
    found
}

/// The longest names that follow from the site's own, without that before them.
fn fixed_names(site: &Site) -> Vec<(&'static str, String, usize)> {
    let mut names = vec![
        ("Service", "-postgresql-headless".to_owned(), LABEL),
        ("StatefulSet", "-postgresql".to_owned(), STATEFUL_SET),
        ("Job", format!("-upgrade-{}", "0".repeat(JOB_DIGITS)), LABEL),
    ];
    // Bitnami's charts cut what is too long, so that nobody would find it.
    if let Postgresql::Bitnami(chart) = &site.services.postgresql
        && chart.architecture == PostgresqlArchitecture::Replication
    {
        names.push((
            "StatefulSet",
            "-postgresql-primary".to_owned(),
            STATEFUL_SET,
        ));
    }
    if let Redis::Bitnami(chart) = &site.services.redis {
        let longest = match chart.architecture {
            RedisArchitecture::Standalone => "-redis-master",
            RedisArchitecture::Replication => "-redis-replicas",
            RedisArchitecture::Sentinel => "-redis-node",
        };
        names.push(("StatefulSet", longest.to_owned(), STATEFUL_SET));
    }
    names
}

fn report(case: &Case, name: &TooLong, parts: &[Part], path: &str) -> Diagnostic {
    let site = case.site.name.as_str();
    let full = format!("{site}{}", name.suffix);
    let over = full.len() - name.most;
    let problem = case
        .error(
            codes::LONG_NAME,
            parts,
            format!(
                "the {} `{full}` would have {} characters, {} are allowed",
                name.what,
                full.len(),
                name.most
            ),
        )
        .because(match name.what {
            "StatefulSet" => "its pods carry the name with a hyphen and ten digits behind it as a label, and labels end at 63 characters",
            "Service" => "the name of a Service is a host name, and a part of one has at most 63 characters",
            _ => "pods carry the name as a label, and labels end at 63 characters",
        });
    let most = if path == "name" {
        site.len()
    } else {
        full.len() - site.len() - "-worker-".len()
    } - over;
    problem.help(format!("shorten `{path}` to {most} characters or fewer"))
}

/// Refuses a name that begins with a digit: a Service's name may not.
pub fn first_letter(case: &Case) -> Vec<Diagnostic> {
    let name = case.site.name.as_str();
    if !name.starts_with(|first: char| first.is_ascii_digit()) {
        return Vec::new();
    }
    vec![
        case.error(
            codes::NAME_BEGINS_WITH_DIGIT,
            &[part("name")],
            format!("the name `{name}` begins with a digit"),
        )
        .because("every object's name begins with it, and the cluster refuses Services whose name does not begin with a letter")
        .help(format!("put a letter first, for instance `name: rdm-{name}`")),
    ]
}

/// Refuses one Secret for two purposes: they have keys in common, and cert-manager replaces what it finds.
pub fn shared_secrets(case: &Case) -> Vec<Diagnostic> {
    let uses = secrets(case.site);
    let mut found = Vec::new();
    for (index, (path, name, purpose)) in uses.iter().enumerate() {
        let Some((first, _, other)) = uses[..index].iter().find(|(_, known, _)| known == name)
        else {
            continue;
        };
        found.push(
            case.error(
                codes::SHARED_SECRET,
                &[part(*path), part(*first)],
                format!("the Secret `{name}` holds {other} and {purpose}"),
            )
            .because("both are kept under the same keys, or one owner replaces what the other wrote: one of them would be wrong")
            .help(format!("give each a Secret of its own, for instance `{path}: {name}-2`")),
        );
    }
    found
}

/// Path, name and purpose of every Secret that the site reads.
fn secrets(site: &Site) -> Vec<(&'static str, String, &'static str)> {
    let names = &site.secrets.names;
    let mut uses = vec![
        (
            "secrets.names.app",
            "app",
            &names.app,
            "the application's keys",
        ),
        (
            "secrets.names.postgresql",
            "postgresql",
            &names.postgresql,
            "PostgreSQL's password",
        ),
        (
            "secrets.names.redis",
            "redis",
            &names.redis,
            "Redis' password",
        ),
        (
            "secrets.names.rabbitmq",
            "rabbitmq",
            &names.rabbitmq,
            "RabbitMQ's password",
        ),
    ];
    if site
        .mail
        .as_ref()
        .is_some_and(|mail| mail.username.is_some())
    {
        uses.push((
            "secrets.names.mail",
            "mail",
            &names.mail,
            "the mail server's password",
        ));
    }
    let tls = site
        .exposure
        .ingress
        .as_ref()
        .and_then(|ingress| ingress.tls.as_ref());
    uses.extend(tls.map(|tls| {
        (
            "exposure.ingress.tls.secretName",
            "tls",
            &tls.secret_name,
            "the certificate",
        )
    }));
    uses.into_iter()
        .map(|(path, id, name, purpose)| {
            let name = name
                .as_ref()
                .map_or_else(|| format!("{}-{id}", site.name), ToString::to_string);
            (path, name, purpose)
        })
        .collect()
}
