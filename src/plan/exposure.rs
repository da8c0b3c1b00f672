//! How the site is reached from outside the cluster.

use super::{Component, Gate, Outside, Par};

/// One public host and where its paths lead.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// The public host name.
    pub host: Par<String>,
    /// Name of the IngressClass.
    pub class: Par<String>,
    /// Annotations of the site's own, for its controller.
    pub annotations: Vec<(String, Par<String>)>,
    /// Whether HTTPS is served.
    pub tls: Option<Tls>,
    /// Paths, most specific first.
    pub routes: Vec<Route>,
    /// The controller's pods: the only ones outside that may connect.
    pub controller: Outside,
}

/// Where the certificate comes from.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Secret with the certificate, made by cert-manager when an issuer is set.
    pub secret: Par<String>,
    /// Whether cert-manager is asked for the certificate.
    pub issued: Gate,
    /// Name of the issuer.
    pub issuer: Par<String>,
    /// Annotation key that names the issuer: it says whether it is a ClusterIssuer or an Issuer.
    pub issuer_annotation: &'static str,
}

/// A path prefix and who serves it.
#[derive(Clone, Debug)]
pub struct Route {
    /// Path prefix, such as `/api`.
    pub path: &'static str,
    /// The component that serves it.
    pub component: Component,
    /// Name of the Service's port.
    pub port_name: &'static str,
}
