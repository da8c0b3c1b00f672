//! RabbitMQ.

use super::{Internal, Section, internal};
use crate::config::site::{self, RabbitmqBitnami, Site};
use crate::facts::charts;
use crate::params::{Scope, Term};
use crate::plan::Par;
use crate::resolve::amounts::{Needs, needs};
use crate::resolve::bitnami::{self, Bitnami};
use crate::resolve::images;

/// Who runs RabbitMQ.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a site has one of it")]
pub enum Rabbitmq {
    /// Ourselves.
    Internal {
        /// Image, volume and resources.
        internal: Internal,
        /// Memory above which publishers are held back, in MiB.
        watermark_mib: Par<u64>,
    },
    /// Bitnami's chart.
    Bitnami(RabbitmqChart),
}

/// RabbitMQ from Bitnami's chart.
#[derive(Clone, Debug)]
pub struct RabbitmqChart {
    /// What all such services have.
    pub bitnami: Bitnami,
    /// Nodes of the cluster.
    pub nodes: u32,
    /// Memory above which publishers are held back, in MiB.
    pub watermark_mib: Par<u64>,
}

/// RabbitMQ's values.
pub fn rabbitmq(scope: &Scope, site: &Site) -> Rabbitmq {
    match &site.services.rabbitmq {
        site::Rabbitmq::Internal(service) => {
            let scope = scope.at("services").at("rabbitmq");
            let needs = needs(&scope, &service.resources);
            let section = Section {
                image: service.image.as_ref(),
                size: &service.size,
                class_name: service.class_name.as_ref(),
                access_mode: service.access_mode,
            };
            Rabbitmq::Internal {
                watermark_mib: watermark(&scope, &needs).par(),
                internal: internal(&scope, site, section, &images::RABBITMQ, needs.resources),
            }
        }
        site::Rabbitmq::Bitnami(service) => Rabbitmq::Bitnami(chart(scope, site, service)),
    }
}

fn watermark(scope: &Scope, needs: &Needs) -> Term<i64> {
    scope.define(
        "watermarkMebibytes",
        "Six tenths of the memory limit, above which publishers are held back.",
        needs.share_mib(60),
    )
}

fn chart(scope: &Scope, site: &Site, service: &RabbitmqBitnami) -> RabbitmqChart {
    let section = bitnami::Section {
        images: &service.images,
        size: &service.size,
        class_name: service.class_name.as_ref(),
        resources: &service.resources,
        metrics: service.metrics.as_ref(),
    };
    let fixed = Scope::plain();
    let needs = needs(&fixed, &service.resources);
    RabbitmqChart {
        bitnami: bitnami::bitnami(scope, site, &charts::RABBITMQ, &section, ""),
        nodes: service.replicas.get(),
        watermark_mib: watermark(&fixed, &needs).par(),
    }
}
