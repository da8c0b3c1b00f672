//! From the site file to final values: the only place behind validation where something is computed.
//!
//! Full names, URLs, heap sizes, "is it on" switches: each is worked out here once and leaves as an opaque
//! [`Par`](crate::plan::Par) or [`Gate`](crate::plan::Gate). Applications and services then only place them.

mod amounts;
mod exposure;
mod images;
mod invenio;
mod placement;
mod services;
mod tiers;

pub use images::{ImageRef, Images};
pub use invenio::{Invenio, Mail, Version};
pub use placement::Placement;
pub use services::{Internal, Opensearch, Postgresql, Rabbitmq, Redis};
pub use tiers::{Setup, WebTier, WorkerTier};

use crate::config::scalars::{Quantity, SecretName};
use crate::config::site::{AccessMode, App, Egress, Site};
use crate::plan::{
    Caller, Claim, Exposure, Gate, Identity, Limits, Namespace, Outside, Par, Quota, Resources,
};

/// A site with every derived value worked out.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Whose deployment it is.
    pub identity: Identity,
    /// The namespace and its guard rails.
    pub namespace: Namespace,
    /// Where pods run.
    pub placement: Placement,
    /// Image references.
    pub images: Images,
    /// How the site is reached; the routes are the application's.
    pub exposure: Option<Exposure>,
    /// Settings of InvenioRDM.
    pub invenio: Invenio,
    /// The web application.
    pub web: WebTier,
    /// The REST API, where it runs on its own.
    pub api: Option<WebTier>,
    /// Resources of nginx in each web pod.
    pub nginx: Resources,
    /// Celery workers, the general one first.
    pub workers: Vec<WorkerTier>,
    /// Resources of the beat.
    pub beat: Resources,
    /// Resources of the jobs scheduler.
    pub scheduler: Resources,
    /// The Jobs that initialise and upgrade.
    pub setup: Setup,
    /// The volume with uploaded files.
    pub files: Claim,
    /// Whether a single node mounts the files, so that all pods that read them run there.
    pub files_on_one_node: Gate,
    /// PostgreSQL.
    pub postgresql: Postgresql,
    /// Redis or Valkey.
    pub redis: Redis,
    /// RabbitMQ.
    pub rabbitmq: Rabbitmq,
    /// OpenSearch.
    pub opensearch: Opensearch,
    /// Whether NetworkPolicies are written.
    pub network_policies: Gate,
    /// Where the cluster's DNS answers.
    pub dns: Vec<Outside>,
    /// Destinations outside the cluster.
    pub egress: Vec<Caller>,
    /// Names that the site gives to Secrets.
    pub secrets: SecretNames,
}

/// Names of the Secrets.
#[derive(Clone, Debug)]
pub struct SecretNames {
    /// Signing keys and salts.
    pub app: Par<String>,
    /// The application's password for PostgreSQL.
    pub postgresql: Par<String>,
    /// The password for Redis.
    pub redis: Par<String>,
    /// The password for RabbitMQ.
    pub rabbitmq: Par<String>,
    /// The password for the mail server.
    pub mail: Par<String>,
}

/// Networks that are never meant by "the internet": private, shared, and link-local, where cloud metadata answers.
const NOT_THE_INTERNET: [&str; 5] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];
/// The same for IPv6: unique local and link-local.
const NOT_THE_INTERNET_V6: [&str; 2] = ["fc00::/7", "fe80::/10"];

