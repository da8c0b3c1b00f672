//! X16: schedules, and how pods restart.

use super::{Report, World};
use crate::support::kube::{Pod, list, number, text};

const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
const DAYS: &str = "sun mon tue wed thu fri sat";

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        restart(pod, report);
        if pod.kind == "CronJob" {
            schedule(pod, report);
        }
    }
}

fn restart(pod: &Pod, report: &mut Report) {
    let policy = text(pod.spec, "/restartPolicy");
    let right = if pod.serves() {
        matches!(policy, "" | "Always")
    } else {
        matches!(policy, "Never" | "OnFailure")
    };
    if !right && pod.kind != "Pod" {
        report.add(
            "X16",
            &pod.id,
            format!("restartPolicy `{policy}` does not suit a {}", pod.kind),
        );
    }
    for container in list(pod.spec, "/containers")
        .iter()
        .filter(|container| container.get("restartPolicy").is_some())
    {
        report.add(
            "X16",
            &pod.id,
            format!(
                "container {} has a restartPolicy; only init containers may",
                text(container, "/name")
            ),
        );
    }
}

fn schedule(pod: &Pod, report: &mut Report) {
    let schedule = text(pod.owner, "/spec/schedule");
    if !is_cron(schedule) {
        report.add(
            "X16",
            &pod.id,
            format!("spec.schedule `{schedule}` is no cron expression"),
        );
    }
    if !matches!(
        text(pod.owner, "/spec/concurrencyPolicy"),
        "Forbid" | "Replace"
    ) {
        report.add(
            "X16",
            &pod.id,
            "spec.concurrencyPolicy lets two runs overlap",
        );
    }
    if number(pod.owner, "/spec/startingDeadlineSeconds").is_none_or(|seconds| seconds < 10) {
        report.add(
            "X16",
            &pod.id,
            "spec.startingDeadlineSeconds is missing, or below 10, which starts nothing",
        );
    }
}

fn is_cron(schedule: &str) -> bool {
    if [
        "@yearly",
        "@annually",
        "@monthly",
        "@weekly",
        "@daily",
        "@midnight",
        "@hourly",
    ]
    .contains(&schedule)
    {
        return true;
    }
    let fields: Vec<&str> = schedule.split(' ').collect();
    let ranges: [(u8, u8, &str); 5] = [
        (0, 59, ""),
        (0, 23, ""),
        (1, 31, ""),
        (1, 12, MONTHS),
        (0, 6, DAYS),
    ];
    fields.len() == 5
        && fields
            .iter()
            .zip(ranges)
            .all(|(field, (low, high, names))| {
                field.split(',').all(|part| {
                    let (range, step) = part
                        .split_once('/')
                        .map_or((part, None), |(range, step)| (range, Some(step)));
                    let at = |text: &str| {
                        let named = names
                            .split(' ')
                            .position(|name| !name.is_empty() && name == text.to_lowercase());
                        named
                            .and_then(|at| u8::try_from(at).ok())
                            .map(|at| at + low)
                            .or_else(|| text.parse().ok())
                    };
                    let inside = |text| at(text).filter(|value| (low..=high).contains(value));
                    let range = match range.split_once('-') {
                        Some((from, to)) => inside(from)
                            .zip(inside(to))
                            .is_some_and(|(from, to)| from <= to),
                        None => range == "*" || inside(range).is_some(),
                    };
                    range && step.is_none_or(|step| step.parse::<u8>().is_ok_and(|step| step > 0))
                })
            })
}
