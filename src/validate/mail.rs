//! Outgoing mail.

use super::case::{Case, own, part};
use crate::config::fault::Build;
use crate::config::site::{Encryption, LocalAuth};
use crate::diag::{Diagnostic, codes};

/// Warns when people may register in production but get no mail: InvenioRDM lets nobody in before they have followed the
/// link in it. An error it is not, because administrators can confirm accounts on the command line.
pub fn missing(case: &Case) -> Vec<Diagnostic> {
    let open = |local: &LocalAuth| local.enabled && local.registration;
    let registration = case.site.auth.local.as_ref().is_some_and(open);
    if !case.in_production() || case.site.mail.is_some() || !registration {
        return Vec::new();
    }
    vec![
        case.warning(
            codes::NO_MAIL,
            &[part("mail"), own("auth.local.registration")],
            "people may register, but the site file names no mail server that confirms their accounts",
        )
        .because("whoever registers cannot sign in before following the link in that mail, and a forgotten password cannot be reset, unless \
             the image's own invenio.cfg sends mail")
        .help("write `mail: {host: smtp.example.org, sender: rdm@example.org}`, or `auth: {local: {registration: false}}`"),
    ]
}

/// Warns when NetworkPolicies cut off the mail server.
pub fn closed_port(case: &Case) -> Vec<Diagnostic> {
    let network = &case.site.network;
    let Some(mail) = case.site.mail.as_ref().filter(|_| network.policies) else {
        return Vec::new();
    };
    if network
        .egress
        .iter()
        .any(|egress| egress.ports.contains(&mail.port))
    {
        return Vec::new();
    }
    let port = mail.port;
    vec![
        case.warning(
            codes::MAIL_PORT_CLOSED,
            &[part("mail.host"), own("mail.port"), own("network.egress")],
            format!("NetworkPolicies let no connection out to port {port} of the mail server `{}`", mail.host),
        )
        .because("every mail would fail after a while, those that confirm accounts as well")
        .help(format!(
            "write `network: {{egress: [{{name: smtp, cidr: 192.0.2.25/32, ports: [{port}]}}]}}` with the server's address"
        )),
    ]
}

/// Refuses a password for the mail server in clear, in production; warns of it elsewhere.
pub fn password_in_clear(case: &Case) -> Vec<Diagnostic> {
    let mail = case.site.mail.as_ref();
    let clear =
        mail.is_some_and(|mail| mail.encryption == Encryption::None && mail.username.is_some());
    if !clear {
        return Vec::new();
    }
    vec![
        case.error_in_production(
            codes::MAIL_PASSWORD_IN_CLEAR,
            &[part("mail.encryption"), part("mail.username")],
            "the password for the mail server is sent without encryption",
        )
        .because("whoever can listen on the way can send mail in your name afterwards")
        .help("write `encryption: starttls`, or remove `username` if the server takes mail from the cluster without a password"),
    ]
}

/// Warns when port and encryption do not go together: servers expect one kind on each of the usual ports.
pub fn port(case: &Case) -> Vec<Diagnostic> {
    let Some(mail) = &case.site.mail else {
        return Vec::new();
    };
    let (expected, other) = match (mail.port.get(), mail.encryption) {
        (465, Encryption::StartTls | Encryption::None) => (Encryption::Tls, 587),
        (25 | 587, Encryption::Tls) => (Encryption::StartTls, 465),
        _ => return Vec::new(),
    };
    let (port, encryption) = (mail.port, mail.encryption);
    let instead = if encryption == Encryption::None {
        String::new()
    } else {
        format!(", or `port: {other}`")
    };
    vec![
        case.warning(
            codes::MAIL_PORT,
            &[part("mail.port"), part("mail.encryption")],
            format!(
                "mail servers expect the encryption `{expected}` on port {port}, not `{encryption}`"
            ),
        )
        .because("both sides would wait for the other to begin, and every mail would fail")
        .help(format!("write `encryption: {expected}`{instead}")),
    ]
}
