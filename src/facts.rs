//! Numbers and names of the world outside, each in one place: what rules check and what is rendered must agree on them.

pub mod charts;

use std::ops::RangeInclusive;

use crate::config::site::InvenioVersion;

/// Kubernetes minor versions (of major 1) on which every rendered object is valid: the oldest and the newest.
///
/// The types are those of 1.33, of which only fields are used that 1.31 already has; the tests validate every
/// rendered document against each version in between.
pub const SUPPORTED_MINORS: RangeInclusive<u32> = 31..=37;

/// Connections that PostgreSQL keeps back for administrators, out of its `max_connections`.
pub const RESERVED_CONNECTIONS: u32 = 5;

/// Bytes of a mebibyte.
pub const MIB: u64 = 1024 * 1024;

/// Heap above which Java needs wider pointers and loses more than it gains, in MiB.
pub const LARGEST_HEAP_MIB: u64 = 31 * 1024;

/// Pods that a rolling update starts on top of those that run.
pub const SURGE: u8 = 1;

/// What a container takes that is the same in every site.
#[derive(Clone, Copy, Debug)]
pub struct Amounts {
    /// CPU request.
    pub cpu_request: &'static str,
    /// CPU limit.
    pub cpu_limit: &'static str,
    /// Memory request.
    pub memory_request: &'static str,
    /// Memory limit.
    pub memory_limit: &'static str,
    /// Request of local disk.
    pub ephemeral_request: &'static str,
    /// Limit of local disk.
    pub ephemeral_limit: &'static str,
}

/// The container that copies files before the others of a pod of the application start.
pub const PREPARATION: Amounts = Amounts {
    cpu_request: "50m",
    cpu_limit: "1",
    memory_request: "64Mi",
    memory_limit: "256Mi",
    ephemeral_request: "64Mi",
    ephemeral_limit: "2Gi",
};

/// The container beside a service that tells Prometheus of it.
pub const EXPORTER: Amounts = Amounts {
    cpu_request: "20m",
    cpu_limit: "250m",
    memory_request: "64Mi",
    memory_limit: "128Mi",
    ephemeral_request: "16Mi",
    ephemeral_limit: "256Mi",
};

/// The container beside each Redis that watches the others.
pub const SENTINEL: Amounts = Amounts {
    cpu_request: "50m",
    cpu_limit: "250m",
    memory_request: "64Mi",
    memory_limit: "128Mi",
    ephemeral_request: "16Mi",
    ephemeral_limit: "256Mi",
};

/// The container beside each Redis that makes the Service lead to the master.
pub const LABELLER: Amounts = Amounts {
    cpu_request: "20m",
    cpu_limit: "250m",
    memory_request: "64Mi",
    memory_limit: "192Mi",
    ephemeral_request: "16Mi",
    ephemeral_limit: "256Mi",
};

/// Digits that a Job's name ends in, and that tell its specification apart from any other: 40 bits are plenty for the
/// Jobs of one namespace.
pub const JOB_DIGITS: usize = 10;

/// Longest name of a Service, a host name in DNS, and of a Job, which becomes a label.
pub const LONGEST_LABEL: usize = 63;
/// Longest name of a StatefulSet: its pods' labels hold it with a hyphen and ten digits behind it.
pub const LONGEST_STATEFUL_SET: usize = 52;

/// Namespaces in which usual controllers run when installed as their own documentation says.
pub const CONTROLLERS: &[(&str, &str)] = &[
    ("cilium", "kube-system"),
    ("contour", "projectcontour"),
    ("haproxy", "haproxy-controller"),
    ("istio", "istio-system"),
    ("kong", "kong"),
    ("nginx", "ingress-nginx"),
    ("openshift-default", "openshift-ingress"),
    ("traefik", "traefik"),
];

/// The namespace of a class' controller, where its class name is a usual one.
pub fn usual_controller_namespace(class: &str) -> Option<&'static str> {
    CONTROLLERS
        .iter()
        .find(|(known, _)| *known == class)
        .map(|(_, namespace)| *namespace)
}

