//! X04: ConfigMaps, Secrets and their keys that are referred to exist, and those that exist are referred to.

use super::claims::claims_and_templates;
use super::{Outside, Report, World};
use crate::support::kube::{self, Container, Pod, entries, id, list, name, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Whose keys are referred to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    ConfigMap,
    Secret,
}

impl Source {
    fn word(self) -> &'static str {
        if self == Source::Secret {
            "Secret"
        } else {
            "ConfigMap"
        }
    }
}

/// One reference: to a key, or to all keys.
struct Reference<'a> {
    from: String,
    at: String,
    source: Source,
    name: &'a str,
    key: Option<&'a str>,
    optional: bool,
}

pub fn check(world: &World, report: &mut Report) {
    let own = references(world.objects);
    let mut used: BTreeMap<(Source, &str), Option<BTreeSet<&str>>> = BTreeMap::new();
    let beside = references(&world.outside.beside);
    for reference in own.iter().chain(&beside) {
        exists(world, reference, report);
        let keys = used
            .entry((reference.source, reference.name))
            .or_insert_with(|| Some(BTreeSet::new()));
        match (reference.key, keys.as_mut()) {
            (Some(key), Some(keys)) => {
                keys.insert(key);
            }
            (None, _) => *keys = None,
            _ => {}
        }
    }
    let outside = &world.outside;
    let made = [Source::ConfigMap, Source::Secret]
        .into_iter()
        .flat_map(|source| {
            world
                .kind(source.word())
                .map(move |object| (source, name(object), keys_of(object)))
        });
    let promised = [
        (Source::ConfigMap, &outside.config_maps),
        (Source::Secret, &outside.secrets),
    ];
    let promised = promised.into_iter().flat_map(|(source, map)| {
        map.iter().map(move |(name, keys)| {
            (
                source,
                name.as_str(),
                keys.iter().map(String::as_str).collect(),
            )
        })
    });
    for (source, name, keys) in made.chain(promised) {
        unused(source, name, &keys, used.get(&(source, name)), report);
    }
    for pod in &world.pods {
        sub_paths(world, pod, report);
    }
}

fn keys_of(object: &Value) -> BTreeSet<&str> {
    ["/data", "/binaryData", "/stringData"]
        .into_iter()
        .flat_map(|part| entries(object, part))
        .map(|(key, _)| key)
        .collect()
}

fn lookup<'w>(world: &World<'w>, source: Source, name: &str) -> Option<BTreeSet<&'w str>> {
    let map = if source == Source::Secret {
        &world.outside.secrets
    } else {
        &world.outside.config_maps
    };
    let outside = || {
        map.get(name)
            .map(|keys| keys.iter().map(String::as_str).collect())
    };
    world
        .find(source.word(), name)
        .map(keys_of)
        .or_else(outside)
}

fn exists(world: &World, reference: &Reference, report: &mut Report) {
    let Reference {
        from,
        at,
        source,
        name,
        key,
        optional,
    } = reference;
    let what = source.word();
    match (lookup(world, *source, name), key) {
        (None, _) if !optional => report.add(
            "X04",
            from,
            format!("{at} names {what} `{name}`, which does not exist"),
        ),
        (Some(keys), Some(key)) if !optional && !keys.contains(key) => {
            report.add(
                "X04",
                from,
                format!("{at} uses key `{key}` of {what} {name}, which has no such key"),
            );
        }
        _ => {}
    }
}

fn unused(
    source: Source,
    name: &str,
    keys: &BTreeSet<&str>,
    used: Option<&Option<BTreeSet<&str>>>,
    report: &mut Report,
) {
    let at = format!("{}/{name}", source.word());
    match used {
        None => report.add("X04", at, "is used by nothing"),
        Some(None) => {}
        Some(Some(used)) => {
            for key in keys.difference(used) {
                report.add("X04", &at, format!("key `{key}` is used by nothing"));
            }
        }
    }
}

/// What the objects refer to and do not contain: the Secrets, and their keys where one is named.
pub fn needs(objects: &[Value]) -> Outside {
    let mut outside = Outside::default();
    for reference in references(objects) {
        let inside = kube::of_kind(objects, reference.source.word())
            .any(|object| name(object) == reference.name);
        if !inside && reference.source == Source::Secret {
            let keys = outside
                .secrets
                .entry(reference.name.to_owned())
                .or_default();
            keys.extend(reference.key.map(str::to_owned));
        }
    }
    let classes = claims_and_templates(objects);
    outside.storage_classes = classes
        .map(|(_, claim)| text(claim, "/spec/storageClassName").to_owned())
        .collect();
    outside.storage_classes.remove("");
    if kube::of_kind(objects, "Namespace").next().is_none() {
        outside.namespace = objects
            .first()
            .map(|object| text(object, "/metadata/namespace").to_owned());
    }
    outside
}

fn references(objects: &[Value]) -> Vec<Reference<'_>> {
    let mut all = Vec::new();
    for pod in kube::pods(objects) {
        for container in pod.containers() {
            from_environment(&pod, &container, &mut all);
        }
        for volume in list(pod.spec, "/volumes") {
            from_volume(&pod, volume, &mut all);
        }
        pull_secrets(&pod.id, pod.spec, &mut all);
    }
    for account in kube::of_kind(objects, "ServiceAccount") {
        pull_secrets(&id(account), account, &mut all);
    }
    for ingress in kube::of_kind(objects, "Ingress") {
        // cert-manager makes the Secret itself when an annotation names its issuer.
        let made = entries(ingress, "/metadata/annotations")
            .any(|(key, _)| key.starts_with("cert-manager.io/") && key.ends_with("issuer"));
        for entry in list(ingress, "/spec/tls").iter().filter(|_| !made) {
            for key in ["tls.crt", "tls.key"] {
                let (from, at) = (id(ingress), "spec.tls".to_owned());
                let name = text(entry, "/secretName");
                all.push(Reference {
                    from,
                    at,
                    source: Source::Secret,
                    name,
                    key: Some(key),
                    optional: false,
                });
            }
        }
    }
    all
}

