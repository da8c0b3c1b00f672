//! Labels and annotations of Kubernetes objects.

use super::text::{characters, length};

const VALUE: &str = r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$";
const KEY: &str = r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$";
/// A prefix that is longer than a DNS subdomain may be.
const LONG_PREFIX: &str = "^[^/]{254}";

text_types! {
    /// The key of a label or annotation: a name of at most 63 characters, with a DNS subdomain and `/` before it if need be.
    LabelKey { what: "the key of a label", example: "example.org/team", pattern: Some(KEY), except: LONG_PREFIX, check: key }

    /// The value of a label: at most 63 letters, digits and inner `_`, `.`, `-`; it may be empty.
    LabelValue { what: "the value of a label", example: "library", pattern: Some(VALUE), check: value }
}

fn key(text: &str) -> Result<(), String> {
    match text.split_once('/') {
        None => name(text),
        Some((prefix, rest)) => {
            prefix.parse::<super::ObjectName>().map_err(|fault| {
                format!("its prefix `{prefix}` is not a DNS subdomain: {fault}")
            })?;
            name(rest)
        }
    }
}

fn value(text: &str) -> Result<(), String> {
    if text.is_empty() { Ok(()) } else { name(text) }
}

fn name(text: &str) -> Result<(), String> {
    length(text, 63)?;
    characters(
        text,
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'),
        "only letters, digits, `_`, `.` and `-` are allowed",
    )?;
    let ends = |c: char| c.is_ascii_alphanumeric();
    if text.starts_with(ends) && text.ends_with(ends) {
        Ok(())
    } else {
        Err("letters or digits stand at both ends".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scalars::text::tests::{bad, good};

    #[test]
    fn keys_and_values() {
        good::<LabelKey>(&[
            "a",
            "app.kubernetes.io/name",
            "Team_1",
            "x/y",
            &format!("a.b/{}", "k".repeat(63)),
            &format!("{}a/{}", "a.".repeat(126), "k".repeat(63)),
        ]);
        bad::<LabelKey>(&[
            ("", "empty"),
            ("a/b/c", "`/`"),
            ("/a", "prefix"),
            ("A.b/c", "capital"),
            ("a/", "empty"),
            ("-a", "both ends"),
            (&"k".repeat(64), "64"),
            (&format!("a.{}/b", "b".repeat(64)), "64"),
            (&format!("{}/b", "a.".repeat(127)), "254"),
            (&format!("{}a/b", "a.".repeat(127)), "255"),
            ("a b", "a space"),
        ]);
        good::<LabelValue>(&["", "a", "A_b.c-d", &"v".repeat(63)]);
        bad::<LabelValue>(&[
            ("a/b", "`/`"),
            ("a-", "both ends"),
            (&"v".repeat(64), "64"),
            ("é", "`é`"),
        ]);
    }
}
