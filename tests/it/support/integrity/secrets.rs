//! X20 no secret value in the tree, X25 Secrets as such.
//!
//! Recognised as a secret value: a variable, key or option whose name ends like `password`, `secret`, `token` or a key for
//! secrets, with a literal value (no file, no call, no `$` expansion); `scheme://user:literal@host`; a private key in PEM.

use super::{Report, World};
use crate::support::kube::{entries, id, list, text};
use serde_json::Value;

const ENDINGS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "secret_key",
    "secretkey",
    "api_key",
    "apikey",
    "private_key",
    "access_key",
    "password_salt",
    "default_pass",
    "sentry_dsn",
];
/// Options that take the secret after a blank.
const DIRECTIVES: [&str; 2] = ["requirepass", "masterauth"];

pub fn check(world: &World, report: &mut Report) {
    for pod in &world.pods {
        for container in pod.containers() {
            for variable in list(container.value, "/env") {
                let (name, value) = (text(variable, "/name"), text(variable, "/value"));
                let at = format!("container {} variable {name}", container.name);
                if is_secret_name(name) && is_literal(value) {
                    report.add("X20", &pod.id, format!("{at} holds a literal secret"));
                } else {
                    in_text(&pod.id, &at, value, report);
                }
            }
            let arguments = ["/command", "/args"]
                .into_iter()
                .flat_map(|part| list(container.value, part));
            for argument in arguments.filter_map(Value::as_str) {
                in_text(
                    &pod.id,
                    &format!("container {} arguments", container.name),
                    argument,
                    report,
                );
            }
        }
    }
    for map in world.kind("ConfigMap") {
        for (key, value) in entries(map, "/data") {
            let text = value.as_str().unwrap_or("");
            let at = format!("key `{key}`");
            if is_secret_name(key) && is_literal(text) {
                report.add("X20", id(map), format!("{at} holds a literal secret"));
            }
            in_text(&id(map), &at, text, report);
        }
    }
    for secret in world.kind("Secret") {
        encoded(secret, report);
    }
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_lowercase().replace(['-', '.'], "_");
    ENDINGS.iter().any(|ending| {
        name.strip_suffix(ending).is_some_and(|rest| {
            rest.is_empty() || rest.ends_with(|c: char| !c.is_ascii_alphanumeric())
        })
    })
}

/// Whether a value is itself the secret: not empty, no path, number, constant, call or expansion.
fn is_literal(value: &str) -> bool {
    let value = value.trim().trim_end_matches([',', ';']);
    let bare = value.trim_matches(['"', '\'']);
    let constant = [
        "none", "null", "true", "false", "yes", "no", "on", "off", "~",
    ]
    .contains(&bare.to_lowercase().as_str());
    let quoted = bare.len() + 2 == value.len();
    let expression = !quoted && value.contains(['(', ')', '[', '{', '.', '|', '>', '&']);
    let number = bare.chars().all(|c| c.is_ascii_digit());
    !constant && !expression && !number && !bare.starts_with(['/', '$', '%', '{', '<', '@'])
}

fn in_text(object: &str, at: &str, text: &str, report: &mut Report) {
    if text.contains("PRIVATE KEY-----") {
        report.add("X20", object, format!("{at} holds a private key"));
    }
    for line in text.lines() {
        if let Some(name) = assigned(line) {
            report.add("X20", object, format!("{at} assigns a literal to `{name}`"));
        }
        for (start, _) in line.match_indices("://") {
            let rest = &line[start + 3..];
            let end = rest
                .find(|c: char| c == '/' || c.is_whitespace() || "\"'`".contains(c))
                .unwrap_or(rest.len());
            let password = rest[..end]
                .rsplit_once('@')
                .and_then(|(user, _)| user.split_once(':'))
                .map(|(_, password)| password);
            if password.is_some_and(|password| {
                !password.is_empty() && !password.starts_with(['$', '{', '%'])
            }) {
                report.add("X20", object, format!("{at} holds a URL with a password"));
            }
        }
    }
}

/// The secret-like name that a line assigns a literal to.
fn assigned(line: &str) -> Option<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let mut words = line.split_whitespace();
    if let (Some(first), Some(second)) = (words.next(), words.next())
        && DIRECTIVES.contains(&first)
        && is_literal(second)
    {
        return Some(first);
    }
    // ` :'name'` is how psql quotes a variable.
    let variable = |at: usize| line[..at].ends_with(' ') && line[at..].starts_with(":'");
    let assignments = line
        .match_indices(['=', ':'])
        .filter(|(at, _)| !variable(*at));
    assignments.into_iter().find_map(|(at, _)| {
        let before = line[..at].trim_end().trim_end_matches(['"', '\'']);
        let start = before
            .rfind(|c: char| !word(c))
            .map_or(0, |found| found + 1);
        let name = &before[start..];
        let value = line[at + 1..].trim_start();
        let compared = value.starts_with(['=', ':', '/']) || before.ends_with(['!', '<', '>']);
        (!compared && is_secret_name(name) && !value.is_empty() && is_literal(value))
            .then_some(name)
    })
}

fn encoded(secret: &Value, report: &mut Report) {
    let filled = ["/data", "/stringData"]
        .into_iter()
        .flat_map(|part| entries(secret, part))
        .count();
    if filled > 0 {
        report.add(
            "X20",
            id(secret),
            "a Secret with values is in the rendered tree",
        );
    }
    let mut size = 0;
    for (key, value) in entries(secret, "/data") {
        match value.as_str().and_then(decoded_length) {
            Some(length) => size += length,
            None => report.add("X25", id(secret), format!("data `{key}` is not base64")),
        }
    }
    if size > 1024 * 1024 {
        report.add(
            "X25",
            id(secret),
            format!("holds {size} bytes; at most 1048576 are possible"),
        );
    }
}

/// The number of bytes that standard, padded base64 stands for.
fn decoded_length(text: &str) -> Option<usize> {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let valid = body
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte));
    (valid && text.len().is_multiple_of(4) && padding <= 2).then(|| text.len() / 4 * 3 - padding)
}
