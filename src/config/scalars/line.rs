//! Texts of one line: environment variables, paths, free text.

use super::dns::{ENDS_IN_NUMBER, Hostname};
use super::text::{characters, length};

const QUEUE: &str = "^[A-Za-z0-9_.-]+$";
const EMAIL: &str = r"^[A-Za-z0-9._%+=~-]+@[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$";
/// No control characters and none of the line breaks that only Unicode knows.
const LINE: &str = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029]+$";

text_types! {
    /// The name of a message queue.
    QueueName { what: "the name of a queue", example: "celery", pattern: Some(QUEUE), most: 255, check: queue }

    /// An e-mail address.
    Email { what: "an e-mail address", example: "rdm@example.org", pattern: Some(EMAIL), except: ENDS_IN_NUMBER, most: 254, check: email }

    /// One line of text, not empty.
    Text { what: "a line of text", example: "Research data of the lab", pattern: Some(LINE), check: line }
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
        good::<QueueName>(&["celery", "low", "bulk_2.x-y"]);
        bad::<QueueName>(&[
            ("", "empty"),
            ("a b", "a space"),
            ("a,b", "`,`"),
            ("ä", "`ä`"),
            (&"a".repeat(256), "256"),
        ]);
        good::<Email>(&["rdm@example.org", "a.b+c=d~e_%-1@mail.example.org"]);
        bad::<Email>(&[
            ("", "empty"),
            ("rdm", "no `@`"),
            ("@example.org", "before the `@`"),
            ("a b@example.org", "a space"),
            ("Lab <a@example.org>", "a space"),
            ("a@localhost", "behind the `@`"),
            ("a@Example.org", "behind the `@`"),
            ("a@b@example.org", "`@`"),
            ("a@b.1", "number"),
            ("a@b-.org", "hyphen"),
            (&format!("{}@example.org", "a".repeat(243)), "255"),
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
