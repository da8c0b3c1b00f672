//! How many pods, and how large.

use super::case::{Case, part};
use super::pods::{pods, tiers};
use crate::config::fault::Build;
use crate::config::scalars::Quantity;
use crate::diag::{Diagnostic, codes};

/// Refuses an autoscaler whose fewest pods are more than its most: the cluster does not take it.
pub fn autoscaling_bounds(case: &Case) -> Vec<Diagnostic> {
    tiers(case.site)
        .iter()
        .filter_map(|tier| {
            let scaling = tier.autoscaling();
            let (min, max) = (scaling.min_replicas.get(), scaling.max_replicas.get());
            if !scaling.enabled || min <= max {
                return None;
            }
            let path = &tier.path;
            let problem = case
                .error(
                    codes::AUTOSCALING_BOUNDS,
                    &[
                        part(format!("{path}.autoscaling.minReplicas")),
                        part(format!("{path}.autoscaling.maxReplicas")),
                    ],
                    format!("autoscaling of `{path}` wants at least {min} pods, but at most {max}"),
                )
                .because("the cluster refuses such a HorizontalPodAutoscaler")
                .help(format!(
                    "write `autoscaling: {{minReplicas: {max}, maxReplicas: {min}}}`, or raise maxReplicas to {min} or more"
                ));
            Some(problem)
        })
        .collect()
}

/// Refuses a container that reserves more than it may use: the cluster does not take it.
pub fn requests_above_limits(case: &Case) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let containers = pods(case.site).into_iter().flat_map(|pods| pods.containers);
    for (path, resources) in containers {
        let (requests, limits) = (&resources.requests, &resources.limits);
        let amounts = [
            ("cpu", "CPU", &requests.cpu, &limits.cpu),
            ("memory", "memory", &requests.memory, &limits.memory),
            (
                "ephemeral-storage",
                "local disk",
                &requests.ephemeral_storage,
                &limits.ephemeral_storage,
            ),
        ];
        for (key, what, request, limit) in amounts {
            if request > limit {
                found.push(above(case, &path, (key, what), request, limit));
            }
        }
    }
    found
}

fn above(
    case: &Case,
    path: &str,
    (key, what): (&str, &str),
    request: &Quantity,
    limit: &Quantity,
) -> Diagnostic {
    let owner = path.trim_end_matches(".resources");
    case.error(
        codes::REQUEST_ABOVE_LIMIT,
        &[
            part(format!("{path}.requests.{key}")).saying(format!("{request} are reserved")),
            part(format!("{path}.limits.{key}")).saying(format!("{limit} are the most")),
        ],
        format!("`{owner}` reserves {request} of {what}, more than its limit of {limit}"),
    )
    .because("the cluster refuses pods whose requests are above their limits")
    .help(format!(
        "write `limits: {{{key}: {request}}}` or more, or lower the request to {limit}"
    ))
}
