//! The site file, section by section: every key, its type, its default and the sentence that an editor shows for it.

mod auth;
mod bitnami;
mod exposure;
mod guardrails;
mod image;
mod invenio;
mod mail;
mod network;
mod processes;
mod resources;
mod scheduling;
mod secrets;
mod services;
mod setup;
mod storage;

pub use auth::{Auth, LocalAuth};
pub use bitnami::{
    BitnamiImages, BitnamiMetrics, LegacyImages, MirrorImages, PostgresqlArchitecture,
    PostgresqlBitnami, RabbitmqBitnami, RedisArchitecture, RedisBitnami, SecureImages,
};
pub use exposure::{Exposure, Ingress, IssuerKind, Tls};
pub use guardrails::{Guardrails, LimitRange, Quota};
pub use image::{Image, PullPolicy, ServiceImage};
pub use invenio::{DatabasePool, Invenio, InvenioVersion, LogLevel, Uploads};
pub use mail::{Encryption, Mail};
pub use network::{Dns, Egress, Network};
pub use processes::{Autoscaling, Nginx, Singleton, Web, Worker};
pub use resources::{Amounts, Resources};
pub use scheduling::{Effect, Operator, Scheduling, SpreadMode, Toleration};
pub use secrets::{SecretNames, Secrets};
pub use services::{
    Engine, Opensearch, OpensearchInternal, Postgresql, PostgresqlInternal, Rabbitmq,
    RabbitmqInternal, Redis, RedisInternal, Services,
};
pub use setup::Setup;
pub use storage::{AccessMode, Files, Retention, Storage};

use std::collections::BTreeMap;

use super::scalars::{DnsLabel, Hostname, KubernetesVersion, LabelKey, LabelValue, Text};
use crate::config::decode::{Overlays, literal};

choice! {
    /// Version of this file's format.
    pub enum ApiVersion {
        /// The first format.
        V1 = "invgen/v1",
    }
}

choice! {
    /// The application that the site runs.
    pub enum App {
        /// InvenioRDM.
        InvenioRdm = "invenio-rdm",
    }
}

choice! {
    /// What the deployment is for; decides which rules are errors.
    pub enum Environment {
        /// One person's trial: plain HTTP and single replicas are fine.
        Development = "development",
        /// A rehearsal of production with little load.
        Staging = "staging",
        /// Other people's data.
        Production = "production",
    }
}

section! {
    /// A site: one research data repository and everything it needs to run.
    pub struct Site {
        /// Version of this file's format: `invgen/v1`.
        api_version: ApiVersion,
        /// The application that the site runs.
        app: App,
        /// Short name of the site; every object's name begins with it.
        name: DnsLabel,
        /// Kubernetes namespace of the site; one for each environment.
        namespace: DnsLabel,
        /// What the deployment is for; set by the profile.
        environment: Environment,
        /// Public host name of the site.
        domain: Hostname,
        /// Minor version of the cluster, such as "1.33".
        kubernetes_version: KubernetesVersion = literal("1.33"),
        /// The site's own InvenioRDM image.
        image: Image,
        /// Settings of InvenioRDM itself.
        invenio: Invenio,
        /// The web application: UI and REST API behind nginx and uWSGI.
        web: Web,
        /// The REST API in a Deployment of its own, like `web` where it says nothing else; without this section the web pods serve it.
        api: Option<Web> = None,
        /// The nginx in front of uWSGI in each web pod.
        nginx: Nginx,
        /// The Celery worker for all queues that no other worker names.
        worker: Worker,
        /// Further Celery workers by name, each with queues of its own, and like `worker` where it says nothing else.
        workers: BTreeMap<DnsLabel, Worker> = BTreeMap::new(),
        /// The Celery beat that starts periodic tasks.
        beat: Singleton,
        /// The second beat, for jobs that administrators schedule (InvenioRDM 13 and newer).
        scheduler: Singleton,
        /// The Jobs that initialise and upgrade the site.
        setup: Setup,
        /// Volumes.
        storage: Storage,
        /// What the application stands on: database, cache, message broker, search.
        services: Services,
        /// How the site is reached from outside the cluster.
        exposure: Exposure,
        /// Outgoing mail; as in the image's own settings if not set. Without any, no account can be confirmed and no password reset.
        mail: Option<Mail> = None,
        /// How people sign in.
        auth: Auth,
        /// Network policies and connections to the outside.
        network: Network,
        /// Which nodes pods run on, and how replicas are kept apart.
        scheduling: Scheduling,
        /// The namespace and its limits.
        guardrails: Guardrails,
        /// Names of the Secrets that the site reads.
        secrets: Secrets,
        /// Labels added to every object and pod.
        labels: BTreeMap<LabelKey, LabelValue> = BTreeMap::new(),
        /// Annotations added to every object and pod.
        annotations: BTreeMap<LabelKey, Text> = BTreeMap::new(),
        /// What differs by profile: sections like this file's own, under dev, staging, prod or a name of your choice.
        profiles: Overlays<Site> = Overlays::none(),
    }
}
