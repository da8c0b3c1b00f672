//! Container images: repository, tag and digest, as the distribution reference grammar has them.

use super::port::Port;
use super::text::{characters, length, shown};

/// One part; or several, of which the first is a registry or has no dot, see [`is_registry`].
const REPOSITORY: &str = concat!(
    r"^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*|",
    r"([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*",
    r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?",
    r"|[a-z0-9]+((_|__|-+)[a-z0-9]+)*)(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+)$"
);
const TAG: &str = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$";

text_types! {
    /// An image's registry and path, with neither tag nor digest.
    ImageRepository { what: "an image repository", example: "registry.example.org/rdm/lab", pattern: Some(REPOSITORY), most: 255, check: repository }

    /// An image's tag.
    ImageTag { what: "an image tag", example: "2026.11.0", pattern: Some(TAG), check: tag }

    /// An image's digest: `sha256:` and 64 hexadecimal digits.
    Digest {
        what: "an image digest",
        example: "sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
        pattern: Some("^sha256:[0-9a-f]{64}$"),
        check: digest
    }
}

impl ImageRepository {
    /// The registry with its port, if the reference names one: the first part, when it has a dot or a port or is `localhost`.
    pub fn registry(&self) -> Option<&str> {
        self.as_str()
            .split_once('/')
            .map(|(first, _)| first)
            .filter(|first| is_registry(first))
    }
}

fn is_registry(first: &str) -> bool {
    first.contains(['.', ':'])
        || first == "localhost"
        || first.bytes().any(|b| b.is_ascii_uppercase())
}

fn repository(text: &str) -> Result<(), String> {
    length(text, 255)?;
    if let Some((scheme, rest)) = text.split_once("://") {
        return Err(format!(
            "it begins with the scheme `{scheme}://`; write `{rest}`"
        ));
    }
    if let Some((name, digest)) = text.split_once('@') {
        return Err(format!(
            "it ends with the digest `@{digest}`, which has a key of its own; write `{name}`"
        ));
    }
    let (registry, path) = match text.split_once('/') {
        Some((first, rest)) if is_registry(first) => (Some(first), rest),
        _ => (None, text),
    };
    if let Some((name, tag)) = path.split_once(':') {
        let prefix = registry.map_or_else(String::new, |registry| format!("{registry}/"));
        return Err(format!(
            "it ends with the tag `:{tag}`, which has a key of its own; write `{prefix}{name}`"
        ));
    }
    registry.map_or(Ok(()), check_registry)?;
    path.split('/').try_for_each(component)
}

fn check_registry(registry: &str) -> Result<(), String> {
    let (host, port) = match registry.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (registry, None),
    };
    if port.is_some_and(|port| port.parse::<Port>().is_err()) {
        return Err(format!(
            "the port of the registry `{registry}` is not a number from 1 to 65535"
        ));
    }
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if host.split('.').all(label) {
        Ok(())
    } else {
        Err(format!("`{host}` is not the host name of a registry"))
    }
}

fn component(part: &str) -> Result<(), String> {
    if part.is_empty() {
        return Err("it begins or ends with `/`, or two follow each other".to_owned());
    }
    if part.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(format!(
            "its part `{part}` has capital letters; write `{}`",
            part.to_ascii_lowercase()
        ));
    }
    characters(
        part,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'),
        "only lower-case letters, digits, `.`, `_`, `-` and `/` are allowed",
    )?;
    let mut separators = part.split(|c: char| c.is_ascii_alphanumeric());
    let at_an_end = part.starts_with(['.', '_', '-']) || part.ends_with(['.', '_', '-']);
    let sound = |separator: &str| {
        matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|b| b == b'-')
    };
    if at_an_end || !separators.all(sound) {
        return Err(format!(
            "its part `{part}` has separators at an end or too many in a row"
        ));
    }
    Ok(())
}

fn tag(text: &str) -> Result<(), String> {
    length(text, 128)?;
    if text.starts_with(['.', '-']) {
        return Err(format!(
            "it begins with `{}`; a letter, a digit or `_` comes first",
            &text[..1]
        ));
    }
    characters(
        text,
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'),
        "only letters, digits, `_`, `.` and `-` are allowed",
    )
}

fn digest(text: &str) -> Result<(), String> {
    let Some(hex) = text.strip_prefix("sha256:") else {
        return Err("it does not begin with `sha256:`".to_owned());
    };
    if let Some(found) = hex.chars().find(|c| !matches!(c, '0'..='9' | 'a'..='f')) {
        return Err(format!(
            "it holds {}; only the digits 0-9 and a-f are allowed",
            shown(found)
        ));
    }
    if hex.len() == 64 {
        Ok(())
    } else {
        Err(format!(
            "it has {} digits after `sha256:`, 64 are wanted",
            hex.len()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::config::scalars::text::tests::{bad, good, keeps_to_schema};

    #[test]
    fn repositories() {
        good::<ImageRepository>(&[
            "nginx",
            "library/nginx",
            "registry.lab.example.org/rdm/lab-rdm",
            "localhost/x",
            "localhost:5000/x",
            "r:5000/a/b",
            "ghcr.io/a__b/c.d-e--f",
            "MYHOST/x",
            "10.0.0.1:5000/x",
        ]);
        bad::<ImageRepository>(&[
            ("", "empty"),
            ("nginx:1.2", "tag `:1.2`"),
            ("r:5000/a:1", "write `r:5000/a`"),
            ("a@sha256:ff", "digest"),
            ("https://r.example.org/a", "scheme"),
            ("Nginx", "capital"),
            ("r.io/a/", "ends with `/`"),
            ("/a", "begins"),
            ("a..b", "separators"),
            ("a___b", "separators"),
            ("a.-b", "separators"),
            ("-a", "separators"),
            ("a b", "a space"),
            ("r:99999/a", "port"),
            ("r:/a", "port"),
            ("r:0/a", "port"),
            ("r:0080/a", "port"),
            ("a_b.c/d", "host name"),
            ("-r.io/a", "host name"),
            ("r..io/a", "host name"),
        ]);
        assert_eq!(
            "r:5000/a/b".parse::<ImageRepository>().unwrap().registry(),
            Some("r:5000")
        );
        assert_eq!("a/b".parse::<ImageRepository>().unwrap().registry(), None);
    }

    proptest! {
        #[test]
        fn parser_and_pattern_agree(text in "[a-bB0-1._:/-]{1,12}(:6[45][0-9]{0,4}/a)?") {
            prop_assert_eq!(
                text.parse::<ImageRepository>().is_ok(),
                keeps_to_schema::<ImageRepository>(&text)
            );
        }
    }

    #[test]
    fn tags_and_digests() {
        good::<ImageTag>(&["1.10", "latest", "_x", "v1.2-rc_3", &"a".repeat(128)]);
        bad::<ImageTag>(&[
            ("", "empty"),
            (".a", "begins with `.`"),
            ("-a", "begins"),
            ("a+b", "`+`"),
            ("a:b", "`:`"),
            (&"a".repeat(129), "129"),
            ("é", "`é`"),
        ]);
        good::<Digest>(&[&format!("sha256:{}", "0a".repeat(32))]);
        bad::<Digest>(&[
            ("", "sha256:"),
            ("md5:aa", "sha256:"),
            ("sha256:ABC", "`A`"),
            ("sha256:ab", "2 digits"),
        ]);
    }
}
