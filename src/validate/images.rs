//! Container images.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::config::scalars::ImageTag;
use crate::config::site::{Opensearch, Postgresql, Rabbitmq, Redis, ServiceImage, Site};
use crate::diag::{Diagnostic, codes};

/// The images that a site names itself in place of the official ones, by their sections.
pub fn own_images(site: &Site) -> Vec<(&'static str, &ServiceImage)> {
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
    [
        ("nginx", site.nginx.image.as_ref()),
        ("services.postgresql", postgresql),
        ("services.redis", redis),
        ("services.rabbitmq", rabbitmq),
        ("services.opensearch", opensearch.image.as_ref()),
    ]
    .into_iter()
    .filter_map(|(path, image)| image.map(|image| (path, image)))
    .collect()
}

/// Refuses `latest`, also in `latest-alpine` and `17-latest`: what runs would change without a change here, and a pod
/// that restarts could run another version than its neighbour.
pub fn moving_tags(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    let mut images = vec![("image.tag".to_owned(), &site.image.tag, "2026.11.0")];
    images.extend(own_images(site).into_iter().map(|(path, image)| {
        let example = match path {
            "services.postgresql" => "17.10",
            "services.redis" => "7.2.11",
            "services.rabbitmq" => "4.1.4-management",
            "services.opensearch" => "2.19.5",
            _ => "1.31.1",
        };
        (format!("{path}.image.tag"), &image.tag, example)
    }));
    images
        .into_iter()
        .filter(|(_, tag, _)| moves(tag))
        .map(|(path, tag, example)| {
            case.error(
                codes::MOVING_TAG,
                &[part(path)],
                format!("the image tag `{tag}` is not a version"),
            )
            .because("what it stands for changes: a pod that restarts may run another version than its neighbour, and there is no way back")
            .help(format!("write the version that you tested, for instance `tag: {example}`"))
        })
        .collect()
}

fn moves(tag: &ImageTag) -> bool {
    tag.as_str()
        .split(['-', '_', '.'])
        .any(|word| word.eq_ignore_ascii_case("latest"))
}
