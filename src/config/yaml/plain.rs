//! What a plain scalar means: the core schema of YAML 1.2.

use saphyr_parser::Tag;

use crate::config::fault::{Build, error};
use crate::config::node::{Kind, quote};
use crate::diag::{Diagnostic, codes};

/// Reads an unquoted scalar.
pub fn read(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ => number(text).unwrap_or_else(|| Kind::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Kind> {
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let all = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            return all.then(|| Kind::Int(i64::from_str_radix(digits, radix).ok()));
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits(unsigned) {
        return Some(Kind::Int(text.parse().ok()));
    }
    let special =
        matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN");
    (special || is_float(unsigned)).then_some(Kind::Float)
}

fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let exponent_fits = exponent
        .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    exponent_fits && mantissa_fits
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Applies a tag to a scalar: `!!str` and `!` make text, the other core tags must agree with what was read.
pub fn tagged(tag: &Tag, text: &str, read: Kind) -> Result<Kind, Diagnostic> {
    if tag.handle.is_empty() && tag.suffix == "!" {
        return Ok(Kind::Text(text.to_owned()));
    }
    if !tag.is_yaml_core_schema() {
        return Err(unknown_tag(tag));
    }
    match (tag.suffix.as_str(), read) {
        ("str", _) => Ok(Kind::Text(text.to_owned())),
        ("null", read @ Kind::Null)
        | ("bool", read @ Kind::Bool(_))
        | ("int", read @ Kind::Int(_)) => Ok(read),
        ("float", Kind::Int(_) | Kind::Float) => Ok(Kind::Float),
        ("null" | "bool" | "int" | "float", _) => Err(error(
            codes::SYNTAX,
            format!("the tag `!!{}` does not fit {}", tag.suffix, quote(text)),
        )
        .help("remove the tag")),
        _ => Err(unknown_tag(tag)),
    }
}

/// A tag that means nothing here.
pub fn unknown_tag(tag: &Tag) -> Diagnostic {
    let shown = if tag.is_yaml_core_schema() {
        format!("!!{}", tag.suffix)
    } else {
        tag.to_string()
    };
    error(
        codes::SYNTAX,
        format!("the tag `{shown}` is not supported here"),
    )
    .because("tags ask the reader to do something of its own, which a site file never needs")
    .help("remove the tag; if the value begins with `!`, put it in quotes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match read(text) {
            Kind::Null => "null",
            Kind::Bool(_) => "bool",
            Kind::Int(_) => "int",
            Kind::Float => "float",
            _ => "text",
        }
    }

    #[test]
    fn follows_the_core_schema() {
        for (wanted, texts) in [
            ("null", "~ null Null NULL"),
            ("bool", "true True TRUE false False FALSE"),
            (
                "int",
                "0 -1 +12 0123 0o17 0xfF 99999999999999999999 0o777777777777777777777777",
            ),
            ("float", "1. .5 1.5 -1.5e3 1e3 +1E-3 .inf -.INF .nan 12e03"),
            (
                "text",
                "yes no on off y n 1_000 12:30 0o8 0xg 0b1 1.2.3 . - + e3 1e 1.e .e3 -.nan 2026-11-01 nUll tRue +0x1 - 0x 1e+ .in",
            ),
        ] {
            for text in texts.split(' ') {
                assert_eq!(kind(text), wanted, "{text}");
            }
        }
        assert_eq!(kind(""), "null");
        assert!(matches!(read("0x10"), Kind::Int(Some(16))));
        assert!(matches!(read("99999999999999999999"), Kind::Int(None)));
    }
}
