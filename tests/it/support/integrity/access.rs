//! X17: roles, subjects, and tokens that nothing needs.

use super::{Report, World};
use crate::support::kube::{id, list, name, text};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn check(world: &World, report: &mut Report) {
    let mut bound = BTreeSet::new();
    let mut roles = BTreeSet::new();
    for binding in world.kind("RoleBinding") {
        let (kind, role) = (
            text(binding, "/roleRef/kind"),
            text(binding, "/roleRef/name"),
        );
        if kind != "Role" || world.find("Role", role).is_none() {
            report.add(
                "X17",
                id(binding),
                format!("roleRef {kind} `{role}` does not exist"),
            );
        }
        roles.insert(role);
        let subjects = list(binding, "/subjects");
        if subjects.is_empty() {
            report.add("X17", id(binding), "has no subjects");
        }
        for subject in subjects {
            let (kind, who) = (text(subject, "/kind"), text(subject, "/name"));
            let here = text(subject, "/namespace") == text(binding, "/metadata/namespace");
            if kind != "ServiceAccount" || !here || world.find("ServiceAccount", who).is_none() {
                report.add(
                    "X17",
                    id(binding),
                    format!("subject {kind} `{who}` does not exist in the namespace"),
                );
            }
            bound.insert(who);
        }
    }
    for role in world.kind("Role") {
        if !roles.contains(name(role)) {
            report.add("X17", id(role), "is bound by nothing");
        }
        let all = list(role, "/rules")
            .iter()
            .flat_map(|rule| ["/verbs", "/resources", "/apiGroups"].map(|part| list(rule, part)));
        if all.flatten().any(|word| word == "*") {
            report.add("X17", id(role), "has a rule with a wildcard");
        }
    }
    tokens(world, &bound, report);
}

/// A token is mounted only where a role is bound, and nowhere by default.
fn tokens(world: &World, bound: &BTreeSet<&str>, report: &mut Report) {
    for account in world.kind("ServiceAccount") {
        if account["automountServiceAccountToken"] != false {
            report.add(
                "X17",
                id(account),
                "automountServiceAccountToken is not false",
            );
        }
    }
    for pod in &world.pods {
        let needed = bound.contains(text(pod.spec, "/serviceAccountName"));
        let mounted =
            pod.spec.pointer("/automountServiceAccountToken") != Some(&Value::Bool(false));
        if mounted && !needed {
            report.add(
                "X17",
                &pod.id,
                "automountServiceAccountToken is not false although no role is bound",
            );
        }
    }
}
