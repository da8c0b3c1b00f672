//! How the site is reached.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::config::scalars::DnsLabel;
use crate::config::site::{Environment, Ingress};
use crate::diag::{Diagnostic, codes};
use crate::facts::usual_controller_namespace;

const INGRESS: &str = "exposure.ingress";
const TLS: &str = "exposure.ingress.tls";
const CONTROLLER: &str = "exposure.ingress.controllerNamespace";

fn ingress<'a>(case: &'a Case) -> Option<&'a Ingress> {
    case.site.exposure.ingress.as_ref()
}

/// Warns when nobody outside the cluster reaches a production site.
pub fn missing(case: &Case) -> Vec<Diagnostic> {
    if !case.in_production() || ingress(case).is_some() {
        return Vec::new();
    }
    vec![
        case.warning(
            codes::NOT_EXPOSED,
            &[part(INGRESS)],
            "the site cannot be reached from outside the cluster",
        )
        .because("no Ingress is written, and NetworkPolicies let nothing else in")
        .help("write `exposure: {ingress: {className: haproxy, tls: {issuer: letsencrypt}}}` with your cluster's names"),
    ]
}

/// Refuses plain HTTP in production, and warns of it in staging: passwords and sessions would cross the network in clear.
pub fn tls(case: &Case) -> Vec<Diagnostic> {
    let plain = ingress(case).is_some_and(|ingress| ingress.tls.is_none());
    if !plain || case.in_development() {
        return Vec::new();
    }
    vec![
        case.error_in_production(
            codes::NO_TLS,
            &[part(TLS)],
            format!("the {} site is served without HTTPS", case.site.environment.as_str()),
        )
        .because(match case.site.environment {
            Environment::Production => "passwords and sessions would cross the network in clear, and browsers warn visitors",
            _ => "passwords and sessions cross the network in clear, and what only happens with HTTPS is not rehearsed",
        })
        .help("write `tls: {issuer: …}` with an issuer of cert-manager, or `tls: {secretName: …}` with a Secret that holds tls.crt and tls.key"),
    ]
}

/// Refuses HTTPS for which nobody provides the certificate.
pub fn certificate(case: &Case) -> Vec<Diagnostic> {
    let Some(tls) = ingress(case).and_then(|ingress| ingress.tls.as_ref()) else {
        return Vec::new();
    };
    if tls.issuer.is_some() || tls.secret_name.is_some() {
        return Vec::new();
    }
    vec![
        case.error(
            codes::NO_CERTIFICATE,
            &[part(TLS)],
            "nobody provides the certificate: `tls` names neither an issuer nor a Secret",
        )
        .because("the controller would answer with a certificate of its own, which browsers refuse")
        .help("write `tls: {issuer: …}` with an issuer of cert-manager, or `tls: {secretName: …}` with a Secret that holds tls.crt and tls.key"),
    ]
}

/// Refuses a class whose controller may run anywhere while NetworkPolicies are on: the policy has to name its namespace.
/// Warns of the class `nginx`, whose usual controller is no longer maintained.
pub fn controller(case: &Case) -> Vec<Diagnostic> {
    let Some(ingress) = ingress(case) else {
        return Vec::new();
    };
    let class = ingress.class_name.as_str();
    let named = ingress.controller_namespace.as_ref().map(DnsLabel::as_str);
    let usual = usual_controller_namespace(class);
    let parts = [part("exposure.ingress.className")];
    if named.is_none() && usual.is_none() && case.site.network.policies {
        return vec![
            case.error(
                codes::UNKNOWN_CONTROLLER,
                &parts,
                format!("it is not known where the controller of the ingress class `{class}` runs"),
            )
            .because("NetworkPolicies let in the controller's namespace alone; without its name every pod of the cluster could reach the site past it")
            .help(format!(
                "write `{CONTROLLER}: …` with the namespace of its pods; `kubectl get pods -A | grep {class}` may show it"
            )),
        ];
    }
    if class == "nginx" && named.or(usual) == usual {
        return vec![
            case.warning(
                codes::RETIRED_CONTROLLER,
                &parts,
                "the ingress class `nginx` is usually ingress-nginx, which ended in March 2026",
            )
            .because("it no longer gets security fixes, and it faces the internet")
            .help(format!(
                "move to a maintained controller such as haproxy or traefik; if yours is another nginx, write the namespace of \
                 its pods, for instance `{CONTROLLER}: nginx-ingress`"
            )),
        ];
    }
    Vec::new()
}

/// Refuses, outside development, a domain that leads every visitor to their own machine.
pub fn local_domain(case: &Case) -> Vec<Diagnostic> {
    const LOCAL: [&str; 4] = ["localhost", "localdomain", "localtest.me", "lvh.me"];
    let domain = case.site.domain.as_str();
    let local = LOCAL.iter().find(|local| {
        domain == **local
            || domain
                .strip_suffix(**local)
                .is_some_and(|rest| rest.ends_with('.'))
    });
    if case.in_development() || local.is_none() {
        return Vec::new();
    }
    vec![
        case.error(
            codes::LOCAL_DOMAIN,
            &[part("domain")],
            format!("the domain `{domain}` leads every visitor to their own machine"),
        )
        .because("such names stand for 127.0.0.1, and no authority issues certificates for them")
        .help("write the name under which people find the site, and keep this one for a development profile: `profiles: {dev: {domain: …}}`"),
    ]
}
