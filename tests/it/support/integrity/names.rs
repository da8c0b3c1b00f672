//! X00 kinds, X09 nothing twice, X12 namespaces, X13 names and labels.

use super::{Report, World};
use crate::support::kube::{self, entries, id, kind, name, text};
use serde_json::Value;
use std::collections::BTreeSet;

const KINDS: [(&str, &str); 16] = [
    ("v1", "Namespace"),
    ("v1", "ResourceQuota"),
    ("v1", "LimitRange"),
    ("v1", "ServiceAccount"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("networking.k8s.io/v1", "Ingress"),
];
const ACCESS: [(&str, &str); 2] = [
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
];

/// The four that each object carries; `component` only where an object belongs to one, `version` only on what runs an image,
/// so that a new image changes these objects alone.
const RECOMMENDED: [&str; 4] = ["name", "instance", "part-of", "managed-by"];
const VERSIONED: [&str; 4] = ["Deployment", "StatefulSet", "Job", "CronJob"];
const OF_ONE_COMPONENT: [&str; 8] = [
    "Deployment",
    "StatefulSet",
    "Job",
    "CronJob",
    "Service",
    "ServiceAccount",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
];

pub fn check(world: &World, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for object in world.objects {
        let known = KINDS
            .iter()
            .chain(&ACCESS)
            .any(|known| *known == (text(object, "/apiVersion"), kind(object)));
        if !known {
            report.add(
                "X00",
                id(object),
                format!(
                    "no rule knows {} {}",
                    text(object, "/apiVersion"),
                    kind(object)
                ),
            );
        }
        if !seen.insert((
            kind(object),
            text(object, "/metadata/namespace"),
            name(object),
        )) {
            report.add("X09", id(object), "is declared twice");
        }
        namespace(world, object, report);
        object_name(object, report);
        metadata_labels(object, report);
    }
    for pod in &world.pods {
        let at = format!("{} pod template", pod.id);
        label_syntax(pod.template, &at, report);
        for key in ["name", "instance", "component"].map(|key| format!("app.kubernetes.io/{key}")) {
            if !pod.labels.contains_key(key.as_str()) {
                report.add(
                    "X13",
                    &pod.id,
                    format!("the pod template lacks the label {key}"),
                );
            }
        }
    }
}

fn namespace(world: &World, object: &Value, report: &mut Report) {
    let found = text(object, "/metadata/namespace");
    match kind(object) {
        "Namespace" if found.is_empty() => {}
        "Namespace" => report.add(
            "X12",
            id(object),
            "metadata.namespace is set, but a Namespace is in none",
        ),
        _ if found.is_empty() => report.add("X12", id(object), "metadata.namespace is missing"),
        _ if world.find("Namespace", found).is_none()
            && world.outside.namespace.as_deref() != Some(found) =>
        {
            report.add(
                "X12",
                id(object),
                format!("namespace `{found}` is declared by no Namespace"),
            );
        }
        _ => {}
    }
}

fn object_name(object: &Value, report: &mut Report) {
    let name = name(object);
    let dotted = matches!(
        kind(object),
        "ConfigMap" | "Secret" | "Ingress" | "ServiceAccount" | "Role" | "RoleBinding"
    );
    let valid = if dotted {
        name.split('.').all(is_label)
    } else {
        is_label(name)
    };
    if !valid {
        report.add("X13", id(object), format!("`{name}` is not a valid name"));
    }
    if kind(object) == "Service" && !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        report.add(
            "X13",
            id(object),
            "the name of a Service starts with a letter",
        );
    }
    let most = if matches!(kind(object), "StatefulSet" | "CronJob") {
        52
    } else {
        63
    };
    if name.len() > most {
        report.add(
            "X13",
            id(object),
            format!(
                "the name has {} characters; at most {most} leave room",
                name.len()
            ),
        );
    }
}

fn metadata_labels(object: &Value, report: &mut Report) {
    label_syntax(object, &id(object), report);
    let labels = kube::labels(object, "/metadata/labels");
    let version = VERSIONED.contains(&kind(object)).then_some("version");
    let component = OF_ONE_COMPONENT
        .contains(&kind(object))
        .then_some("component");
    for key in RECOMMENDED
        .into_iter()
        .chain(component)
        .chain(version)
        .map(|key| format!("app.kubernetes.io/{key}"))
    {
        if !labels.contains_key(key.as_str()) {
            report.add("X13", id(object), format!("lacks the label {key}"));
        }
    }
    for (key, value) in entries(object, "/metadata/annotations") {
        if !is_key(key) || !value.is_string() {
            report.add(
                "X13",
                id(object),
                format!("annotation `{key}` is not a valid key with a string"),
            );
        }
    }
}

fn label_syntax(object: &Value, at: &str, report: &mut Report) {
    for (key, value) in entries(object, "/metadata/labels") {
        if !is_key(key)
            || !value
                .as_str()
                .is_some_and(|value| value.is_empty() || is_word(value))
        {
            report.add("X13", at, format!("label `{key}: {value}` is not valid"));
        }
    }
}

/// A DNS-1123 label of at most 63 characters.
pub fn is_label(text: &str) -> bool {
    is_word(text)
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The name of a port: at most 15 characters, with a letter, without doubled or outer hyphens.
pub fn is_port_name(text: &str) -> bool {
    is_label(text)
        && text.len() <= 15
        && text.contains(|c: char| c.is_ascii_lowercase())
        && !text.contains("--")
}

fn is_word(text: &str) -> bool {
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text.len() <= 63
        && outer(text.chars().next())
        && outer(text.chars().last())
        && text.chars().all(inner)
}

fn is_key(text: &str) -> bool {
    let (domain, word) = text
        .split_once('/')
        .map_or((None, text), |(domain, word)| (Some(domain), word));
    is_word(word)
        && domain.is_none_or(|domain| domain.len() <= 253 && domain.split('.').all(is_label))
}
