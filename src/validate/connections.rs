//! Connections to PostgreSQL.

use super::case::{Case, Part, own, part};
use super::pods::{JOBS, surge, tiers};
use super::services::max_connections;
use crate::config::fault::Build;
use crate::config::site::Web;
use crate::diag::{Diagnostic, codes};
use crate::facts::{RESERVED_CONNECTIONS, features};

/// Refuses more pooled connections than the server takes: it turns the rest away, under load and at every update.
pub fn too_many(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    let most = u64::from(max_connections(site));
    let free = most.saturating_sub(RESERVED_CONNECTIONS.into());
    let pool = &site.invenio.database_pool;
    let (kept, more) = (pool.size.get(), pool.max_overflow.get());
    let each = u64::from(kept + more);

    let mut parts = vec![part("services.postgresql.maxConnections")];
    let mut terms = Vec::new();
    let mut lines = Vec::new();
    let mut sum = 0;
    for tier in tiers(site) {
        let (processes, pods) = (tier.processes(), tier.most() + surge(site));
        let connections = processes * pods * each;
        let counted = match (pods, surge(site)) {
            (1, _) => "1 pod".to_owned(),
            (pods, 0) => format!("{pods} pods"),
            (pods, extra) => format!("{pods} pods ({} and {extra} of an update)", pods - extra),
        };
        lines.push(format!(
            "{}: {} × {each} connections × {counted} = {connections}",
            tier.name,
            count(processes, "process", "processes")
        ));
        terms.push(format!("{connections} from {}", tier.name));
        parts.push(own(tier.processes_path()));
        parts.push(own(tier.most_path()));
        sum += connections;
    }
    let mut singles = vec![("jobs", JOBS)];
    if features(site.invenio.version).jobs {
        singles.insert(0, ("scheduler", 1));
    }
    for (name, processes) in singles {
        let connections = processes * each;
        lines.push(format!(
            "{name}: {} × {each} connections = {connections}",
            count(processes, "process", "processes")
        ));
        terms.push(format!("{connections} from {name}"));
        sum += connections;
    }
    if sum <= free {
        return Vec::new();
    }
    parts.push(own("invenio.databasePool.size"));
    parts.push(own("invenio.databasePool.maxOverflow"));
    vec![
        case.error(
            codes::TOO_MANY_CONNECTIONS,
            &parts,
            format!("up to {sum} connections to PostgreSQL, which has {free} for the application"),
        )
        .because(format!(
            "each process may keep {kept} connections and open {more} more:\n{}\n{} = {sum}\nPostgreSQL takes {most}, of \
             which {RESERVED_CONNECTIONS} are kept for administrators; whatever comes on top is turned away, and the visitor \
             sees an error",
            lines.join("\n"),
            terms.join(" + ")
        ))
        .help(remedy(sum)),
    ]
}

fn remedy(sum: u64) -> String {
    const STEP: u64 = 50;
    const LARGEST: u64 = 5000;
    let fewer = "have fewer processes or pods, or a smaller `invenio.databasePool`";
    let wanted = (sum + u64::from(RESERVED_CONNECTIONS)).div_ceil(STEP) * STEP;
    if wanted > LARGEST {
        return fewer.to_owned();
    }
    format!(
        "write `services.postgresql.maxConnections: {wanted}` (each takes some 10 MiB of the server's memory), or {fewer}"
    )
}

fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Warns when a process has more threads than it may have connections: a request then waits for another's to end, and
/// fails after ten seconds.
pub fn small_pool(case: &Case) -> Vec<Diagnostic> {
    let pool = &case.site.invenio.database_pool;
    let each = pool.size.get() + pool.max_overflow.get();
    let web = [
        ("web", Some(&case.site.web)),
        ("api", case.site.api.as_ref()),
    ];
    web.into_iter()
        .filter_map(|(path, web): (_, Option<&Web>)| web.map(|web| (path, web.threads.get())))
        .filter(|(_, threads)| *threads > each)
        .map(|(path, threads)| {
            let parts: [Part; 3] = [
                part(format!("{path}.threads")),
                part("invenio.databasePool.size"),
                part("invenio.databasePool.maxOverflow"),
            ];
            case.warning(
                codes::SMALL_POOL,
                &parts,
                format!("a process of `{path}` has {threads} threads, but at most {each} connections to PostgreSQL"),
            )
            .because("nearly every request needs one: the others wait, and fail after ten seconds")
            .help(format!(
                "write `invenio: {{databasePool: {{size: {threads}}}}}`, or `{path}.threads: {each}`"
            ))
        })
        .collect()
}
