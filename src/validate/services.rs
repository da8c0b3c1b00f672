//! What the services ask of the cluster, whoever runs them.

use super::pods::Pods;
use crate::config::scalars::Quantity;
use crate::config::site::{
    BitnamiImages, BitnamiMetrics, Opensearch, Postgresql, Rabbitmq, Redis, RedisArchitecture,
    Resources, Site,
};
use crate::facts::charts::{self, Chart};
use crate::facts::{Amounts, EXPORTER, LABELLER, SENTINEL};

/// The pods and volumes of a service.
#[derive(Clone, Debug)]
pub struct Service<'a> {
    /// Its section: `services.redis`.
    pub path: &'static str,
    /// What messages call it.
    pub name: &'static str,
    /// Size of each volume.
    pub size: &'a Quantity,
    /// Pods, each with a volume.
    pub servers: u32,
    resources: &'a Resources,
    beside: Vec<&'static Amounts>,
}

impl<'a> Service<'a> {
    /// Its pods. One that we run prepares with its own resources, which therefore need not be looked at.
    pub fn pods(self) -> Pods<'a> {
        Pods {
            containers: vec![(format!("{}.resources", self.path), self.resources)],
            beside: self.beside,
            most: self.servers.into(),
            is_prepared: false,
        }
    }
}

/// All services, in the order in which they are listed.
pub fn services(site: &Site) -> [Service<'_>; 4] {
    [
        postgresql(site),
        redis(site),
        rabbitmq(site),
        opensearch(site),
    ]
}

fn postgresql(site: &Site) -> Service<'_> {
    let (volume, resources, servers, metrics) = match &site.services.postgresql {
        Postgresql::Internal(own) => (&own.size, &own.resources, 1, None),
        Postgresql::Bitnami(chart) => (
            &chart.size,
            &chart.resources,
            1 + chart.copies(),
            chart.metrics.as_ref(),
        ),
    };
    Service {
        path: "services.postgresql",
        name: "postgresql",
        size: volume,
        servers,
        resources,
        beside: exporter(metrics),
    }
}

fn redis(site: &Site) -> Service<'_> {
    let (volume, resources, servers, beside) = match &site.services.redis {
        Redis::Internal(own) => (&own.size, &own.resources, 1, Vec::new()),
        Redis::Bitnami(chart) => {
            let mut beside = exporter(chart.metrics.as_ref());
            if chart.architecture == RedisArchitecture::Sentinel {
                beside.extend([&SENTINEL, &LABELLER]);
            }
            (&chart.size, &chart.resources, chart.servers(), beside)
        }
    };
    Service {
        path: "services.redis",
        name: "redis",
        size: volume,
        servers,
        resources,
        beside,
    }
}

fn rabbitmq(site: &Site) -> Service<'_> {
    // RabbitMQ serves metrics itself.
    let (volume, resources, servers) = match &site.services.rabbitmq {
        Rabbitmq::Internal(own) => (&own.size, &own.resources, 1),
        Rabbitmq::Bitnami(chart) => (&chart.size, &chart.resources, chart.replicas.get()),
    };
    Service {
        path: "services.rabbitmq",
        name: "rabbitmq",
        size: volume,
        servers,
        resources,
        beside: Vec::new(),
    }
}

fn opensearch(site: &Site) -> Service<'_> {
    let Opensearch::Internal(own) = &site.services.opensearch;
    Service {
        path: "services.opensearch",
        name: "opensearch",
        size: &own.size,
        servers: own.nodes.get(),
        resources: &own.resources,
        beside: Vec::new(),
    }
}

fn exporter(metrics: Option<&BitnamiMetrics>) -> Vec<&'static Amounts> {
    metrics.map(|_| &EXPORTER).into_iter().collect()
}

/// A service from one of Bitnami's charts.
#[derive(Clone, Debug)]
pub struct BitnamiService<'a> {
    /// Its section: `services.redis`.
    pub path: &'static str,
    /// The chart's name.
    pub name: &'static str,
    /// Where its images come from.
    pub images: &'a BitnamiImages,
    chart: &'static Chart,
}

impl BitnamiService<'_> {
    /// The tag that the chart was made for; empty when it has no such image.
    pub fn tag(&self, image: &str) -> &'static str {
        let pinned = self.chart.images.iter().find(|pin| pin.name == image);
        pinned.map_or("", |pin| pin.tag)
    }

    /// The names of the chart's images.
    pub fn image_names(&self) -> Vec<&'static str> {
        self.chart.image_names()
    }
}

/// The services from Bitnami's charts.
pub fn bitnami(site: &Site) -> Vec<BitnamiService<'_>> {
    let services = &site.services;
    let service = |path, chart: &'static Chart, images| BitnamiService {
        path,
        name: chart.name,
        images,
        chart,
    };
    let postgresql = match &services.postgresql {
        Postgresql::Internal(_) => None,
        Postgresql::Bitnami(own) => Some(service(
            "services.postgresql",
            &charts::POSTGRESQL,
            &own.images,
        )),
    };
    let redis = match &services.redis {
        Redis::Internal(_) => None,
        Redis::Bitnami(own) => Some(service("services.redis", &charts::REDIS, &own.images)),
    };
    let rabbitmq = match &services.rabbitmq {
        Rabbitmq::Internal(_) => None,
        Rabbitmq::Bitnami(own) => {
            Some(service("services.rabbitmq", &charts::RABBITMQ, &own.images))
        }
    };
    [postgresql, redis, rabbitmq]
        .into_iter()
        .flatten()
        .collect()
}

/// Most connections that PostgreSQL takes.
pub fn max_connections(site: &Site) -> u32 {
    match &site.services.postgresql {
        Postgresql::Internal(own) => own.max_connections.get(),
        Postgresql::Bitnami(chart) => chart.max_connections.get(),
    }
}
