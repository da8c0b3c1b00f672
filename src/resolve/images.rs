//! Image references: the site's own, and the official ones that are pinned here.

use crate::config::scalars::{Digest, ImageRepository, ImageTag};
use crate::config::site::{self, Engine, ServiceImage, Site};
use crate::plan::Par;

/// nginx, Debian variant; its user is 101.
const NGINX: Pin = Pin {
    repository: "docker.io/library/nginx",
    tag: "1.31.1",
};
/// PostgreSQL 17, which InvenioRDM 12 to 14 all accept; its user is 999.
const POSTGRESQL: Pin = Pin {
    repository: "docker.io/library/postgres",
    tag: "17.10",
};
/// The last Redis under a BSD licence; its user is 999.
const REDIS: Pin = Pin {
    repository: "docker.io/library/redis",
    tag: "7.2.11",
};
/// Valkey, the free successor; its user is 999.
const VALKEY: Pin = Pin {
    repository: "docker.io/valkey/valkey",
    tag: "8.1.4",
};
/// RabbitMQ 4.1: 4.3 refuses what Celery needs unless told otherwise; its user is 999.
const RABBITMQ: Pin = Pin {
    repository: "docker.io/library/rabbitmq",
    tag: "4.1.4-management",
};
/// OpenSearch 2, which InvenioRDM 12 to 14 all accept; its user is 1000.
const OPENSEARCH: Pin = Pin {
    repository: "docker.io/opensearchproject/opensearch",
    tag: "2.19.5",
};

struct Pin {
    repository: &'static str,
    tag: &'static str,
}

/// One image.
#[derive(Clone, Debug)]
pub struct ImageRef {
    /// Full reference with tag and, if given, digest.
    pub reference: Par<String>,
    /// When it is pulled.
    pub pull_policy: Par<String>,
    /// The tag as a label value.
    pub version: Par<String>,
}

/// All images of a site.
#[derive(Clone, Debug)]
pub struct Images {
    /// The site's own.
    pub app: ImageRef,
    /// nginx.
    pub nginx: ImageRef,
    /// PostgreSQL.
    pub postgresql: ImageRef,
    /// Redis or Valkey.
    pub redis: ImageRef,
    /// RabbitMQ.
    pub rabbitmq: ImageRef,
    /// OpenSearch.
    pub opensearch: ImageRef,
}

/// All image references of a site.
pub fn images(site: &Site) -> Images {
    let site::Postgresql::Internal(postgresql) = &site.services.postgresql;
    let site::Redis::Internal(redis) = &site.services.redis;
    let site::Rabbitmq::Internal(rabbitmq) = &site.services.rabbitmq;
    let site::Opensearch::Internal(opensearch) = &site.services.opensearch;
    let engine = match redis.engine {
        Engine::Redis => REDIS,
        Engine::Valkey => VALKEY,
    };
    let image = &site.image;
    let policy = image.pull_policy.to_string();
    Images {
        app: ImageRef {
            reference: reference(&image.repository, &image.tag, image.digest.as_ref()),
            pull_policy: policy.into(),
            version: label_value(image.tag.as_str()),
        },
        nginx: service(site.nginx.image.as_ref(), &NGINX),
        postgresql: service(postgresql.image.as_ref(), &POSTGRESQL),
        redis: service(redis.image.as_ref(), &engine),
        rabbitmq: service(rabbitmq.image.as_ref(), &RABBITMQ),
        opensearch: service(opensearch.image.as_ref(), &OPENSEARCH),
    }
}

fn service(own: Option<&ServiceImage>, pinned: &Pin) -> ImageRef {
    let (reference, version) = match own {
        Some(own) => (
            reference(&own.repository, &own.tag, own.digest.as_ref()),
            label_value(own.tag.as_str()),
        ),
        None => (
            Par::from(format!("{}:{}", pinned.repository, pinned.tag)),
            label_value(pinned.tag),
        ),
    };
    ImageRef {
        reference,
        pull_policy: "IfNotPresent".into(),
        version,
    }
}

fn reference(repository: &ImageRepository, tag: &ImageTag, digest: Option<&Digest>) -> Par<String> {
    match digest {
        Some(digest) => format!("{repository}:{tag}@{digest}").into(),
        None => format!("{repository}:{tag}").into(),
    }
}

/// A tag as a label value: at most 63 characters, letters or digits at both ends.
fn label_value(tag: &str) -> Par<String> {
    let cut: String = tag.chars().take(63).collect();
    cut.trim_matches(|letter: char| !letter.is_ascii_alphanumeric())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_becomes_a_valid_label_value() {
        let long = format!("{}-{}", "a".repeat(62), "b".repeat(62));
        let cut = "a".repeat(62);
        for (tag, value) in [
            ("2026.11.0", "2026.11.0"),
            ("4.1.4-management", "4.1.4-management"),
            ("_private", "private"),
            ("v1-_.", "v1"),
            ("___", ""),
            // The cut falls behind a dash, which may not be the end.
            (long.as_str(), cut.as_str()),
        ] {
            assert_eq!(label_value(tag).leaf(), value, "{tag}");
        }
        assert_eq!(label_value(&"x".repeat(128)).leaf().len(), 63);
    }

    #[test]
    fn a_digest_stands_behind_the_tag() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let with = reference(
            &"registry.example.org:5000/rdm/lab".parse().unwrap(),
            &"1.0".parse().unwrap(),
            Some(&digest.parse().unwrap()),
        );
        assert_eq!(
            with.leaf(),
            format!("registry.example.org:5000/rdm/lab:1.0@{digest}")
        );
    }
}
