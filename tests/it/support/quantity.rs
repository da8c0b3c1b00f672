//! Kubernetes quantities, compared by value.

use serde_json::Value;

/// A quantity in units of 10⁻⁹; `None` when it is not valid. Takes `500m`, `1.5Gi`, `2e3`, `1`, and JSON numbers.
pub fn parse(value: &Value) -> Option<i128> {
    match value {
        Value::String(text) => parse_text(text),
        Value::Number(number) => parse_text(&number.to_string()),
        _ => None,
    }
}

fn parse_text(text: &str) -> Option<i128> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-' && c != '+')
        .unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let negative = whole.starts_with('-');
    let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    if whole.contains(['-', '+']) {
        return None;
    }
    let nano: i128 = format!("{whole}{fraction:0<9}").parse().ok()?;
    let scaled = scale(nano, suffix)?;
    Some(if negative { -scaled } else { scaled })
}

fn scale(nano: i128, suffix: &str) -> Option<i128> {
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    if let Some(power) = binary.iter().position(|known| *known == suffix) {
        return nano.checked_mul(1024_i128.checked_pow(u32::try_from(power).ok()? + 1)?);
    }
    let power = match decimal.iter().position(|known| *known == suffix) {
        Some(at) => i32::try_from(at).ok()? * 3 - 9,
        None => suffix.strip_prefix(['e', 'E'])?.parse().ok()?,
    };
    let factor = 10_i128.checked_pow(power.unsigned_abs())?;
    if power < 0 {
        Some(nano / factor)
    } else {
        nano.checked_mul(factor)
    }
}

#[test]
fn quantities_compare_by_value() {
    let same = [
        ("1", "1000m"),
        ("1Gi", "1024Mi"),
        ("1.5k", "1500"),
        ("2e3", "2k"),
        ("0.5", "500m"),
        ("1E3", "1000"),
    ];
    for (left, right) in same {
        let [one, other] = [left, right].map(|text| parse(&text.into()));
        assert!(
            one.is_some() && one == other,
            "{left} and {right}: {one:?} and {other:?}"
        );
    }
    for wrong in ["", "x", "1gi", "1 Gi", "m", "1,5", "--1", "1e", "1KiB"] {
        assert_eq!(parse(&wrong.into()), None, "{wrong:?} is no quantity");
    }
}
