//! Versions of Kubernetes.

use std::fmt;
use std::str::FromStr;

use crate::config::decode::Scalar;

/// A minor version of Kubernetes, such as 1.33; whether it is supported, a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesVersion {
    /// The part before the dot.
    pub major: u16,
    /// The part behind it.
    pub minor: u16,
}

impl FromStr for KubernetesVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix(['v', 'V']) {
            let minor: Vec<&str> = rest.split('.').take(2).collect();
            return Err(format!("it begins with `v`; write \"{}\"", minor.join(".")));
        }
        let number = |part: &str| {
            let plain =
                part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            part.parse().ok().filter(|_| plain)
        };
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [major, minor] => number(major)
                .zip(number(minor))
                .map(|(major, minor)| Self { major, minor }),
            [major, minor, _] if number(major).is_some() && number(minor).is_some() => {
                return Err(format!(
                    "it names a patch release; write \"{major}.{minor}\""
                ));
            }
            _ => None,
        }
        .ok_or_else(|| "two numbers with a dot between are wanted".to_owned())
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Scalar for KubernetesVersion {
    const WHAT: &'static str = "a Kubernetes version";
    const EXAMPLE: &'static str = "1.33";
    const PATTERN: Option<&'static str> = Some("^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$");
    const NUMBERS: bool = true;
    const DESCRIPTION: &'static str = "A minor version of Kubernetes, such as \"1.33\".";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scalars::text::tests::bad_by_parser;

    #[test]
    fn versions() {
        assert_eq!(
            "1.33".parse(),
            Ok(KubernetesVersion {
                major: 1,
                minor: 33
            })
        );
        assert!("1.9".parse::<KubernetesVersion>() < "1.10".parse());
        bad_by_parser::<KubernetesVersion>(&[
            ("", "two numbers"),
            ("v1.33", "write \"1.33\""),
            ("1.33.2", "write \"1.33\""),
            ("1", "two numbers"),
            ("1.x", "two numbers"),
            ("1.033", "two numbers"),
            ("1.+3", "two numbers"),
            ("1.99999", "two numbers"),
            ("x.1.2", "two numbers"),
        ]);
    }
}