/// Prefixes of labels and annotations that belong to Kubernetes itself. Labels of any domain below the first two belong to
/// parts of it as well.
pub const KUBERNETES_PREFIXES: [&str; 3] = ["kubernetes.io", "k8s.io", "app.kubernetes.io"];

/// Beginnings of annotations on which rendering itself depends, and why nobody else may set them.
pub const OWN_ANNOTATIONS: [(&str, &str); 2] = [
    (
        "checksum/config",
        "pods are started anew when it changes, which it does whenever a text changes that they mount",
    ),
    (
        "helm.sh/hook",
        "on every object it would make each of them a hook: started at moments of its own, and deleted with none of the others",
    ),
];

/// An annotation of an Ingress for which the site file has a key.
#[derive(Clone, Copy, Debug)]
pub struct IngressAnnotation {
    /// The annotation.
    pub key: &'static str,
    /// The key, below `exposure.ingress`.
    pub instead: &'static str,
    /// Why there cannot be both.
    pub why: &'static str,
}

const TWO_ISSUERS: &str =
    "cert-manager would be told of two issuers, and asks one of them for the certificate";

/// All of them.
pub const INGRESS_ANNOTATIONS: [IngressAnnotation; 3] = [
    IngressAnnotation {
        key: "kubernetes.io/ingress.class",
        instead: "className",
        why: "it is the old way to name the class, and the cluster refuses an Ingress that has both",
    },
    IngressAnnotation {
        key: "cert-manager.io/cluster-issuer",
        instead: "tls.issuer",
        why: TWO_ISSUERS,
    },
    IngressAnnotation {
        key: "cert-manager.io/issuer",
        instead: "tls.issuer",
        why: TWO_ISSUERS,
    },
];

/// What a major version of InvenioRDM has that not all have.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, not a state"
)]
pub struct Features {
    /// Its list of hosts is called `TRUSTED_HOSTS`, before that `APP_ALLOWED_HOSTS`.
    pub trusted_hosts: bool,
    /// Records have limits of their own, apart from other files.
    pub record_limits: bool,
    /// Administrators schedule jobs: a second beat runs for them, and their queue is `low`.
    pub jobs: bool,
    /// Database connections use UTC.
    pub utc_connections: bool,
    /// It registers DOIs with Crossref, too.
    pub crossref: bool,
}

/// The features of a version: the one table of what differs.
pub const fn features(version: InvenioVersion) -> Features {
    match version {
        InvenioVersion::V12 => Features {
            trusted_hosts: false,
            record_limits: false,
            jobs: false,
            utc_connections: false,
            crossref: false,
        },
        InvenioVersion::V13 => Features {
            trusted_hosts: true,
            record_limits: true,
            jobs: true,
            utc_connections: false,
            crossref: false,
        },
        InvenioVersion::V14 => Features {
            trusted_hosts: true,
            record_limits: true,
            jobs: true,
            utc_connections: true,
            crossref: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_class_names_lead_to_their_controllers() {
        assert_eq!(usual_controller_namespace("nginx"), Some("ingress-nginx"));
        assert_eq!(
            usual_controller_namespace("haproxy"),
            Some("haproxy-controller")
        );
        for unusual in ["", "nginx-internal", "NGINX", "ingress-nginx"] {
            assert_eq!(usual_controller_namespace(unusual), None, "{unusual}");
        }
    }

    #[test]
    fn every_namespace_is_a_dns_label_and_every_class_is_listed_once() {
        for window in CONTROLLERS.windows(2) {
            assert!(window[0].0 < window[1].0, "{window:?}");
        }
        for (class, namespace) in CONTROLLERS {
            let namespace: Result<crate::config::scalars::DnsLabel, _> = namespace.parse();
            assert!(namespace.is_ok(), "{class}");
        }
    }
}
