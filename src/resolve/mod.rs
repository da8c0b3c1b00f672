//! From the site file to final values: the only place behind validation where something is computed.
//!
//! Full names, URLs, heap sizes, "is it on" switches: each is worked out here once and leaves as an opaque
//! [`Par`](crate::plan::Par) or [`Gate`](crate::plan::Gate). Applications and services then only place them.

mod amounts;
pub mod bitnami;
mod exposure;
mod frame;
mod images;
mod invenio;
mod placement;
mod services;
mod tiers;

pub use bitnami::Bitnami;
pub use frame::Frame;
pub use images::{ImageRef, Images};
pub use invenio::{Invenio, Mail, Version};
pub use placement::Placement;
pub use services::{
    DatabaseSettings, Internal, Opensearch, Postgresql, PostgresqlChart, Rabbitmq, RabbitmqChart,
    Redis, RedisChart, RedisShape,
};
pub use tiers::{Setup, WebTier, WorkerTier};

use crate::config::scalars::{Quantity, SecretName};
use crate::config::site::{self, App, Site};
use crate::facts::features;
use crate::params::{Formula, Scope, Term, text};
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

/// Works out every derived value of a site. Total: any site that decodes has one result.
pub fn resolve(site: &Site) -> Resolved {
    resolve_in(&Scope::plain(), site, &Frame::of(&[site]))
}

/// The same with values from a scope, and with all parts that the frame has.
pub fn resolve_in(scope: &Scope, site: &Site, frame: &Frame) -> Resolved {
    let name = scope.release(&site.name);
    let public = exposure::public(scope, site, &name);
    let files = services::files(scope, site);
    Resolved {
        identity: identity(scope, site, &name),
        namespace: namespace(scope, site),
        placement: placement::placement(scope, site),
        invenio: invenio::invenio(scope, site, &name, &public),
        exposure: public.exposure,
        web: tiers::web(&scope.at("web"), site, &site.web),
        api: frame.api(scope, site),
        nginx: amounts::resources(&scope.at("nginx"), &site.nginx.resources),
        workers: frame.workers(scope, site),
        beat: amounts::resources(&scope.at("beat"), &site.beat.resources),
        scheduler: scheduler(scope, site),
        setup: tiers::setup(&scope.at("setup"), &site.setup),
        files: files.claim,
        files_on_one_node: files.on_one_node,
        images: images::images(scope, site),
        postgresql: services::postgresql(scope, site),
        redis: services::redis(scope, site),
        rabbitmq: services::rabbitmq(scope, site),
        opensearch: services::opensearch(scope, site, &name),
        network_policies: scope
            .at("network")
            .switch("policies", site.network.policies)
            .gate(),
        dns: dns(scope, site),
        egress: frame.egress(scope, site),
        secrets: secret_names(scope, site, &name),
    }
}

/// Where the version has no scheduler, its resources are no parameters.
fn scheduler(scope: &Scope, site: &Site) -> Resources {
    let resources = &site.scheduler.resources;
    if features(site.invenio.version).jobs {
        amounts::resources(&scope.at("scheduler"), resources)
    } else {
        amounts::resources(&Scope::plain(), resources)
    }
}

fn identity(scope: &Scope, site: &Site, name: &Term<String>) -> Identity {
    Identity {
        app: match site.app {
            App::InvenioRdm => "invenio-rdm",
        },
        instance: name.par(),
        namespace: scope.namespace(&site.namespace).par(),
        labels: scope.map("labels", Some(&site.labels)),
        annotations: scope.map("annotations", Some(&site.annotations)),
    }
}

/// The Namespace itself is no part of a chart, so whether it is written and its labels are no parameters.
fn namespace(scope: &Scope, site: &Site) -> Namespace {
    Namespace {
        create: Gate::new(site.guardrails.create_namespace),
        pod_security_version: format!("v{}", site.kubernetes_version).into(),
        quota: quota(scope, site.guardrails.quota.as_ref()),
        limits: limits(scope, site.guardrails.limit_range.as_ref()),
    }
}

