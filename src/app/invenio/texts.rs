//! The texts of InvenioRDM's ConfigMaps, and the values that each of them takes.
//!
//! Values are final: sums, defaults and choices are made before. Plain strings go into the texts as they are and must be host
//! names, paths or words; what people may write freely arrives as a
//! Python string literal, quotes included.

use serde::Serialize;

use crate::plan::{Gate, Par};
use crate::texts::literal::PyBool;
use crate::texts::{Template, template};

/// Takes [`NginxConf`].
pub const NGINX_CONF: Template = template!("invenio-rdm" / "nginx.conf");
/// Takes [`UwsgiIni`].
pub const UWSGI_INI: Template = template!("invenio-rdm" / "uwsgi.ini");
/// Takes [`DeploymentCfg`].
pub const DEPLOYMENT_CFG: Template = template!("invenio-rdm" / "deployment.cfg");
/// Takes [`InitSh`].
pub const INIT_SH: Template = template!("invenio-rdm" / "init.sh");
/// Copies static files to where nginx serves them; the same for every site.
pub const STATIC_SH: Template = template!("invenio-rdm" / "static.sh");

/// Scripts beside `deployment.cfg` in every pod; the same for every site.
pub const SHARED: [Template; 2] = [
    template!("invenio-rdm" / "compose.sh"),
    template!("invenio-rdm" / "probe.py"),
];

/// Scripts beside `init.sh` in the Jobs; the same for every site. They expect `deployment.cfg` in the same folder.
pub const SETUP: [Template; 6] = [
    template!("invenio-rdm" / "indices.py"),
    template!("invenio-rdm" / "pages.py"),
    template!("invenio-rdm" / "roles.py"),
    template!("invenio-rdm" / "state.py"),
    template!("invenio-rdm" / "upgrade.sh"),
    template!("invenio-rdm" / "vocabularies.py"),
];

/// `nginx.conf`, for the web pods and, where it is split off, the API's.
#[derive(Clone, Debug, Serialize)]
pub struct NginxConf {
    /// Seconds that requests under way may still take when the pod ends; a little below its termination grace period.
    pub drain_seconds: Par<u32>,
    /// Bytes of the largest request that is not a file; equals [`DeploymentCfg::body_limit_bytes`].
    pub body_limit_bytes: Par<u64>,
    /// Bytes of the largest file; equals [`DeploymentCfg::file_limit_bytes`].
    pub upload_limit_bytes: Par<u64>,
    /// Seconds without a byte from the application, on ordinary requests.
    pub request_timeout_seconds: Par<u32>,
    /// Seconds without a byte from or to the application, while a file arrives.
    pub upload_timeout_seconds: Par<u64>,
}

/// `uwsgi.ini`.
#[derive(Clone, Debug, Serialize)]
pub struct UwsgiIni {
    /// The REST API alone, at `/api`, instead of the whole application.
    pub rest_only: bool,
    /// Worker processes.
    pub processes: Par<u32>,
    /// Threads of each process.
    pub threads: Par<u32>,
    /// MiB of resident memory above which a process is renewed after its request. Processes times this, and some 300 MiB for
    /// the master, belong within the container's limit.
    pub worker_memory_mib: Par<u64>,
    /// Seconds that requests under way may still take when the pod ends; equals [`NginxConf::drain_seconds`].
    pub drain_seconds: Par<u32>,
}

/// `init.sh`.
#[derive(Clone, Debug, Serialize)]
pub struct InitSh {
    /// Where files are kept: a folder in the containers, or `s3://bucket`.
    pub files_uri: Par<String>,
}

/// `deployment.cfg`, which every pod with InvenioRDM's image has.
#[derive(Clone, Debug, Serialize)]
#[allow(clippy::struct_excessive_bools)]
pub struct DeploymentCfg {
    /// InvenioRDM calls its list of hosts TRUSTED_HOSTS (from 13), not APP_ALLOWED_HOSTS.
    pub has_trusted_hosts: bool,
    /// Records have limits of their own, apart from other files (from 13).
    pub has_record_limits: bool,
    /// There are jobs, with a log (from 13).
    pub has_jobs: bool,
    /// Database connections use UTC (from 14).
    pub has_utc_connections: bool,

