//! Services from Bitnami's charts.
//!
//! What goes into a chart's values is fixed when the site is rendered: where our own chart has it as a subchart, its values are
//! for people to change in their own place. Only names that both sides must agree on are parameters, at that same place.

use super::amounts;
use super::placement::{Placement, placement};
use super::services::claim;
use crate::config::scalars::{DnsLabel, Quantity, SecretName, StorageClassName};
use crate::config::site::{
    AccessMode, BitnamiImages, BitnamiMetrics, MirrorImages, Resources, Site,
};
use crate::facts::charts::{Chart, Pin};
use crate::params::{Scope, Term, text};
use crate::plan::{Claim, Gate, Par};

/// What all services from Bitnami's charts have.
#[derive(Clone, Debug)]
pub struct Bitnami {
    /// The chart.
    pub chart: Chart,
    /// What the names of its objects begin with.
    pub name: Par<String>,
    /// Host that the application connects to.
    pub host: Par<String>,
    /// Every image of the chart.
    pub images: Vec<ChartImage>,
    /// The volume of each server.
    pub claim: Claim,
    /// What happens to the volumes when the service is deleted.
    pub retention: Par<String>,
    /// Resources of each server.
    pub resources: crate::plan::Resources,
    /// Where its pods run.
    pub placement: Placement,
    /// Whether evictions are limited.
    pub disruption_budgets: Gate,
    /// Labels that the site adds to every object and pod.
    pub labels: Vec<(String, Par<String>)>,
    /// Annotations that the site adds to every object.
    pub annotations: Vec<(String, Par<String>)>,
    /// Whether the chart writes NetworkPolicies.
    pub network_policies: Gate,
    /// Who reads metrics, if anybody does.
    pub metrics: Option<Metrics>,
}

/// An image in a chart's values.
#[derive(Clone, Debug)]
pub struct ChartImage {
    /// Where it stands.
    pub place: &'static str,
    /// Host of the registry.
    pub registry: Par<String>,
    /// Folder and name.
    pub repository: Par<String>,
    /// Tag.
    pub tag: Par<String>,
}

/// Who reads metrics.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Namespace of the Prometheus.
    pub namespace: Par<String>,
    /// Whether a ServiceMonitor is written.
    pub service_monitor: Gate,
    /// Labels of the ServiceMonitor.
    pub labels: Vec<(String, Par<String>)>,
}

/// What the sections of all such services say.
pub struct Section<'a> {
    /// Where images come from.
    pub images: &'a BitnamiImages,
    /// Size of each volume.
    pub size: &'a Quantity,
    /// Storage class of the volumes.
    pub class_name: Option<&'a StorageClassName>,
    /// Resources of each server.
    pub resources: &'a Resources,
    /// Who reads metrics.
    pub metrics: Option<&'a BitnamiMetrics>,
}

/// What all services have; the host that the application connects to is the chart's name with this behind it.
pub fn bitnami(
    scope: &Scope,
    site: &Site,
    chart: &Chart,
    section: &Section,
    suffix: &'static str,
) -> Bitnami {
    let fixed = Scope::plain();
    let name = scope.top().at(chart.name).own_text::<DnsLabel>(
        "fullnameOverride",
        format!("{}-{}", site.name, chart.name),
        "What the names of this service's objects begin with; the application connects to them by it.",
    );
    Bitnami {
        chart: *chart,
        host: host(scope, chart, &name, suffix),
        name: name.par(),
        images: images(chart, section.images),
        claim: claim(
            &fixed,
            site,
            "data",
            section.size,
            section.class_name,
            AccessMode::ReadWriteOnce,
        ),
        retention: site.storage.retention.as_str().into(),
        resources: amounts::resources(&fixed, section.resources),
        placement: placement(&fixed, site),
        disruption_budgets: Gate::new(site.scheduling.disruption_budgets),
        labels: fixed.map("labels", Some(&site.labels)),
        annotations: fixed.map("annotations", Some(&site.annotations)),
        network_policies: Gate::new(site.network.policies),
        metrics: section.metrics.map(|metrics| Metrics {
            namespace: metrics.namespace.as_str().into(),
            service_monitor: Gate::new(metrics.service_monitor),
            labels: fixed.map("labels", Some(&metrics.labels)),
        }),
    }
}

