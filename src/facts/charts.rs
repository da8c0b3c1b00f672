//! The versions of Bitnami's charts, and the images that each was made for.
//!
//! These are the last that were published, in August 2025; what came later exists as source alone. The tables list every
//! image that a chart can name, also those of parts that are never switched on: the chart checks them all.

/// Where the charts are published.
pub const REPOSITORY: &str = "oci://registry-1.docker.io/bitnamicharts";

/// A chart at one version.
#[derive(Clone, Copy, Debug)]
pub struct Chart {
    /// Its name in the repository.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its images.
    pub images: &'static [Pin],
}

/// An image that a chart names.
#[derive(Clone, Copy, Debug)]
pub struct Pin {
    /// Where in the chart's values it stands.
    pub place: &'static str,
    /// Its name, without registry and folder.
    pub name: &'static str,
    /// The tag that the chart was made for.
    pub tag: &'static str,
}

impl Chart {
    /// The names of its images, each once.
    pub fn image_names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.images.iter().map(|image| image.name).collect();
        names.dedup();
        names
    }
}

const fn pin(place: &'static str, name: &'static str, tag: &'static str) -> Pin {
    Pin { place, name, tag }
}

/// PostgreSQL 17.
pub static POSTGRESQL: Chart = Chart {
    name: "postgresql",
    version: "16.7.27",
    images: &[
        pin("image", "postgresql", "17.6.0-debian-12-r4"),
        pin("metrics.image", "postgres-exporter", "0.17.1-debian-12-r16"),
        pin("volumePermissions.image", "os-shell", "12-debian-12-r51"),
    ],
};

/// Redis 8.
pub static REDIS: Chart = Chart {
    name: "redis",
    version: "22.0.7",
    images: &[
        pin("image", "redis", "8.2.1-debian-12-r0"),
        pin("sentinel.image", "redis-sentinel", "8.2.1-debian-12-r0"),
        pin("metrics.image", "redis-exporter", "1.76.0-debian-12-r0"),
        pin("kubectl.image", "kubectl", "1.33.4-debian-12-r0"),
        pin("volumePermissions.image", "os-shell", "12-debian-12-r51"),
        pin("sysctl.image", "os-shell", "12-debian-12-r51"),
    ],
};

/// RabbitMQ 4.1.
pub static RABBITMQ: Chart = Chart {
    name: "rabbitmq",
    version: "16.0.14",
    images: &[
        pin("image", "rabbitmq", "4.1.3-debian-12-r1"),
        pin("volumePermissions.image", "os-shell", "12-debian-12-r50"),
    ],
};
