//! Texts of one line: environment variables, paths, free text.

use super::dns::Hostname;
use super::text::{characters, length};

const NAME: &str = "^[A-Za-z_][A-Za-z0-9_]*$";
const PATH: &str = r"^/.*$";
const QUEUE: &str = "^[A-Za-z0-9_.-]+$";
const EMAIL: &str = r"^[A-Za-z0-9._%+=~-]+@[a-z0-9.-]+$";
/// No control characters and none of the line breaks that only Unicode knows.
const LINE: &str = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029]+$";

text_types! {
    /// The name of an environment variable.
    EnvName { what: "the name of an environment variable", example: "INVENIO_THEME", pattern: Some(NAME), check: env_name }

    /// An absolute path inside a container, with no `..`, no double and no final slash.
    AbsolutePath { what: "an absolute path", example: "/var/instance/data", pattern: Some(PATH), check: path }

    /// The name of a message queue.
    QueueName { what: "the name of a queue", example: "celery", pattern: Some(QUEUE), check: queue }

    /// An e-mail address.
    Email { what: "an e-mail address", example: "rdm@example.org", pattern: Some(EMAIL), check: email }

    /// One line of text, not empty.
    Text { what: "a line of text", example: "Research data of the lab", pattern: Some(LINE), check: line }
}

fn env_name(text: &str) -> Result<(), String> {
    length(text, 253)?;
    characters(
        text,
        |c| c.is_ascii_alphanumeric() || c == '_',
        "only letters, digits and `_` are allowed",
    )?;
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("it begins with a digit".to_owned());
    }
    Ok(())
}

fn queue(text: &str) -> Result<(), String> {
    length(text, 255)?;
    characters(
        text,
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'),
        "only letters, digits, `_`, `.` and `-` are allowed",
    )
}

fn email(text: &str) -> Result<(), String> {
    length(text, 254)?;
    let Some((user, host)) = text.rsplit_once('@') else {
        return Err("it has no `@`".to_owned());
    };
    if user.is_empty() {
        return Err("nothing stands before the `@`".to_owned());
    }
    characters(
        user,
        |c| c.is_ascii_alphanumeric() || "._%+=~-".contains(c),
        "before the `@` only letters, digits and `.`, `_`, `%`, `+`, `=`, `~`, `-` are allowed",
    )?;
    host.parse::<Hostname>()
        .map(|_| ())
        .map_err(|fault| format!("behind the `@`: {fault}"))
}

fn path(text: &str) -> Result<(), String> {
    length(text, 4096)?;
    line(text)?;
    if !text.starts_with('/') {
        return Err(format!("it does not begin with `/`; write `/{text}`"));
    }
    if text.contains(':') {
        return Err("it holds `:`, which Kubernetes refuses in mount paths".to_owned());
    }
    if text == "/" {
        return Ok(());
    }
    for part in text[1..].split('/') {
        match part {
            "" => return Err("it has a slash at its end or two in a row".to_owned()),
            "." | ".." => {
                return Err(format!(
                    "it holds the part `{part}`; write the path that is meant"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn line(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let breaks = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    if text.contains(breaks) {
        return Err("it has a line break; write it in one line".to_owned());
    }
    characters(
        text,
        |c| !c.is_control(),
        "control characters are not allowed",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scalars::text::tests::{bad, good};

    #[test]
    fn lines() {
        good::<EnvName>(&["A", "_x1", "invenio_THEME"]);
        bad::<EnvName>(&[
            ("", "empty"),
            ("1A", "digit"),
            ("A-B", "`-`"),
            ("Ä", "`Ä`"),
            ("A B", "a space"),
        ]);
        good::<AbsolutePath>(&["/", "/a", "/var/data-1/x.y"]);
        bad::<AbsolutePath>(&[
            ("", "empty"),
            ("a", "`/a`"),
            ("/a/", "slash"),
            ("//a", "slash"),
            ("/a/../b", "`..`"),
            ("/./a", "`.`"),
            ("/a:b", "`:`"),
            ("/a\nb", "line break"),
        ]);
        good::<Text>(&["a", "Ünïcode → ok", " spaced "]);
        bad::<Text>(&[
            ("", "empty"),
            ("a\nb", "line break"),
            ("a\u{85}b", "line break"),
            ("a\u{2028}", "line break"),
            ("a\u{2029}", "line break"),
            ("\t", "U+0009"),
            ("\u{7f}", "U+007F"),
        ]);
    }
}