fn pull_secrets<'a>(from: &str, holder: &'a Value, all: &mut Vec<Reference<'a>>) {
    for entry in list(holder, "/imagePullSecrets") {
        all.push(Reference {
            from: from.to_owned(),
            at: "imagePullSecrets".to_owned(),
            source: Source::Secret,
            name: text(entry, "/name"),
            key: Some(".dockerconfigjson"),
            optional: false,
        });
    }
}

fn from_environment<'a>(pod: &Pod<'a>, container: &Container<'a>, all: &mut Vec<Reference<'a>>) {
    let mut push = |at: String, source, value: &'a Value, key| {
        let optional = value["optional"] == true;
        all.push(Reference {
            from: pod.id.clone(),
            at,
            source,
            name: text(value, "/name"),
            key,
            optional,
        });
    };
    for variable in list(container.value, "/env") {
        let at = format!(
            "container {} variable {}",
            container.name,
            text(variable, "/name")
        );
        for (field, source) in [
            ("configMapKeyRef", Source::ConfigMap),
            ("secretKeyRef", Source::Secret),
        ] {
            if let Some(value) = variable.pointer(&format!("/valueFrom/{field}")) {
                push(at.clone(), source, value, Some(text(value, "/key")));
            }
        }
    }
    for entry in list(container.value, "/envFrom") {
        for (field, source) in [
            ("configMapRef", Source::ConfigMap),
            ("secretRef", Source::Secret),
        ] {
            if let Some(value) = entry.get(field) {
                push(
                    format!("container {} envFrom", container.name),
                    source,
                    value,
                    None,
                );
            }
        }
    }
}

fn from_volume<'a>(pod: &Pod<'a>, volume: &'a Value, all: &mut Vec<Reference<'a>>) {
    let volume_name = text(volume, "/name");
    for (source, value, name) in sources(volume) {
        let at = format!("volume {volume_name}");
        let optional = value["optional"] == true;
        let mut push = |key| {
            all.push(Reference {
                from: pod.id.clone(),
                at: at.clone(),
                source,
                name,
                key,
                optional,
            });
        };
        let items = list(value, "/items");
        for item in items {
            push(Some(text(item, "/key")));
        }
        if !items.is_empty() {
            continue;
        }
        // Without items, mounts of single files use single keys; a mount of the folder uses all.
        let containers = pod.containers();
        let mounts = containers
            .iter()
            .flat_map(|container| list(container.value, "/volumeMounts"));
        let mounts: Vec<&Value> = mounts
            .filter(|mount| text(mount, "/name") == volume_name)
            .collect();
        let single = |mount: &&'a Value| !text(mount, "/subPath").is_empty();
        if mounts.is_empty() || !mounts.iter().all(single) {
            push(None);
        } else {
            for mount in mounts {
                push(Some(text(mount, "/subPath")));
            }
        }
    }
}

/// The ConfigMaps and Secrets in a volume: kind, the map that names it, its name.
fn sources(volume: &Value) -> Vec<(Source, &Value, &str)> {
    let projected = list(volume, "/projected/sources").iter();
    let projected = projected.flat_map(|part| {
        [
            ("configMap", Source::ConfigMap, part),
            ("secret", Source::Secret, part),
        ]
    });
    let single = [
        ("configMap", Source::ConfigMap, volume),
        ("secret", Source::Secret, volume),
    ];
    let found = single
        .into_iter()
        .chain(projected)
        .filter_map(|(field, source, part)| Some((source, part.get(field)?)));
    let named = |value| {
        Some(text(value, "/name"))
            .filter(|name| !name.is_empty())
            .unwrap_or(text(value, "/secretName"))
    };
    found
        .map(|(source, value)| (source, value, named(value)))
        .collect()
}

/// A `subPath` into files made from keys must be one of those files.
fn sub_paths(world: &World, pod: &Pod, report: &mut Report) {
    for volume in list(pod.spec, "/volumes") {
        let sources = sources(volume);
        if sources
            .iter()
            .all(|(_, value, _)| list(value, "/items").is_empty())
        {
            continue;
        }
        let mut files = BTreeSet::new();
        for (source, value, name) in &sources {
            let items = list(value, "/items");
            files.extend(items.iter().map(|item| text(item, "/path")));
            if items.is_empty() {
                files.extend(lookup(world, *source, name).unwrap_or_default());
            }
        }
        for container in pod.containers() {
            for mount in list(container.value, "/volumeMounts")
                .iter()
                .filter(|mount| mount["name"] == volume["name"])
            {
                let path = text(mount, "/subPath");
                if !path.is_empty() && !files.contains(path) {
                    let at = format!("container {} mounts `{path}`", container.name);
                    report.add(
                        "X04",
                        &pod.id,
                        format!(
                            "{at} of volume {}, which has no such file",
                            text(volume, "/name")
                        ),
                    );
                }
            }
        }
    }
}
