//! Image references: the site's own, and the official ones that are pinned here.

use crate::config::decode::literal;
use crate::config::scalars::{Digest, ImageRepository, ImageTag};
use crate::config::site::{ServiceImage, Site};
use crate::params::{Formula, Scope, either, text};
use crate::plan::Par;

/// nginx, Debian variant; its user is 101.
const NGINX: Pin = Pin {
    repository: "docker.io/library/nginx",
    tag: "1.31.1",
};
/// PostgreSQL 17, which InvenioRDM 12 to 14 all accept; its user is 999.
pub const POSTGRESQL: Pin = Pin {
    repository: "docker.io/library/postgres",
    tag: "17.10",
};
/// The last Redis under a BSD licence; its user is 999.
pub const REDIS: Pin = Pin {
    repository: "docker.io/library/redis",
    tag: "7.2.11",
};
/// Valkey, the free successor; its user is 999.
pub const VALKEY: Pin = Pin {
    repository: "docker.io/valkey/valkey",
    tag: "8.1.4",
};
/// RabbitMQ 4.1: 4.3 refuses what Celery needs unless told otherwise; its user is 999.
pub const RABBITMQ: Pin = Pin {
    repository: "docker.io/library/rabbitmq",
    tag: "4.1.4-management",
};
/// OpenSearch 2, which InvenioRDM 12 to 14 all accept; its user is 1000.
pub const OPENSEARCH: Pin = Pin {
    repository: "docker.io/opensearchproject/opensearch",
    tag: "2.19.5",
};

/// An official image at one version.
pub struct Pin {
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

/// The images that every site has.
#[derive(Clone, Debug)]
pub struct Images {
    /// The site's own.
    pub app: ImageRef,
    /// nginx.
    pub nginx: ImageRef,
}

/// The images that every site has.
pub fn images(scope: &Scope, site: &Site) -> Images {
    Images {
        app: app(scope, site),
        nginx: official(&scope.at("nginx"), site.nginx.image.as_ref(), &NGINX),
    }
}

fn app(scope: &Scope, site: &Site) -> ImageRef {
    let scope = scope.at("image");
    let image = &site.image;
    let policy = scope.text("pullPolicy", &image.pull_policy);
    ImageRef {
        pull_policy: policy.par(),
        ..reference(&scope, &image.repository, &image.tag, image.digest.as_ref())
    }
}

/// The image of the section at `scope`: its own, else the pinned one.
pub fn official(scope: &Scope, own: Option<&ServiceImage>, pinned: &Pin) -> ImageRef {
    let scope = scope.at("image");
    match own {
        Some(own) => reference(&scope, &own.repository, &own.tag, own.digest.as_ref()),
        None => reference(
            &scope,
            &literal(pinned.repository),
            &literal(pinned.tag),
            None,
        ),
    }
}

fn reference(
    scope: &Scope,
    repository: &ImageRepository,
    tag: &ImageTag,
    digest: Option<&Digest>,
) -> ImageRef {
    let repository = scope.text("repository", repository);
    let tag = scope.text("tag", tag);
    let digest = scope.optional("digest", digest);
    let pinned = text(["@".into(), digest.formula()]);
    let reference = text([
        (&repository).into(),
        ":".into(),
        (&tag).into(),
        either(&digest.given, pinned, ""),
    ]);
    ImageRef {
        reference: scope
            .define(
                "reference",
                "The image with its tag and, if given, its digest.",
                reference,
            )
            .par(),
        pull_policy: "IfNotPresent".into(),
        version: scope
            .define(
                "version",
                "The tag as a label value.",
                Formula::from(&tag).label_value(),
            )
            .par(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(repository: &str, tag: &str, digest: Option<&str>) -> ImageRef {
        let digest = digest.map(|digest| digest.parse().unwrap());
        let (repository, tag) = (repository.parse().unwrap(), tag.parse().unwrap());
        reference(&Scope::plain(), &repository, &tag, digest.as_ref())
    }

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
            assert_eq!(image("rdm", tag, None).version.leaf(), value, "{tag}");
        }
        let longest = image("rdm", &"x".repeat(128), None);
        assert_eq!(longest.version.leaf().len(), 63);
    }

    #[test]
    fn a_digest_stands_behind_the_tag() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let with = image("registry.example.org:5000/rdm/lab", "1.0", Some(&digest));
        assert_eq!(
            with.reference.leaf(),
            format!("registry.example.org:5000/rdm/lab:1.0@{digest}")
        );
        let without = image("rdm", "1.0", None);
        assert_eq!(without.reference.leaf(), "rdm:1.0");
    }
}
