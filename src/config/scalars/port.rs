//! Network ports.

use std::fmt;
use std::str::FromStr;

use crate::config::decode::Scalar;

/// A port from 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(u16);

impl Port {
    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl FromStr for Port {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        match text.parse() {
            Ok(port) if plain => Ok(Self(port)),
            _ => Err("it is not a number from 1 to 65535".to_owned()),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Scalar for Port {
    const WHAT: &'static str = "a port";
    const EXAMPLE: &'static str = "5432";
    const PATTERN: Option<&'static str> = Some("^[1-9][0-9]{0,4}$");
    const NUMBERS: bool = true;
    const DESCRIPTION: &'static str = "A port from 1 to 65535.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scalars::text::tests::{bad_by_parser, good};

    #[test]
    fn ports() {
        good::<Port>(&["1", "5432", "65535"]);
        bad_by_parser::<Port>(&[
            ("", "1 to"),
            ("0", "1 to"),
            ("65536", "1 to"),
            ("080", "1 to"),
            ("+80", "1 to"),
            ("-1", "1 to"),
            ("8.0", "1 to"),
        ]);
    }
}