    /// User of the application's database.
    pub postgresql_user: Par<String>,
    /// Host name.
    pub postgresql_host: Par<String>,
    /// Port.
    pub postgresql_port: u16,
    /// Name of the database.
    pub postgresql_database: Par<String>,
    /// Connections that each process keeps.
    pub pool_size: Par<u32>,
    /// Connections that each process may open beyond those, for a while.
    pub pool_overflow: Par<u32>,

    /// Host name.
    pub redis_host: Par<String>,
    /// Port.
    pub redis_port: u16,

    /// User.
    pub rabbitmq_user: Par<String>,
    /// Host name.
    pub rabbitmq_host: Par<String>,
    /// Port for AMQP.
    pub rabbitmq_port: u16,
    /// Virtual host, `/` unless the broker is shared.
    pub rabbitmq_vhost: Par<String>,

    /// Host name.
    pub opensearch_host: Par<String>,
    /// Port for HTTP.
    pub opensearch_port: u16,
    /// Begins the name of every index, with its separator: `lab-`. Not to be changed later.
    pub search_prefix: Par<String>,

    /// Host name of the site.
    pub domain: Par<String>,
    /// `https://` or `http://`, the domain, and a port where it is not the usual one; no slash at the end.
    pub site_url: Par<String>,
    /// `https` or `http`.
    pub site_scheme: Par<String>,
    /// Visitors come by https.
    pub https: PyBool,
    /// Browsers shall insist on https for the domain's subdomains too.
    pub hsts_subdomains: PyBool,
    /// Proxies that append to X-Forwarded-For, the pod's nginx included: 2 behind an ingress.
    pub proxy_hops: Par<u32>,

    /// The site's name for people.
    pub title: Par<String>,
    /// [`DeploymentCfg::title`] is set.
    pub has_title: Gate,
    /// Time zone of dates on pages.
    pub timezone: Par<String>,
    /// [`DeploymentCfg::timezone`] is set.
    pub has_timezone: Gate,
    /// [`DeploymentCfg::admin_email`] is set.
    pub has_admin_email: Gate,
    /// Gets notices from the application and is named to OAI-PMH harvesters.
    pub admin_email: Par<String>,

    /// The deployment, not the image, decides about accounts with a password of this site.
    pub has_local: Gate,
    /// Accounts with a password of this site may sign in.
    pub local_login: PyBool,
    /// Anyone may make such an account.
    pub local_registration: PyBool,

    /// Bytes of the largest request that is not a file.
    pub body_limit_bytes: Par<u64>,
    /// Bytes of the largest file.
    pub file_limit_bytes: Par<u64>,
    /// Bytes of all files of a record.
    pub quota_bytes: Par<u64>,
    /// Files of a record.
    pub max_files: Par<u32>,

    /// Mail is sent; when not, the fields that begin with `mail_` are not used.
    pub has_mail: Gate,
    /// Host name of the mail server.
    pub mail_host: Par<String>,
    /// Its port.
    pub mail_port: Par<u16>,
    /// Begin in clear and change to TLS (port 587).
    pub mail_starttls: PyBool,
    /// TLS from the first byte (port 465).
    pub mail_tls: PyBool,
    /// Address of the sender.
    pub mail_sender: Par<String>,
    /// The server wants a user and the secret `mail/password`; needs [`DeploymentCfg::has_mail`].
    pub has_mail_login: Gate,
    /// User at the mail server.
    pub mail_user: Par<String>,

    /// Identifiers made on this site are trials.
    pub rehearsal: Gate,
    /// The same, in a version that knows Crossref.
    pub rehearsal_with_crossref: Gate,
    /// `oai:` and a name and `:`, such as `oai:data.lab.example.org:`. Not to be changed later.
    pub oai_prefix: Par<String>,
    /// `DEBUG`, `INFO`, `WARNING` or `ERROR`.
    pub log_level: Par<String>,
}
