//! Names of the Secrets that the site reads.

use crate::config::scalars::SecretName;

section! {
    /// The Secrets that the site reads; invgen never renders their values.
    pub struct Secrets {
        /// Names of existing Secrets, in place of `<name>-app`, `<name>-postgresql` and so on.
        names: SecretNames,
    }
}

section! {
    /// Names of existing Secrets; `invgen secrets --list` shows the keys that each must have.
    pub struct SecretNames {
        /// Signing keys and salts of the application.
        app: Option<SecretName> = None,
        /// The application's password for PostgreSQL.
        postgresql: Option<SecretName> = None,
        /// The password for Redis.
        redis: Option<SecretName> = None,
        /// The password for RabbitMQ.
        rabbitmq: Option<SecretName> = None,
        /// The password for the mail server.
        mail: Option<SecretName> = None,
    }
}
