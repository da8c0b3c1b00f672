//! Celery's queues.

use std::collections::BTreeSet;

use super::case::{Case, own, part};
use super::pods::{Kind, tiers};
use crate::config::fault::Build;
use crate::config::scalars::QueueName;
use crate::diag::{Diagnostic, codes};
use crate::facts::features;

/// Refuses a queue that the application fills and no worker empties: its tasks would wait for ever.
pub fn unread_queues(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    let read: BTreeSet<&str> = std::iter::once(&site.worker)
        .chain(site.workers.values())
        .flat_map(|worker| worker.queues.iter().map(QueueName::as_str))
        .collect();
    let wanted = [
        (
            "celery",
            "indexing, mails, statistics and every task that names no other queue",
            true,
        ),
        (
            "low",
            "jobs that administrators start, and slow tasks",
            features(site.invenio.version).jobs,
        ),
    ];
    let mut parts = vec![part("worker.queues")];
    parts.extend(
        site.workers
            .keys()
            .map(|name| own(format!("workers.{name}.queues"))),
    );
    wanted
        .into_iter()
        .filter(|(queue, _, needed)| *needed && !read.contains(queue))
        .map(|(queue, tasks, _)| {
            let mut queues: Vec<_> = site.worker.queues.iter().map(ToString::to_string).collect();
            queues.push(queue.to_owned());
            case.error(
                codes::UNREAD_QUEUE,
                &parts,
                format!("no worker takes tasks from the queue `{queue}`"),
            )
            .because(format!(
                "InvenioRDM puts {tasks} there: they would wait for ever"
            ))
            .help(format!(
                "write `worker: {{queues: [{}]}}`",
                queues.join(", ")
            ))
        })
        .collect()
}

/// Refuses a queue that one worker lists twice; the second was probably meant to be another.
pub fn repeated_queues(case: &Case) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for tier in tiers(case.site) {
        let Kind::Worker(worker) = tier.kind else {
            continue;
        };
        for (index, queue) in worker.queues.iter().enumerate() {
            let Some(first) = worker.queues[..index]
                .iter()
                .position(|other| other == queue)
            else {
                continue;
            };
            let path = format!("{}.queues", tier.path);
            found.push(
                case.error(
                    codes::REPEATED_QUEUE,
                    &[
                        part(format!("{path}[{index}]")),
                        part(format!("{path}[{first}]")).saying("the first time"),
                    ],
                    format!("`{path}` lists the queue `{queue}` twice"),
                )
                .because("a queue is read as often as there are processes, however often it is listed; another may have been meant")
                .help("remove one of them"),
            );
        }
    }
    found
}
