//! Settings of InvenioRDM, as its configuration text takes them.

use super::exposure::Public;
use crate::config::site::{Encryption, Environment, InvenioVersion, Site};
use crate::facts::features;
use crate::params::{Formula, Optional, Scope, Term, all, text};
use crate::plan::{Gate, Par};

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
pub fn invenio(scope: &Scope, site: &Site, name: &Term<String>, public: &Public) -> Invenio {
    let settings = &site.invenio;
    let features = features(settings.version);
    let environment = scope.text("environment", &site.environment);
    let rehearsal = scope.define(
        "rehearsal",
        "Whether this is no production site, so that identifiers made on it are trials.",
        Formula::from(&environment).is_not(Environment::Production.as_str()),
    );
    let own = scope.at("invenio");
    let title = own.optional("siteName", settings.site_name.as_ref());
    let admin_email = own.optional("adminEmail", settings.admin_email.as_ref());
    let timezone = own.optional("timezone", settings.timezone.as_ref());
    let search_prefix = scope.define(
        "searchPrefix",
        "Prefix of all search indices, as a Python literal. It must not change once there are records.",
        text([name.into(), "-".into()]).python(),
    );
    let oai_prefix = scope.define(
        "oaiPrefix",
        "Prefix of all OAI identifiers, as a Python literal.",
        text(["oai:".into(), (&public.domain).into(), ":".into()]).python(),
    );
    let pool = own.at("databasePool");
    let uploads = own.at("uploads");
    let sizes = &settings.uploads;
    let bytes = |key, docs, quantity: Term<String>| {
        uploads
            .define(key, docs, Formula::from(&quantity).bytes())
            .par()
    };
    let (has_local, local_login, registration) = local(scope, site);
    Invenio {
        version: settings.version,
        domain: public.domain.par(),
        public_url: public.url.par(),
        scheme: public.scheme.par(),
        https: public.https.gate(),
        has_title: title.given.gate(),
        title: literal(&own, "siteNameLiteral", &title),
        has_admin_email: admin_email.given.gate(),
        admin_email: literal(&own, "adminEmailLiteral", &admin_email),
        has_timezone: timezone.given.gate(),
        timezone: literal(&own, "timezoneLiteral", &timezone),
        search_prefix: search_prefix.par(),
        oai_prefix: oai_prefix.par(),
        mail: mail(scope, site),
        log_level: own.text("logLevel", &settings.log_level).par(),
        pool_size: pool.whole("size", &settings.database_pool.size).par(),
        pool_overflow: pool
            .whole("maxOverflow", &settings.database_pool.max_overflow)
            .par(),
        max_file_bytes: bytes(
            "maxFileBytes",
            "The largest file in bytes.",
            uploads.quantity("maxFileSize", &sizes.max_file_size),
        ),
        quota_bytes: bytes(
            "recordQuotaBytes",
            "The largest record in bytes.",
            uploads.quantity("recordQuota", &sizes.record_quota),
        ),
        max_files: uploads.whole("maxFiles", &sizes.max_files).par(),
        upload_seconds: uploads
            .seconds(
                "timeoutSeconds",
                Some(&sizes.timeout),
                "Longest time that one upload may take, in seconds.",
            )
            .par(),
        rehearsal: rehearsal.gate(),
        rehearsal_with_crossref: Gate::new(features.crossref && rehearsal.gate().is_on()),
        has_local,
        local_login,
        registration,
    }
}

/// Whether the deployment decides about local passwords, whether they are accepted, and whether people may register.
fn local(scope: &Scope, site: &Site) -> (Gate, Gate, Gate) {
    let scope = scope.at("auth").at("local");
    let local = site.auth.local.as_ref();
    let managed = scope.toggle(
        "managed",
        local.is_some(),
        "Whether the two below are decided here; if not, they are as in the image's own settings.",
    );
    let scope = scope.when(&managed);
    let enabled = scope.switch_of("enabled", local.map(|local| local.enabled));
    let registration = scope.switch_of("registration", local.map(|local| local.registration));
    let registrable = scope.define(
        "registrable",
        "Whether people may register: only where they can sign in.",
        all([(&enabled).into(), (&registration).into()]),
    );
    (managed.gate(), enabled.gate(), registrable.gate())
}

fn mail(scope: &Scope, site: &Site) -> Mail {
    let scope = scope.at("mail");
    let mail = site.mail.as_ref();
    let enabled = scope.toggle(
        "enabled",
        mail.is_some(),
        "Whether the settings below are used; if not, mail is as in the image's own settings.",
    );
    let scope = scope.when(&enabled);
    let encryption = scope.text_of("encryption", mail.map(|mail| &mail.encryption));
    let is = |key, docs, word: Encryption| {
        let formula = Formula::from(&encryption).is(word.as_str());
        scope.define(key, docs, formula).gate()
    };
    let sender = scope.text_of("sender", mail.map(|mail| &mail.sender));
    let user = scope.optional("username", mail.and_then(|mail| mail.username.as_ref()));
    let login = scope.define(
        "login",
        "Whether the mail server wants a user and a password.",
        all([(&enabled).into(), (&user.given).into()]),
    );
    Mail {
        enabled: enabled.gate(),
        host: scope.text_of("host", mail.map(|mail| &mail.host)).par(),
        port: scope.whole_of("port", mail.map(|mail| &mail.port)).par(),
        starttls: is(
            "starttls",
            "Whether the connection changes to TLS.",
            Encryption::StartTls,
        ),
        tls: is(
            "tls",
            "Whether the connection is TLS from its first byte.",
            Encryption::Tls,
        ),
        sender: scope
            .define(
                "senderLiteral",
                "The sender as a Python literal.",
                Formula::from(&sender).python(),
            )
            .par(),
        login: login.gate(),
        user: literal(&scope, "usernameLiteral", &user),
    }
}

fn literal(scope: &Scope, key: &str, text: &Optional) -> Par<String> {
    scope
        .define(
            key,
            "The same as a Python literal.",
            text.formula().python(),
        )
        .par()
}
