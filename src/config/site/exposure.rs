//! How the site is reached from outside the cluster.

use std::collections::BTreeMap;

use crate::config::scalars::{DnsLabel, LabelKey, ObjectName, SecretName, Text};

section! {
    /// How the site is reached from outside the cluster.
    pub struct Exposure {
        /// An Ingress for the site's domain; without it the site is only reachable inside the cluster.
        ingress: Option<Ingress> = None,
    }
}

section! {
    /// An Ingress for the site's domain.
    pub struct Ingress {
        /// Name of the IngressClass, such as haproxy or traefik.
        class_name: ObjectName,
        /// Namespace of the ingress controller's pods, the only ones that may reach the site; known for usual classes.
        controller_namespace: Option<DnsLabel> = None,
        /// Annotations for the controller.
        annotations: BTreeMap<LabelKey, Text> = BTreeMap::new(),
        /// HTTPS; `null` serves plain HTTP, which only a development profile may do.
        tls: Option<Tls> = None,
    }
}

section! {
    /// Where the certificate comes from: an issuer of cert-manager, or a Secret.
    pub struct Tls {
        /// Name of the cert-manager issuer that is asked for the certificate.
        issuer: Option<ObjectName> = None,
        /// Whether the issuer serves the whole cluster or this namespace.
        issuer_kind: IssuerKind = IssuerKind::ClusterIssuer,
        /// Name of the Secret with the certificate (tls.crt, tls.key).
        secret_name: Option<SecretName> = None,
    }
}

choice! {
    /// Kind of a cert-manager issuer.
    pub enum IssuerKind {
        /// Serves all namespaces.
        ClusterIssuer = "ClusterIssuer",
        /// Serves its own namespace.
        Issuer = "Issuer",
    }
}
