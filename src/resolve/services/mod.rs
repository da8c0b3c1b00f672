//! Database, cache, broker and search: sizes and settings.

mod opensearch;
mod postgresql;
mod rabbitmq;
mod redis;
mod volumes;

pub use opensearch::{Opensearch, opensearch};
pub use postgresql::{DatabaseSettings, Postgresql, PostgresqlChart, postgresql};
pub use rabbitmq::{Rabbitmq, RabbitmqChart, rabbitmq};
pub use redis::{Redis, RedisChart, RedisShape, redis};
pub(super) use volumes::claim;
pub use volumes::files;

use super::images::{ImageRef, Pin, official};
use crate::config::scalars::{Quantity, StorageClassName};
use crate::config::site::{AccessMode, ServiceImage, Site};
use crate::params::Scope;
use crate::plan::{Claim, Par, Resources};

/// What every service in the site's namespace has that we run ourselves.
#[derive(Clone, Debug)]
pub struct Internal {
    /// Its image.
    pub image: ImageRef,
    /// Its volume.
    pub claim: Claim,
    /// What happens to the volume when the service is deleted.
    pub retention: Par<String>,
    /// Resources of its container.
    pub resources: Resources,
}

/// What the section of such a service says of its image and volume.
struct Section<'a> {
    image: Option<&'a ServiceImage>,
    size: &'a Quantity,
    class_name: Option<&'a StorageClassName>,
    access_mode: AccessMode,
}

fn internal(
    scope: &Scope,
    site: &Site,
    section: Section,
    pinned: &Pin,
    resources: Resources,
) -> Internal {
    let storage = scope.top().at("storage");
    let image = official(scope, section.image, pinned);
    let (amount, class) = (section.size, section.class_name);
    Internal {
        image,
        claim: claim(scope, site, "data", amount, class, section.access_mode),
        retention: storage.text("retention", &site.storage.retention).par(),
        resources,
    }
}
