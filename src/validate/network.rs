//! Connections to the outside, and taints.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::config::site::Operator;
use crate::diag::{Diagnostic, codes};

/// Refuses two networks of one name: one of them was probably meant to be another, and the name is all that a reader has.
pub fn egress_names(case: &Case) -> Vec<Diagnostic> {
    let egress = &case.site.network.egress;
    egress
        .iter()
        .enumerate()
        .filter_map(|(index, item)| {
            let first = egress[..index].iter().position(|other| other.name == item.name)?;
            let path = |index| format!("network.egress[{index}].name");
            let problem = case
                .error(
                    codes::EGRESS_NAME,
                    &[part(path(index)), part(path(first)).saying("the first time")],
                    format!("two networks in `network.egress` are called `{}`", item.name),
                )
                .because("the name is all that tells a reader what a network is for; two with the same name are mostly a copy by mistake")
                .help(format!("give each its own, for instance `{}-2`, or remove one", item.name));
            Some(problem)
        })
        .collect()
}

/// Refuses a network without ports: in a NetworkPolicy no port means every port.
pub fn egress_ports(case: &Case) -> Vec<Diagnostic> {
    case.site
        .network
        .egress
        .iter()
        .enumerate()
        .filter(|(_, egress)| egress.ports.is_empty())
        .map(|(index, egress)| {
            case.error(
                codes::EGRESS_PORTS,
                &[part(format!("network.egress[{index}].ports"))],
                format!("the network `{}` is listed without a port", egress.name),
            )
            .because("in a NetworkPolicy an empty list of ports opens all of them")
            .help("name the ports, for instance `ports: [443]`, or remove the network")
        })
        .collect()
}

/// Refuses tolerations that the cluster does not take: `Equal` needs the taint's value, `Exists` may have none.
pub fn tolerations(case: &Case) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, toleration) in case.site.scheduling.tolerations.iter().enumerate() {
        let path = format!("scheduling.tolerations[{index}]");
        let (operator, value) = (
            part(format!("{path}.operator")),
            part(format!("{path}.value")),
        );
        match (toleration.operator, &toleration.value) {
            (Operator::Equal, None) => found.push(
                case.error(
                    codes::TOLERATION,
                    &[operator],
                    format!("the toleration of `{}` compares the taint's value, but names none", toleration.key),
                )
                .because("a missing value counts as an empty one, so that a taint that has a value would not be tolerated")
                .help("write `value: …`, or `operator: Exists` for any value"),
            ),
            (Operator::Exists, Some(text)) => found.push(
                case.error(
                    codes::TOLERATION,
                    &[value, operator],
                    format!("the toleration of `{}` names the value `{text}`, but takes any", toleration.key),
                )
                .because("the cluster refuses a value beside the operator Exists, which is the default")
                .help("write `operator: Equal`, or remove `value`"),
            ),
            _ => {}
        }
    }
    found
}
