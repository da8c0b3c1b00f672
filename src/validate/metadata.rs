//! Keys of labels and annotations that are not for the site to choose.

use super::case::{Case, entry, part};
use crate::config::fault::Build;
use crate::config::site::Site;
use crate::diag::{Diagnostic, codes};
use crate::facts::{INGRESS_ANNOTATIONS, KUBERNETES_PREFIXES, OWN_ANNOTATIONS};

const INGRESS: &str = "exposure.ingress";

/// Refuses labels and annotations of the site's own that belong to Kubernetes: selectors depend on some of them, and
/// controllers act on others.
pub fn reserved(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    let labels = site.labels.keys().map(|key| ("labels", key));
    let annotations = site.annotations.keys().map(|key| ("annotations", key));
    labels
        .chain(annotations)
        .filter(|(map, key)| is_reserved(key.as_str(), *map == "labels"))
        .map(|(map, key)| {
            case.error(
                codes::RESERVED_KEY,
                &[part(entry(map, key.as_str()))],
                format!("`{key}` in `{map}` belongs to Kubernetes"),
            )
            .because("Services find their pods, and controllers their objects, by such keys; invgen sets those that are needed")
            .help(prefix_of_ones_own(site, key.as_str()))
        })
        .collect()
}

/// Refuses annotations on which rendering itself depends.
pub fn set_by_ourselves(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    site.annotations
        .keys()
        .filter_map(|key| {
            let (_, why) = OWN_ANNOTATIONS
                .iter()
                .find(|(own, _)| key.as_str().starts_with(own))?;
            let problem = case
                .error(
                    codes::RESERVED_KEY,
                    &[part(entry("annotations", key.as_str()))],
                    format!("`{key}` in `annotations` is set by invgen where it is needed"),
                )
                .because(*why)
                .help(prefix_of_ones_own(site, key.as_str()));
            Some(problem)
        })
        .collect()
}

/// Refuses annotations of the Ingress that say what a key of the section says.
pub fn of_ingress(case: &Case) -> Vec<Diagnostic> {
    let Some(ingress) = case.site.exposure.ingress.as_ref() else {
        return Vec::new();
    };
    INGRESS_ANNOTATIONS
        .iter()
        .filter(|own| {
            ingress
                .annotations
                .keys()
                .any(|key| key.as_str() == own.key)
        })
        .map(|own| {
            let (key, instead) = (own.key, own.instead);
            case.error(
                codes::RESERVED_KEY,
                &[
                    part(format!("{INGRESS}.annotations[\"{key}\"]")),
                    part(format!("{INGRESS}.{instead}")),
                ],
                format!("the annotation `{key}` stands beside `{instead}`"),
            )
            .because(own.why)
            .help(format!("remove the annotation; `{instead}` says the same"))
        })
        .collect()
}

/// Refuses one key for all objects and for the Ingress: it can have one of the two values.
pub fn of_ingress_and_all(case: &Case) -> Vec<Diagnostic> {
    let Some(ingress) = case.site.exposure.ingress.as_ref() else {
        return Vec::new();
    };
    ingress
        .annotations
        .keys()
        .filter(|key| case.site.annotations.contains_key(*key))
        .map(|key| {
            let (own, all) = (
                format!("{INGRESS}.annotations[\"{key}\"]"),
                entry("annotations", key.as_str()),
            );
            case.error(
                codes::RESERVED_KEY,
                &[part(own), part(all)],
                format!("the Ingress gets the annotation `{key}` twice"),
            )
            .because("what stands in `annotations` is added to every object, the Ingress too, and an object has each key once")
            .help("remove one of them")
        })
        .collect()
}

/// Every `*.kubernetes.io` label; of annotations only the core's, because add-ons are told what to do by the others.
fn is_reserved(key: &str, is_label: bool) -> bool {
    let Some((prefix, _)) = key.split_once('/') else {
        return false;
    };
    let below = prefix.ends_with(".kubernetes.io") || prefix.ends_with(".k8s.io");
    KUBERNETES_PREFIXES.contains(&prefix) || (is_label && below)
}

fn prefix_of_ones_own(site: &Site, key: &str) -> String {
    let bare = key.rsplit('/').next().unwrap_or_default();
    let domain = site.domain.as_str();
    let parent = match domain.split_once('.') {
        Some((_, parent)) if parent.contains('.') => parent,
        _ => domain,
    };
    format!("use a prefix of your own, for instance `{parent}/{bare}`")
}
