//! The public host, its certificate and who may reach it.

use crate::config::site::{Ingress, IssuerKind, Site};
use crate::facts::usual_controller_namespace;
use crate::plan::{Exposure, Gate, Outside, Par, Tls};

/// Whether the site is served over HTTPS.
pub fn is_https(site: &Site) -> bool {
    site.exposure
        .ingress
        .as_ref()
        .is_some_and(|ingress| ingress.tls.is_some())
}

/// The public address without a path, `https://data.example.org`.
pub fn public_url(site: &Site) -> String {
    let scheme = if is_https(site) { "https" } else { "http" };
    format!("{scheme}://{}", site.domain)
}

/// The exposure, still without routes: those are the application's.
pub fn exposure(site: &Site) -> Option<Exposure> {
    site.exposure.ingress.as_ref().map(|ingress| Exposure {
        host: site.domain.to_string().into(),
        class: ingress.class_name.to_string().into(),
        annotations: ingress
            .annotations
            .iter()
            .map(|(key, value)| (key.to_string(), value.to_string().into()))
            .collect(),
        tls: tls(site, ingress),
        routes: Vec::new(),
        controller: controller(ingress),
    })
}

fn tls(site: &Site, ingress: &Ingress) -> Option<Tls> {
    ingress.tls.as_ref().map(|tls| Tls {
        secret: tls
            .secret_name
            .as_ref()
            .map_or_else(|| format!("{}-tls", site.name), ToString::to_string)
            .into(),
        issued: Gate::new(tls.issuer.is_some()),
        issuer: tls
            .issuer
            .as_ref()
            .map_or_else(String::new, ToString::to_string)
            .into(),
        issuer_annotation: match tls.issuer_kind {
            IssuerKind::ClusterIssuer => "cert-manager.io/cluster-issuer",
            IssuerKind::Issuer => "cert-manager.io/issuer",
        },
    })
}

fn controller(ingress: &Ingress) -> Outside {
    let named = ingress
        .controller_namespace
        .as_ref()
        .map(ToString::to_string);
    let usual = usual_controller_namespace(ingress.class_name.as_str()).map(ToOwned::to_owned);
    Outside::Pods {
        namespace: named.or(usual).map(Par::from),
        labels: Vec::new(),
    }
}
