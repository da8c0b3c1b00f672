//! Container images.

use super::case::{Case, entry, part};
use super::services::bitnami;
use crate::config::fault::Build;
use crate::config::scalars::ImageTag;
use crate::config::site::{BitnamiImages, Opensearch, Postgresql, Rabbitmq, Redis, Site};
use crate::diag::{Diagnostic, codes};

/// A tag that a site chooses itself for the image of a service.
#[derive(Clone, Debug)]
pub struct OwnTag<'a> {
    /// The service's section, if it is the service's main image: `services.postgresql`.
    pub of: Option<&'static str>,
    /// Where the tag stands.
    pub path: String,
    /// The key that holds it.
    pub key: String,
    /// What to remove for the tag that invgen pins.
    pub choice: String,
    /// A version.
    pub example: &'static str,
    /// The tag.
    pub tag: &'a ImageTag,
}

/// The tags that a site chooses itself in place of those that are pinned.
pub fn own_tags(site: &Site) -> Vec<OwnTag<'_>> {
    let services = &site.services;
    let postgresql = match &services.postgresql {
        Postgresql::Internal(own) => own.image.as_ref(),
        Postgresql::Bitnami(_) => None,
    };
    let redis = match &services.redis {
        Redis::Internal(own) => own.image.as_ref(),
        Redis::Bitnami(_) => None,
    };
    let rabbitmq = match &services.rabbitmq {
        Rabbitmq::Internal(own) => own.image.as_ref(),
        Rabbitmq::Bitnami(_) => None,
    };
    let Opensearch::Internal(opensearch) = &services.opensearch;
    let images = [
        ("nginx", site.nginx.image.as_ref()),
        ("services.postgresql", postgresql),
        ("services.redis", redis),
        ("services.rabbitmq", rabbitmq),
        ("services.opensearch", opensearch.image.as_ref()),
    ];
    let mut tags: Vec<_> = images
        .into_iter()
        .filter_map(|(path, image)| {
            image.map(|image| OwnTag {
                of: Some(path),
                path: format!("{path}.image.tag"),
                key: "tag".to_owned(),
                example: match path {
                    "services.postgresql" => "17.10",
                    "services.redis" => "7.2.11",
                    "services.rabbitmq" => "4.1.4-management",
                    "services.opensearch" => "2.19.5",
                    _ => "1.31.1",
                },
                choice: format!("{path}.image"),
                tag: &image.tag,
            })
        })
        .collect();
    for service in bitnami(site) {
        let BitnamiImages::Mirror(mirror) = service.images else {
            continue;
        };
        tags.extend(mirror.tags.iter().map(|(name, tag)| {
            let path = entry(&format!("{}.images.tags", service.path), name.as_str());
            OwnTag {
                of: (name.as_str() == service.name).then_some(service.path),
                key: name.to_string(),
                choice: path.clone(),
                example: service.tag(name.as_str()),
                path,
                tag,
            }
        }));
    }
    tags
}

/// Refuses `latest`, also in `latest-alpine` and `17-latest`: what runs would change without a change here, and a pod
/// that restarts could run another version than its neighbour.
pub fn moving_tags(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    let application = OwnTag {
        of: None,
        path: "image.tag".to_owned(),
        key: "tag".to_owned(),
        choice: String::new(),
        example: "2026.11.0",
        tag: &site.image.tag,
    };
    std::iter::once(application)
        .chain(own_tags(site))
        .filter(|own| moves(own.tag))
        .map(|own| {
            let (key, example) = (&own.key, own.example);
            case.error(
                codes::MOVING_TAG,
                &[part(own.path.as_str())],
                format!("the image tag `{}` is not a version", own.tag),
            )
            .because("what it stands for changes: a pod that restarts may run another version than its neighbour, and there is no way back")
            .help(format!("write the version that you tested, for instance `{key}: {example}`"))
        })
        .collect()
}

fn moves(tag: &ImageTag) -> bool {
    tag.as_str()
        .split(['-', '_', '.'])
        .any(|word| word.eq_ignore_ascii_case("latest"))
}