fn host(scope: &Scope, chart: &Chart, name: &Term<String>, suffix: &'static str) -> Par<String> {
    if suffix.is_empty() {
        return name.par();
    }
    scope
        .at("services")
        .at(chart.name)
        .define(
            "host",
            "The host that the application connects to.",
            text([name.into(), suffix.into()]),
        )
        .par()
}

/// The Secret of a service that a Bitnami chart runs; `key` is where the chart's section `auth` takes its name.
pub fn secret(
    scope: &Scope,
    site: &Site,
    id: &'static str,
    key: &'static str,
    own: Option<&SecretName>,
) -> Par<String> {
    let name = own.map_or_else(|| format!("{}-{id}", site.name), ToString::to_string);
    scope
        .top()
        .at(id)
        .at("auth")
        .own_text::<SecretName>(
            key,
            name,
            "The Secret with this service's passwords; the application reads its own from it.",
        )
        .par()
}

fn images(chart: &Chart, source: &BitnamiImages) -> Vec<ChartImage> {
    chart
        .images
        .iter()
        .map(|pin| match source {
            BitnamiImages::Legacy(_) => image(pin, HUB, "bitnamilegacy", pin.tag),
            BitnamiImages::Secure(_) => image(pin, HUB, "bitnamisecure", "latest"),
            BitnamiImages::Mirror(mirror) => mirrored(pin, mirror),
        })
        .collect()
}

const HUB: &str = "docker.io";

fn mirrored(pin: &Pin, mirror: &MirrorImages) -> ChartImage {
    let repository = mirror.repository.as_str();
    let (registry, folder) = match mirror.repository.registry() {
        Some(registry) => (registry, &repository[registry.len() + 1..]),
        None => (HUB, repository),
    };
    let own = mirror
        .tags
        .iter()
        .find(|(name, _)| name.as_str() == pin.name);
    let tag = own.map_or(pin.tag, |(_, tag)| tag.as_str());
    image(pin, registry, folder, tag)
}

fn image(pin: &Pin, registry: &str, folder: &str, tag: &str) -> ChartImage {
    ChartImage {
        place: pin.place,
        registry: registry.into(),
        repository: format!("{folder}/{}", pin.name).into(),
        tag: tag.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::site::{LegacyImages, SecureImages};
    use crate::facts::charts;

    fn references(source: &BitnamiImages) -> Vec<String> {
        images(&charts::RABBITMQ, source)
            .iter()
            .map(|image| {
                let (registry, repository) = (&image.registry, &image.repository);
                format!("{}: {registry}/{repository}:{}", image.place, image.tag)
            })
            .collect()
    }

    #[test]
    fn images_come_from_where_the_site_says() {
        assert_eq!(
            references(&BitnamiImages::Legacy(LegacyImages {})),
            [
                "image: docker.io/bitnamilegacy/rabbitmq:4.1.3-debian-12-r1",
                "volumePermissions.image: docker.io/bitnamilegacy/os-shell:12-debian-12-r50",
            ]
        );
        assert_eq!(
            references(&BitnamiImages::Secure(SecureImages {}))[0],
            "image: docker.io/bitnamisecure/rabbitmq:latest"
        );
        let mirror = BitnamiImages::Mirror(MirrorImages {
            repository: "registry.example.org:5000/copies/bitnami".parse().unwrap(),
            tags: [("rabbitmq".parse().unwrap(), "4.1.9".parse().unwrap())].into(),
        });
        assert_eq!(
            references(&mirror),
            [
                "image: registry.example.org:5000/copies/bitnami/rabbitmq:4.1.9",
                "volumePermissions.image: registry.example.org:5000/copies/bitnami/os-shell:12-debian-12-r50",
            ]
        );
    }
}
