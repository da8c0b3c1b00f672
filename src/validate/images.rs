//! Container images.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::config::scalars::ImageTag;
use crate::config::site::{Opensearch, Postgresql, Rabbitmq, Redis, ServiceImage, Site};
use crate::diag::{Diagnostic, codes};

/// The images that a site names itself in place of the official ones, by their sections.
pub fn own_images(site: &Site) -> Vec<(&'static str, &ServiceImage)> {
    let Postgresql::Internal(postgresql) = &site.services.postgresql;
    let Redis::Internal(redis) = &site.services.redis;
    let Rabbitmq::Internal(rabbitmq) = &site.services.rabbitmq;
    let Opensearch::Internal(opensearch) = &site.services.opensearch;
    [
        ("nginx", &site.nginx.image),
        ("services.postgresql", &postgresql.image),
        ("services.redis", &redis.image),
        ("services.rabbitmq", &rabbitmq.image),
        ("services.opensearch", &opensearch.image),
    ]
    .into_iter()
    .filter_map(|(path, image)| image.as_ref().map(|image| (path, image)))
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
