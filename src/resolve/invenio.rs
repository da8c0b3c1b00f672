//! Settings of InvenioRDM, as its configuration text takes them.

use super::exposure::{is_https, public_url};
use crate::config::site::{Encryption, Environment, InvenioVersion, Site};
use crate::facts::features;
use crate::plan::{Gate, Par};
use crate::texts::literal::python_string;

/// Major version of InvenioRDM.
pub type Version = InvenioVersion;

/// Settings of InvenioRDM.
#[derive(Clone, Debug)]
pub struct Invenio {
    /// Major version in the image; decides which processes run and which keys exist, and is no parameter.
    pub version: Version,
    /// Public host name.
    pub domain: Par<String>,
    /// Public address without a path.
    pub public_url: Par<String>,
    /// `http` or `https`.
    pub scheme: Par<String>,
    /// Whether the site is served over HTTPS.
    pub https: Gate,
    /// Whether the repository's name is given.
    pub has_title: Gate,
    /// The repository's name as a Python string literal.
    pub title: Par<String>,
    /// Whether an administrator's address is known.
    pub has_admin_email: Gate,
    /// That address as a Python string literal.
    pub admin_email: Par<String>,
    /// Time zone as a Python string literal.
    pub timezone: Par<String>,
    /// Whether a time zone is given.
    pub has_timezone: Gate,
    /// Prefix of all search indices as a Python string literal.
    pub search_prefix: Par<String>,
    /// Prefix of all OAI identifiers as a Python string literal.
    pub oai_prefix: Par<String>,
    /// Outgoing mail.
    pub mail: Mail,
    /// Least severe messages that are logged.
    pub log_level: Par<String>,
    /// Connections that each process keeps to PostgreSQL.
    pub pool_size: Par<u32>,
    /// Connections beyond these.
    pub pool_overflow: Par<u32>,
    /// Largest file, in bytes.
    pub max_file_bytes: Par<u64>,
    /// Largest record, in bytes.
    pub quota_bytes: Par<u64>,
    /// Most files of a record.
    pub max_files: Par<u32>,
    /// Longest upload, in seconds.
    pub upload_seconds: Par<u64>,
    /// Whether the site is no production site, so that identifiers made on it are trials.
    pub rehearsal: Gate,
    /// The same, where the version also knows Crossref.
    pub rehearsal_with_crossref: Gate,
    /// Whether the site file decides about local passwords.
    pub has_local: Gate,
    /// Whether local passwords are accepted.
    pub local_login: Gate,
    /// Whether people may register.
    pub registration: Gate,
}

/// Outgoing mail. When there is none, the other values are empty and not used.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Whether mail is sent.
    pub enabled: Gate,
    /// Host name of the mail server.
    pub host: Par<String>,
    /// Its port.
    pub port: Par<u16>,
    /// Whether the connection changes to TLS.
    pub starttls: Gate,
    /// Whether the connection is TLS from its first byte.
    pub tls: Gate,
    /// The sender as a Python string literal.
    pub sender: Par<String>,
    /// Whether the server wants a user and a password.
    pub login: Gate,
    /// The user as a Python string literal.
    pub user: Par<String>,
}

/// The settings.
pub fn invenio(site: &Site) -> Invenio {
    let settings = &site.invenio;
    let local = site.auth.local.as_ref();
    let rehearsal = site.environment != Environment::Production;
    Invenio {
        version: settings.version,
        domain: site.domain.to_string().into(),
        public_url: public_url(site).into(),
        scheme: if is_https(site) { "https" } else { "http" }.into(),
        https: Gate::new(is_https(site)),
        has_title: Gate::new(settings.site_name.is_some()),
        title: optional(settings.site_name.as_ref()),
        has_admin_email: Gate::new(settings.admin_email.is_some()),
        admin_email: optional(settings.admin_email.as_ref()),
        has_timezone: Gate::new(settings.timezone.is_some()),
        timezone: optional(settings.timezone.as_ref()),
        search_prefix: python_string(&format!("{}-", site.name)).into(),
        oai_prefix: python_string(&format!("oai:{}:", site.domain)).into(),
        mail: mail(site),
        log_level: settings.log_level.to_string().into(),
        pool_size: Par::new(settings.database_pool.size.get()),
        pool_overflow: Par::new(settings.database_pool.max_overflow.get()),
        max_file_bytes: Par::new(settings.uploads.max_file_size.bytes()),
        quota_bytes: Par::new(settings.uploads.record_quota.bytes()),
        max_files: Par::new(settings.uploads.max_files.get()),
        upload_seconds: Par::new(settings.uploads.timeout.seconds()),
        rehearsal: Gate::new(rehearsal),
        rehearsal_with_crossref: Gate::new(rehearsal && features(settings.version).crossref),
        has_local: Gate::new(local.is_some()),
        local_login: Gate::new(local.is_some_and(|local| local.enabled)),
        registration: Gate::new(local.is_some_and(|local| local.enabled && local.registration)),
    }
}

fn mail(site: &Site) -> Mail {
    let mail = site.mail.as_ref();
    let encryption = mail.map(|mail| mail.encryption);
    Mail {
        enabled: Gate::new(mail.is_some()),
        host: mail
            .map_or_else(String::new, |mail| mail.host.to_string())
            .into(),
        port: Par::new(mail.map_or(0, |mail| mail.port.get())),
        starttls: Gate::new(encryption == Some(Encryption::StartTls)),
        tls: Gate::new(encryption == Some(Encryption::Tls)),
        sender: optional(mail.map(|mail| &mail.sender)),
        login: Gate::new(mail.is_some_and(|mail| mail.username.is_some())),
        user: optional(mail.and_then(|mail| mail.username.as_ref())),
    }
}

fn optional(text: Option<&impl ToString>) -> Par<String> {
    python_string(&text.map_or_else(String::new, ToString::to_string)).into()
}
