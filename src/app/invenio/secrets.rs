//! The secrets of InvenioRDM itself.

use crate::plan::{SecretKey, SecretSpec, Strength};
use crate::resolve::Resolved;

/// Id of the Secret with signing keys and salts.
pub const APP: &str = "app";
/// Id of the Secret with the mail server's password.
pub const MAIL: &str = "mail";

/// Signing keys and salts; and the mail server's password, where there is one.
pub fn secrets(resolved: &Resolved) -> Vec<SecretSpec> {
    let key = |key, purpose| SecretKey {
        key,
        file: Some(key),
        purpose,
        strength: Strength::Key,
    };
    let app = SecretSpec {
        id: APP,
        name: resolved.secrets.app.clone(),
        keys: vec![
            key(
                "secret-key",
                "Signs sessions and tokens; a new one signs everybody out.",
            ),
            key(
                "password-salt",
                "Part of every stored password; a new one makes all of them invalid.",
            ),
            key("jwt-secret", "Signs tokens for file access."),
            key("login-salt", "Salt of sign-in links."),
            key("confirm-salt", "Salt of links that confirm an address."),
            key("reset-salt", "Salt of links that reset a password."),
            key("change-salt", "Salt of links that change a password."),
            key(
                "remember-salt",
                "Salt of the cookie that keeps people signed in.",
            ),
            key("csrf-salt", "Salt of tokens against forged requests."),
        ],
    };
    let mail = resolved.invenio.mail.login.then(|| SecretSpec {
        id: MAIL,
        name: resolved.secrets.mail.clone(),
        keys: vec![SecretKey {
            key: "password",
            file: Some("password"),
            purpose: "Password of the site's user at the mail server.",
            strength: Strength::Given,
        }],
    });
    std::iter::once(app).chain(mail).collect()
}