fn quota(scope: &Scope, quota: Option<&site::Quota>) -> Option<Quota> {
    let scope = scope.at("guardrails").at("quota");
    let enabled = scope.toggle(
        "enabled",
        quota.is_some(),
        "Whether a ResourceQuota bounds what all pods of the namespace may use together.",
    );
    let scope = scope.when(&enabled);
    let amount = |key, value: Option<&Quantity>| scope.quantity_of(key, value).par();
    let pods = scope.whole_of("pods", quota.map(|quota| &quota.pods));
    let pods = scope.define(
        "podCount",
        "The number of pods as a quantity.",
        Formula::from(&pods).digits(),
    );
    let quota = Quota {
        requests_cpu: amount("requestsCpu", quota.map(|quota| &quota.requests_cpu)),
        requests_memory: amount("requestsMemory", quota.map(|quota| &quota.requests_memory)),
        limits_cpu: amount("limitsCpu", quota.map(|quota| &quota.limits_cpu)),
        limits_memory: amount("limitsMemory", quota.map(|quota| &quota.limits_memory)),
        requests_storage: amount(
            "requestsStorage",
            quota.map(|quota| &quota.requests_storage),
        ),
        pods: pods.par(),
    };
    enabled.gate().then(|| quota)
}

fn limits(scope: &Scope, limits: Option<&site::LimitRange>) -> Option<Limits> {
    let scope = scope.at("guardrails").at("limitRange");
    let enabled = scope.toggle(
        "enabled",
        limits.is_some(),
        "Whether a LimitRange says what a container gets that names no resources of its own.",
    );
    let scope = scope.when(&enabled);
    let amount = |key, value: Option<&Quantity>| scope.quantity_of(key, value).par();
    let limits = Limits {
        default_request_cpu: amount(
            "defaultRequestCpu",
            limits.map(|limits| &limits.default_request_cpu),
        ),
        default_request_memory: amount(
            "defaultRequestMemory",
            limits.map(|limits| &limits.default_request_memory),
        ),
        default_cpu: amount("defaultCpu", limits.map(|limits| &limits.default_cpu)),
        default_memory: amount("defaultMemory", limits.map(|limits| &limits.default_memory)),
    };
    enabled.gate().then(|| limits)
}

fn dns(scope: &Scope, site: &Site) -> Vec<Outside> {
    let scope = scope.at("network").at("dns");
    let dns = &site.network.dns;
    let pods = Outside::Pods {
        namespace: Some(scope.text("namespace", &dns.namespace).par()),
        labels: Vec::new(),
    };
    let cache = scope.optional("nodeCache", dns.node_cache.as_ref());
    let address = Outside::Network {
        cidr: cache.text.par(),
        except: Vec::new(),
    };
    std::iter::once(pods)
        .chain(cache.given.gate().then(|| address))
        .collect()
}

fn secret_names(scope: &Scope, site: &Site, name: &Term<String>) -> SecretNames {
    let scope = scope.at("secrets").at("names");
    let names = &site.secrets.names;
    let usual = |id: &'static str, own: Option<&SecretName>| {
        let own = scope.optional(id, own);
        let usual = text([name.into(), "-".into(), id.into()]);
        scope
            .define(
                &format!("{id}Name"),
                "The Secret that is named, else the usual one.",
                own.formula().or(usual),
            )
            .par()
    };
    // A chart of others reads the name from its own values, so that is where it stands.
    let service = |id, chart_key, own| match chart_key {
        Some(key) => bitnami::secret(&scope, site, id, key, own),
        None => usual(id, own),
    };
    let services = &site.services;
    let of = |is_bitnami: bool, key| is_bitnami.then_some(key);
    SecretNames {
        app: usual("app", names.app.as_ref()),
        postgresql: service(
            "postgresql",
            of(
                matches!(services.postgresql, site::Postgresql::Bitnami(_)),
                "existingSecret",
            ),
            names.postgresql.as_ref(),
        ),
        redis: service(
            "redis",
            of(
                matches!(services.redis, site::Redis::Bitnami(_)),
                "existingSecret",
            ),
            names.redis.as_ref(),
        ),
        rabbitmq: service(
            "rabbitmq",
            of(
                matches!(services.rabbitmq, site::Rabbitmq::Bitnami(_)),
                "existingPasswordSecret",
            ),
            names.rabbitmq.as_ref(),
        ),
        mail: usual("mail", names.mail.as_ref()),
    }
}
