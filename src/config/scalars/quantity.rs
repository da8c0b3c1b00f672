//! Kubernetes quantities (`500m`, `10Gi`, `1.5`, `1e3`): kept as written, compared by value.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::config::decode::Scalar;

const PATTERN: &str = r"^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";
const NANO: i128 = 1_000_000_000;
/// 2^63 - 1 whole units: beyond that Kubernetes falls back to arithmetic that not every client has.
const MOST: i128 = i64::MAX as i128 * NANO;

/// An amount of memory, storage or CPU time: greater than zero and at most 2^63 - 1.
///
/// It shows itself as it was written; equality and order are those of the value, exact to a billionth (what lies below is
/// rounded up, as Kubernetes does).
#[derive(Clone, Debug)]
pub struct Quantity {
    text: String,
    nano: i128,
}

impl Quantity {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// In whole units, rounded up: bytes for memory and storage.
    pub fn bytes(&self) -> u64 {
        units(self.nano, NANO)
    }

    /// In thousandths, rounded up: milliCPU.
    pub fn millicores(&self) -> u64 {
        units(self.nano, NANO / 1000)
    }
}

fn units(nano: i128, unit: i128) -> u64 {
    let whole = nano / unit + i128::from(nano % unit > 0);
    u64::try_from(whole).unwrap_or(u64::MAX)
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        if text.starts_with('-') {
            return Err("it is negative; an amount is greater than zero".to_owned());
        }
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        let end = unsigned
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err("it does not begin with a number".to_owned());
        }
        if fraction.contains('.') {
            return Err("it has two decimal points".to_owned());
        }
        let scale = scale(suffix).ok_or_else(|| unknown_suffix(number, suffix))?;
        let nano = value(whole, fraction, scale).filter(|nano| *nano <= MOST);
        match nano {
            None => Err("it is more than Kubernetes can count (2^63 - 1)".to_owned()),
            Some(0) => Err("it is zero; an amount is greater than zero".to_owned()),
            Some(nano) => Ok(Self {
                text: text.to_owned(),
                nano,
            }),
        }
    }
}

/// What a suffix multiplies with.
#[derive(Clone, Copy)]
enum Scale {
    Binary(u32),
    Decimal(i64),
}

fn scale(suffix: &str) -> Option<Scale> {
    let scale = match suffix {
        "" => Scale::Decimal(0),
        "Ki" => Scale::Binary(10),
        "Mi" => Scale::Binary(20),
        "Gi" => Scale::Binary(30),
        "Ti" => Scale::Binary(40),
        "Pi" => Scale::Binary(50),
        "Ei" => Scale::Binary(60),
        "n" => Scale::Decimal(-9),
        "u" => Scale::Decimal(-6),
        "m" => Scale::Decimal(-3),
        "k" => Scale::Decimal(3),
        "M" => Scale::Decimal(6),
        "G" => Scale::Decimal(9),
        "T" => Scale::Decimal(12),
        "P" => Scale::Decimal(15),
        "E" => Scale::Decimal(18),
        _ => return exponent(suffix),
    };
    Some(scale)
}

fn exponent(suffix: &str) -> Option<Scale> {
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let valid = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    // An exponent that does not fit is as good as one that is merely enormous.
    let limit = if exponent.starts_with('-') {
        i64::from(i32::MIN)
    } else {
        i64::from(i32::MAX)
    };
    valid.then(|| Scale::Decimal(exponent.parse::<i32>().map_or(limit, i64::from)))
}

fn unknown_suffix(number: &str, suffix: &str) -> String {
    let bare = suffix.trim();
    let likely = match bare.to_ascii_lowercase().as_str() {
        "k" | "kb" | "kib" | "ki" => Some("Ki"),
        "mb" | "mib" | "mi" => Some("Mi"),
        "g" | "gb" | "gib" | "gi" => Some("Gi"),
        "t" | "tb" | "tib" | "ti" => Some("Ti"),
        "p" | "pb" | "pib" | "pi" => Some("Pi"),
        _ => None,
    };
    match likely {
        Some(likely) => format!("`{suffix}` is not a unit of Kubernetes; write `{number}{likely}`"),
        None => format!(
            "`{suffix}` is not a unit of Kubernetes (Ki Mi Gi Ti Pi Ei, k M G T P E, m u n)"
        ),
    }
}

/// `whole.fraction × scale` in billionths, rounded up; `None` when it is beyond counting.
fn value(whole: &str, fraction: &str, scale: Scale) -> Option<i128> {
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    if whole.is_empty() && fraction.is_empty() {
        return Some(0);
    }
    let digits = i64::try_from(fraction.len()).ok()?;
    // Zeros right after the point only shift what follows, so that a long run of them costs no precision.
    let significant = format!("{whole}{fraction}");
    let significant = significant.trim_start_matches('0');
    let (power, factor) = match scale {
        Scale::Decimal(power) => (power.checked_sub(digits)?.checked_add(9)?, 1),
        Scale::Binary(power) => (9 - digits, 1_i128 << power),
    };
    if power >= 0 {
        let mantissa: i128 = significant.parse().ok()?;
        let shift = 10_i128.checked_pow(u32::try_from(power).ok()?)?;
        return mantissa.checked_mul(shift)?.checked_mul(factor);
    }
    // Digits that cannot count are cut, and remembered for rounding up.
    let cut = usize::try_from(power.unsigned_abs()).ok()?;
    let spare = 18_usize;
    let dropped = cut.saturating_sub(spare);
    if dropped >= significant.len() {
        return Some(1);
    }
    let (kept, lost) = significant.split_at(significant.len() - dropped);
    let divisor = 10_i128.checked_pow(u32::try_from(cut - dropped).ok()?)?;
    let product = kept.parse::<i128>().ok()?.checked_mul(factor)?;
    let inexact = product % divisor > 0 || lost.bytes().any(|b| b != b'0');
    Some(product / divisor + i128::from(inexact))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nano.hash(state);
    }
}

impl Scalar for Quantity {
    const WHAT: &'static str = "a quantity";
    const EXAMPLE: &'static str = "10Gi";
    const PATTERN: Option<&'static str> = Some(PATTERN);
    const NUMBERS: bool = true;
    const DESCRIPTION: &'static str =
        "An amount in Kubernetes' notation, such as `500m`, `2`, `10Gi` or `1.5Ti`.";
}

#[cfg(test)]
mod tests;
