//! Spans of time: `90s`, `15m`, `8h`, `2d`, `1h30m`.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::config::decode::Scalar;

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];
/// A hundred years: more is a slip, and it keeps sums far from overflow.
const MOST: u64 = 36_525 * 86_400;

/// A span of time in whole seconds, at most a hundred years; zero is allowed and written `0s`.
///
/// It shows itself as it was written; equality and order are those of the value.
#[derive(Clone, Debug)]
pub struct Duration {
    text: String,
    seconds: u64,
}

impl Duration {
    /// In seconds.
    pub fn seconds(&self) -> u64 {
        self.seconds
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(format!(
                "it has no unit; write `{text}s` for seconds, or use m, h or d"
            ));
        }
        let mut rest = text;
        let mut seconds = 0_u64;
        let mut units = UNITS.iter();
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let Some(unit) = rest[digits..].chars().next() else {
                return Err(format!(
                    "the last number `{rest}` has no unit (s, m, h or d)"
                ));
            };
            if digits == 0 {
                return Err(match unit {
                    '-' => "it is negative".to_owned(),
                    ' ' => "it holds a space; write it in one piece, such as `1h30m`".to_owned(),
                    _ => format!("a whole number is wanted before `{rest}`"),
                });
            }
            if unit == '.' {
                return Err(
                    "it has a decimal point; write whole numbers, such as `1h30m`".to_owned(),
                );
            }
            let Some((_, factor)) = UNITS.iter().find(|(letter, _)| *letter == unit) else {
                return Err(format!(
                    "`{unit}` is not a unit; the units are s, m, h and d"
                ));
            };
            if !units.any(|(letter, _)| *letter == unit) {
                return Err("each unit stands once, the largest first, as in `1d12h`".to_owned());
            }
            let part = rest[..digits]
                .parse()
                .ok()
                .and_then(|number: u64| number.checked_mul(*factor));
            seconds = part
                .and_then(|part| seconds.checked_add(part))
                .filter(|seconds| *seconds <= MOST)
                .ok_or("it is longer than a hundred years")?;
            rest = &rest[digits + unit.len_utf8()..];
        }
        Ok(Self {
            text: text.to_owned(),
            seconds,
        })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.seconds == other.seconds
    }
}

impl Eq for Duration {}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.seconds.cmp(&other.seconds)
    }
}

impl Hash for Duration {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.seconds.hash(state);
    }
}

impl Scalar for Duration {
    const WHAT: &'static str = "a duration";
    const EXAMPLE: &'static str = "15m";
    const PATTERN: Option<&'static str> = Some("^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$");
    const DESCRIPTION: &'static str =
        "A span of time: whole numbers with the units d, h, m and s, such as `90s` or `1h30m`.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scalars::text::tests::{bad_by_parser, good};

    #[test]
    fn reads_spans_and_refuses_the_rest() {
        good::<Duration>(&[
            "90s", "15m", "8h", "2d", "1h30m", "1d2h3m4s", "0s", "36525d",
        ]);
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("1h30m", 5400),
            ("2d", 172_800),
            ("0s", 0),
        ] {
            assert_eq!(text.parse::<Duration>().unwrap().seconds(), seconds);
        }
        assert_eq!("60m".parse::<Duration>(), "1h".parse());
        bad_by_parser::<Duration>(&[
            ("", "empty"),
            ("90", "`90s`"),
            ("-1s", "negative"),
            ("1.5h", "decimal point"),
            ("1h 30m", "space"),
            ("1w", "`w`"),
            ("30m1h", "largest first"),
            ("1h1h", "each unit"),
            ("1h30", "`30` has no unit"),
            ("h", "before `h`"),
            ("1ms", "before `s`"),
            ("99999999999999999999d", "hundred years"),
            ("36526d", "hundred years"),
            ("1µ", "`µ`"),
        ]);
    }
}
