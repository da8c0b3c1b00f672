//! The public host, its certificate and who may reach it.

use crate::config::site::{IssuerKind, Site};
use crate::facts::CONTROLLERS;
use crate::params::{Formula, Scope, Term, all, either, text};
use crate::plan::{Exposure, Outside, Tls};

/// What the outside knows of the site.
pub struct Public {
    /// Host name.
    pub domain: Term<String>,
    /// Whether it is served over HTTPS.
    pub https: Term<bool>,
    /// `http` or `https`.
    pub scheme: Term<String>,
    /// The public address without a path, `https://data.example.org`.
    pub url: Term<String>,
    /// The exposure, still without routes: those are the application's.
    pub exposure: Option<Exposure>,
}

/// How the site is reached.
pub fn public(scope: &Scope, site: &Site, name: &Term<String>) -> Public {
    let ingress = site.exposure.ingress.as_ref();
    let domain = scope.text("domain", &site.domain);
    let section = scope.at("exposure").at("ingress");
    let exposed = section.toggle(
        "enabled",
        ingress.is_some(),
        "Whether an Ingress serves the domain; without it the site is only reachable inside the cluster.",
    );
    let section = section.when(&exposed);
    let class = section.text_of("className", ingress.map(|ingress| &ingress.class_name));
    let annotations = section.map("annotations", ingress.map(|ingress| &ingress.annotations));
    let named = section.optional(
        "controllerNamespace",
        ingress.and_then(|ingress| ingress.controller_namespace.as_ref()),
    );
    let controller = section.define(
        "controller",
        "Namespace of the ingress controller: the one that is named, else the usual one of its class.",
        named
            .formula()
            .or(Formula::from(&class).looked_up(CONTROLLERS)),
    );
    let known = section.define(
        "controllerIsKnown",
        "Whether the namespace of the ingress controller is known.",
        Formula::from(&controller).is_not(""),
    );
    let (served, tls) = tls(&section, site, name);
    let https = scope.define(
        "https",
        "Whether the site is served over HTTPS.",
        all([(&exposed).into(), (&served).into()]),
    );
    let scheme = scope.define(
        "scheme",
        "The scheme of the public address.",
        either(&https, "https", "http"),
    );
    let url = scope.define(
        "publicUrl",
        "The public address, without a path.",
        text([(&scheme).into(), "://".into(), (&domain).into()]),
    );
    let exposure = Exposure {
        host: domain.par(),
        class: class.par(),
        annotations,
        tls: served.gate().then(|| tls),
        routes: Vec::new(),
        controller: Outside::Pods {
            namespace: known.gate().then(|| controller.par()),
            labels: Vec::new(),
        },
    };
    Public {
        domain,
        https,
        scheme,
        url,
        exposure: exposed.gate().then(|| exposure),
    }
}

fn tls(scope: &Scope, site: &Site, name: &Term<String>) -> (Term<bool>, Tls) {
    let ingress = site.exposure.ingress.as_ref();
    let tls = ingress.and_then(|ingress| ingress.tls.as_ref());
    let section = scope.at("tls");
    let served = section.toggle(
        "enabled",
        tls.is_some(),
        "Whether HTTPS is served; plain HTTP is for trials.",
    );
    let section = section.when(&served);
    let issuer = section.optional("issuer", tls.and_then(|tls| tls.issuer.as_ref()));
    let kind = section.text_of("issuerKind", tls.map(|tls| &tls.issuer_kind));
    let secret = section.optional("secretName", tls.and_then(|tls| tls.secret_name.as_ref()));
    let secret = section.define(
        "secret",
        "The Secret with the certificate.",
        secret.formula().or(text([name.into(), "-tls".into()])),
    );
    let whole_cluster = section.define(
        "isClusterIssuer",
        "Whether the issuer serves the whole cluster.",
        Formula::from(&kind).is(IssuerKind::ClusterIssuer.as_str()),
    );
    let annotation = if whole_cluster.gate().is_on() {
        "cert-manager.io/cluster-issuer"
    } else {
        "cert-manager.io/issuer"
    };
    let tls = Tls {
        secret: secret.par(),
        issued: issuer.given.gate(),
        issuer: issuer.text.par(),
        issuer_annotation: annotation,
    };
    (served, tls)
}