/// Works out every derived value of a site. Total: any site that decodes has one result.
pub fn resolve(site: &Site) -> Resolved {
    let images = images::images(site);
    Resolved {
        identity: identity(site),
        namespace: namespace(site),
        placement: placement::placement(site),
        exposure: exposure::exposure(site),
        invenio: invenio::invenio(site),
        web: tiers::web(site, &site.web),
        api: site.api.as_ref().map(|api| tiers::web(site, api)),
        nginx: amounts::resources(&site.nginx.resources),
        workers: tiers::workers(site),
        beat: amounts::resources(&site.beat.resources),
        scheduler: amounts::resources(&site.scheduler.resources),
        setup: tiers::setup(&site.setup),
        files: services::files(site),
        files_on_one_node: Gate::new(site.storage.files.access_mode == AccessMode::ReadWriteOnce),
        postgresql: services::postgresql(site),
        redis: services::redis(site),
        rabbitmq: services::rabbitmq(site),
        opensearch: services::opensearch(site),
        network_policies: Gate::new(site.network.policies),
        dns: dns(site),
        egress: site.network.egress.iter().map(egress).collect(),
        secrets: secret_names(site),
        images,
    }
}

fn identity(site: &Site) -> Identity {
    Identity {
        app: match site.app {
            App::InvenioRdm => "invenio-rdm",
        },
        instance: site.name.to_string().into(),
        namespace: site.namespace.to_string().into(),
        labels: site
            .labels
            .iter()
            .map(|(key, value)| (key.to_string(), value.to_string().into()))
            .collect(),
        annotations: site
            .annotations
            .iter()
            .map(|(key, value)| (key.to_string(), value.to_string().into()))
            .collect(),
    }
}

fn namespace(site: &Site) -> Namespace {
    let quantity = |quantity: &Quantity| Par::from(quantity.to_string());
    Namespace {
        create: Gate::new(site.guardrails.create_namespace),
        pod_security_version: format!("v{}", site.kubernetes_version).into(),
        quota: site.guardrails.quota.as_ref().map(|quota| Quota {
            requests_cpu: quantity(&quota.requests_cpu),
            requests_memory: quantity(&quota.requests_memory),
            limits_cpu: quantity(&quota.limits_cpu),
            limits_memory: quantity(&quota.limits_memory),
            requests_storage: quantity(&quota.requests_storage),
            pods: quota.pods.get().to_string().into(),
        }),
        limits: site.guardrails.limit_range.as_ref().map(|limits| Limits {
            default_request_cpu: quantity(&limits.default_request_cpu),
            default_request_memory: quantity(&limits.default_request_memory),
            default_cpu: quantity(&limits.default_cpu),
            default_memory: quantity(&limits.default_memory),
        }),
    }
}

fn dns(site: &Site) -> Vec<Outside> {
    let pods = Outside::Pods {
        namespace: Some(site.network.dns.namespace.to_string().into()),
        labels: Vec::new(),
    };
    let cache = site.network.dns.node_cache.as_ref();
    let cache = cache.map(|cidr| Outside::Network {
        cidr: cidr.to_string().into(),
        except: Vec::new(),
    });
    std::iter::once(pods).chain(cache).collect()
}

fn egress(egress: &Egress) -> Caller {
    let cidr = egress.cidr.to_string();
    let except = match cidr.as_str() {
        "0.0.0.0/0" => NOT_THE_INTERNET.to_vec(),
        "::/0" => NOT_THE_INTERNET_V6.to_vec(),
        _ => Vec::new(),
    };
    Caller {
        peer: Outside::Network {
            cidr: cidr.into(),
            except,
        },
        ports: egress
            .ports
            .iter()
            .map(|port| Par::new(i32::from(port.get())))
            .collect(),
    }
}

fn secret_names(site: &Site) -> SecretNames {
    let names = &site.secrets.names;
    let name = |own: &Option<SecretName>, id: &str| -> Par<String> {
        own.as_ref()
            .map_or_else(|| format!("{}-{id}", site.name), ToString::to_string)
            .into()
    };
    SecretNames {
        app: name(&names.app, "app"),
        postgresql: name(&names.postgresql, "postgresql"),
        redis: name(&names.redis, "redis"),
        rabbitmq: name(&names.rabbitmq, "rabbitmq"),
        mail: name(&names.mail, "mail"),
    }
}
