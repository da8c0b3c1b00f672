//! The ConfigMaps of InvenioRDM.

use super::texts::{
    DEPLOYMENT_CFG, DeploymentCfg, INIT_SH, InitSh, NGINX_CONF, NginxConf, SETUP, SHARED,
    STATIC_SH, UWSGI_INI, UwsgiIni,
};
use super::{BODY_LIMIT_BYTES, DATA, DRAIN_SECONDS};
use crate::backing::Backings;
use crate::facts::features;
use crate::plan::{ConfigFile, ConfigMap, Gate, Par};
use crate::resolve::{Resolved, WebTier};
use crate::texts::literal::{PyBool, python_string};
use crate::texts::{Fault, Template, file};

/// Id of the ConfigMap that every pod with the application's image mounts.
pub const SHARED_ID: &str = "invenio";
/// Id of the ConfigMap with the scripts of the Jobs.
pub const SETUP_ID: &str = "setup";

/// Seconds in which an ordinary request must begin to be answered: long exports take minutes.
const REQUEST_SECONDS: u32 = 300;
/// Proxies that append to `X-Forwarded-For`: the ingress controller and the pod's own nginx.
const PROXY_HOPS: u32 = 2;

/// The settings of the application and the scripts beside them.
pub fn shared(resolved: &Resolved, backings: &Backings) -> Result<ConfigMap, Fault> {
    let mut files = vec![file(DEPLOYMENT_CFG, deployment(resolved, backings))?];
    files.extend(fixed(&SHARED)?);
    Ok(ConfigMap {
        id: SHARED_ID.into(),
        files,
    })
}

/// The scripts of the Jobs.
pub fn setup() -> Result<ConfigMap, Fault> {
    let init = InitSh {
        files_uri: DATA.into(),
    };
    let mut files = vec![file(INIT_SH, init)?];
    files.extend(fixed(&SETUP)?);
    Ok(ConfigMap {
        id: SETUP_ID.into(),
        files,
    })
}

/// nginx and uWSGI of a web tier; the tier that serves pages also gets the script that copies the static files.
pub fn web(
    resolved: &Resolved,
    id: &str,
    tier: &WebTier,
    rest_only: bool,
) -> Result<ConfigMap, Fault> {
    let invenio = &resolved.invenio;
    let nginx = NginxConf {
        drain_seconds: Par::new(DRAIN_SECONDS),
        body_limit_bytes: Par::new(BODY_LIMIT_BYTES),
        upload_limit_bytes: invenio.max_file_bytes.clone(),
        request_timeout_seconds: Par::new(REQUEST_SECONDS),
        upload_timeout_seconds: invenio.upload_seconds.clone(),
    };
    let uwsgi = UwsgiIni {
        rest_only,
        processes: tier.processes.clone(),
        threads: tier.threads.clone(),
        worker_memory_mib: tier.process_memory_mib.clone(),
        drain_seconds: Par::new(DRAIN_SECONDS),
    };
    let mut files = vec![file(NGINX_CONF, nginx)?, file(UWSGI_INI, uwsgi)?];
    if !rest_only {
        files.push(file(STATIC_SH, ())?);
    }
    Ok(ConfigMap {
        id: id.into(),
        files,
    })
}

fn fixed(templates: &[Template]) -> Result<Vec<ConfigFile>, Fault> {
    templates
        .iter()
        .map(|template| file(*template, ()))
        .collect()
}

fn deployment(resolved: &Resolved, backings: &Backings) -> DeploymentCfg {
    let invenio = &resolved.invenio;
    let features = features(invenio.version);
    let literal = |text: &str| Par::from(python_string(text));
    let (postgresql, redis) = (&backings.postgresql, &backings.redis);
    let (rabbitmq, opensearch) = (&backings.rabbitmq, &backings.opensearch);
    let mail = &invenio.mail;
    DeploymentCfg {
        has_trusted_hosts: features.trusted_hosts,
        has_record_limits: features.record_limits,
        has_jobs: features.jobs,
        has_utc_connections: features.utc_connections,

        postgresql_user: literal(postgresql.user),
        postgresql_host: postgresql.backing.endpoint.host.clone(),
        postgresql_port: postgresql.backing.endpoint.port,
        postgresql_database: literal(postgresql.space),
        pool_size: invenio.pool_size.clone(),
        pool_overflow: invenio.pool_overflow.clone(),

        redis_host: redis.endpoint.host.clone(),
        redis_port: redis.endpoint.port,

        rabbitmq_user: literal(rabbitmq.user),
        rabbitmq_host: rabbitmq.backing.endpoint.host.clone(),
        rabbitmq_port: rabbitmq.backing.endpoint.port,
        rabbitmq_vhost: literal(rabbitmq.space),

        opensearch_host: opensearch.endpoint.host.clone(),
        opensearch_port: opensearch.endpoint.port,
        search_prefix: invenio.search_prefix.clone(),

        domain: invenio.domain.clone(),
        site_url: invenio.public_url.clone(),
        site_scheme: invenio.scheme.clone(),
        https: PyBool(invenio.https),
        // Other hosts below the site's domain are none of its business.
        hsts_subdomains: PyBool(Gate::new(false)),
        proxy_hops: Par::new(PROXY_HOPS),

        has_title: invenio.has_title,
        title: invenio.title.clone(),
        has_timezone: invenio.has_timezone,
        timezone: invenio.timezone.clone(),
        has_admin_email: invenio.has_admin_email,
        admin_email: invenio.admin_email.clone(),

        has_local: invenio.has_local,
        local_login: PyBool(invenio.local_login),
        local_registration: PyBool(invenio.registration),

        body_limit_bytes: Par::new(BODY_LIMIT_BYTES),
        file_limit_bytes: invenio.max_file_bytes.clone(),
        quota_bytes: invenio.quota_bytes.clone(),
        max_files: invenio.max_files.clone(),

        has_mail: mail.enabled,
        mail_host: mail.host.clone(),
        mail_port: mail.port.clone(),
        mail_starttls: PyBool(mail.starttls),
        mail_tls: PyBool(mail.tls),
        mail_sender: mail.sender.clone(),
        has_mail_login: mail.login,
        mail_user: mail.user.clone(),

        rehearsal: invenio.rehearsal,
        rehearsal_with_crossref: invenio.rehearsal_with_crossref,
        oai_prefix: invenio.oai_prefix.clone(),
        log_level: invenio.log_level.clone(),
    }
}
