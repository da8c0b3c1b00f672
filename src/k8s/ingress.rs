//! The Ingress: the public host, its certificate and its paths.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule,
    IngressServiceBackend, IngressSpec, IngressTLS, ServiceBackendPort,
};

use super::{Draft, meta};
use crate::plan::{Exposure, Plan, Route, Tls};

/// The Ingress, if the site is exposed.
pub fn build(plan: &Plan) -> Option<Draft<'_>> {
    let Some(exposure) = &plan.exposure else {
        return None;
    };
    let mut metadata = meta::of(plan, "ingress", &plan.identity.instance);
    let annotations = metadata.annotations.get_or_insert_default();
    annotations.extend(meta::pairs(&exposure.annotations));
    if let Some(tls) = exposure.tls.as_ref().filter(|tls| tls.issued.is_on()) {
        annotations.insert(tls.issuer_annotation.into(), tls.issuer.leaf());
    }
    metadata.annotations = metadata.annotations.and_then(meta::some);
    let rule = IngressRule {
        host: Some(exposure.host.leaf()),
        http: Some(HTTPIngressRuleValue {
            paths: exposure
                .routes
                .iter()
                .map(|route| path(plan, route))
                .collect(),
        }),
    };
    Some(Draft::new("ingress", "ingress", move || Ingress {
        metadata,
        spec: Some(IngressSpec {
            ingress_class_name: Some(exposure.class.leaf()),
            tls: exposure
                .tls
                .as_ref()
                .map(|tls| vec![certificate(exposure, tls)]),
            rules: Some(vec![rule]),
            default_backend: None,
        }),
        status: None,
    }))
}

fn certificate(exposure: &Exposure, tls: &Tls) -> IngressTLS {
    IngressTLS {
        hosts: Some(vec![exposure.host.leaf()]),
        secret_name: Some(tls.secret.leaf()),
    }
}

fn path(plan: &Plan, route: &Route) -> HTTPIngressPath {
    HTTPIngressPath {
        path: Some(route.path.into()),
        path_type: "Prefix".into(),
        backend: IngressBackend {
            service: Some(IngressServiceBackend {
                name: plan.identity.name(&route.component).leaf(),
                port: Some(ServiceBackendPort {
                    name: Some(route.port_name.into()),
                    number: None,
                }),
            }),
            resource: None,
        },
    }
}
