//! Outgoing mail.

use crate::config::decode::literal;
use crate::config::scalars::{Email, Hostname, Port, Text};

section! {
    /// Outgoing mail; as in the image's own settings if not set. Without any, no account can be confirmed and no password reset.
    pub struct Mail {
        /// Host name of the mail server.
        host: Hostname,
        /// Port of the mail server.
        port: Port = literal("587"),
        /// How the connection is encrypted.
        encryption: Encryption = Encryption::StartTls,
        /// Address that mail comes from.
        sender: Email,
        /// User at the mail server; its password is the key `password` of the Secret `<name>-mail`.
        username: Option<Text> = None,
    }
}

choice! {
    /// How a connection is encrypted.
    pub enum Encryption {
        /// Not at all.
        None = "none",
        /// Begins in clear and changes to TLS, usual on port 587.
        StartTls = "starttls",
        /// TLS from the first byte, usual on port 465.
        Tls = "tls",
    }
}
