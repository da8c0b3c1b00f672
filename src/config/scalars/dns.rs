//! Names that DNS or Kubernetes' own naming rules govern.

use super::text::{characters, length};

/// One label of a DNS name, and the pattern that goes with it.
const LABEL: &str = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
const SUBDOMAIN: &str =
    r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$";
const HOSTNAME: &str =
    r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$";
/// A host name whose last part is a number would be read as an IP address.
pub(super) const ENDS_IN_NUMBER: &str = r"\.[0-9]+$";
/// Longest name with dots.
const LONGEST: usize = 253;

text_types! {
    /// A DNS label: at most 63 lower-case letters, digits and inner hyphens.
    DnsLabel { what: "a DNS label", example: "my-lab", pattern: Some(LABEL), check: label }

    /// A fully qualified host name in lower case, with no scheme, port, path or final dot.
    Hostname { what: "a host name", example: "data.lab.example.org", pattern: Some(HOSTNAME), except: ENDS_IN_NUMBER, most: LONGEST, check: hostname }

    /// The name of a Kubernetes object: a DNS subdomain in lower case.
    ObjectName { what: "the name of a Kubernetes object", example: "lab-settings", pattern: Some(SUBDOMAIN), most: LONGEST, check: subdomain }

    /// The name of a Kubernetes Secret in the site's namespace.
    SecretName { what: "the name of a Secret", example: "lab-tls", pattern: Some(SUBDOMAIN), most: LONGEST, check: subdomain }

    /// The name of a StorageClass of the cluster.
    StorageClassName { what: "the name of a storage class", example: "ceph-rbd", pattern: Some(SUBDOMAIN), most: LONGEST, check: subdomain }
}

fn label(text: &str) -> Result<(), String> {
    const WHICH: &str = "only lower-case letters, digits and hyphens are allowed";
    length(text, 63)?;
    if let Some(upper) = text.chars().find(char::is_ascii_uppercase) {
        let lower = text.to_ascii_lowercase();
        let instead =
            label(&lower).map_or_else(|_| String::new(), |()| format!("; write `{lower}`"));
        return Err(format!("it holds the capital letter `{upper}`{instead}"));
    }
    characters(
        text,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
        WHICH,
    )?;
    if text.starts_with('-') || text.ends_with('-') {
        return Err(
            "it begins or ends with a hyphen; letters or digits stand at both ends".to_owned(),
        );
    }
    Ok(())
}

fn labels(text: &str) -> Result<(), String> {
    if text.ends_with('.') {
        return Err(format!(
            "it ends with a dot; write `{}`",
            text.trim_end_matches('.')
        ));
    }
    for part in text.split('.') {
        if part.is_empty() {
            return Err("two dots follow each other, or it begins with one".to_owned());
        }
        label(part).map_err(|fault| {
            if part == text {
                return fault;
            }
            let fault = fault.split("; write ").next().unwrap_or_default();
            let lower = text.to_ascii_lowercase();
            let instead = if lower != text && labels(&lower).is_ok() {
                format!("; write `{lower}`")
            } else {
                String::new()
            };
            format!("of `{part}` in it: {fault}{instead}")
        })?;
    }
    Ok(())
}

fn subdomain(text: &str) -> Result<(), String> {
    length(text, LONGEST)?;
    labels(text)
}

fn hostname(text: &str) -> Result<(), String> {
    length(text, LONGEST)?;
    if let Some((scheme, rest)) = text.split_once("://") {
        let host = rest.split(['/', ':']).next().unwrap_or(rest);
        return Err(format!(
            "it begins with the scheme `{scheme}://`; write the host name alone: `{host}`"
        ));
    }
    if let Some((host, path)) = text.split_once('/') {
        return Err(format!(
            "it has the path `/{path}`; write the host name alone: `{host}`"
        ));
    }
    if text.parse::<std::net::IpAddr>().is_ok() {
        return Err("it is an IP address; certificates and links need a name".to_owned());
    }
    if let Some((host, port)) = text.split_once(':') {
        return Err(format!(
            "it has the port `:{port}`; write the host name alone: `{host}`"
        ));
    }
    if text.starts_with("*.") {
        return Err("it is a wildcard; write one full name".to_owned());
    }
    labels(text)?;
    if !text.contains('.') {
        return Err("it has no dot; a fully qualified name has at least two parts".to_owned());
    }
    let last = text.rsplit('.').next().unwrap_or(text);
    if last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!(
            "it ends in the number `{last}`, so that it would be read as an IP address"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::config::scalars::text::tests::{bad, good, keeps_to_schema};

    #[test]
    fn labels_and_names() {
        let longest = "a".repeat(63);
        good::<DnsLabel>(&["a", "0", "my-lab", "a--b", &longest]);
        bad::<DnsLabel>(&[
            ("", "empty"),
            ("Lab", "write `lab`"),
            ("Lab_1", "capital"),
            ("x_y", "`_`"),
            ("a.b", "`.`"),
            ("-a", "hyphen"),
            ("a-", "hyphen"),
            ("é", "`é`"),
            ("a b", "a space"),
            (&"a".repeat(64), "64"),
        ]);
        good::<ObjectName>(&["a", "a.b-c.d0"]);
        good::<SecretName>(&["lab-tls"]);
        good::<StorageClassName>(&["ceph-rbd", "standard"]);
        bad::<ObjectName>(&[
            ("a..b", "two dots"),
            (".a", "two dots"),
            ("a.", "write `a`"),
            ("a.B", "of `B` in it"),
            (&"a.".repeat(127), "254"),
            (&format!("{}a", "a.".repeat(127)), "255"),
            (&format!("a.{}", "b".repeat(64)), "64"),
        ]);
    }

    proptest! {
        #[test]
        fn parsers_and_patterns_agree(text in "[a0-]{1,3}([a0-]{62}|[a0-]{61})?([.]?[a0B_-]{0,2}){0,3}") {
            prop_assert_eq!(text.parse::<DnsLabel>().is_ok(), keeps_to_schema::<DnsLabel>(&text));
            prop_assert_eq!(text.parse::<ObjectName>().is_ok(), keeps_to_schema::<ObjectName>(&text));
            prop_assert_eq!(text.parse::<Hostname>().is_ok(), keeps_to_schema::<Hostname>(&text));
        }
    }

    #[test]
    fn hostnames() {
        good::<Hostname>(&[
            "data.lab.example.org",
            "a.b",
            "rdm.localtest.me",
            "xn--bcher-kva.example",
            "1a.2b",
        ]);
        bad::<Hostname>(&[
            ("", "empty"),
            ("localhost", "no dot"),
            (
                "https://data.example.org/x",
                "write the host name alone: `data.example.org`",
            ),
            ("data.example.org:8443", "port"),
            ("data.example.org/records", "path"),
            ("data.example.org.", "write `data.example.org`"),
            ("Data.example.org", "capital"),
            ("*.example.org", "wildcard"),
            ("a_b.example.org", "`_`"),
            ("10.0.0.1", "IP address"),
            ("::1", "IP address"),
            ("a..b", "two dots"),
            ("a.1", "number"),
            ("a-.b", "hyphen"),
            ("bücher.example", "`ü`"),
            (&format!("{}a", "a.".repeat(127)), "255"),
        ]);
    }
}
