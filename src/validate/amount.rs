//! Amounts as messages show them.

use crate::facts::MIB;

/// Bytes of a gibibyte.
pub const GIB: u64 = 1024 * MIB;

/// CPU: `7.5`, `250m`.
pub fn cpu(millicores: u64) -> String {
    match (millicores / 1000, millicores % 1000) {
        (0, rest) => format!("{rest}m"),
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{rest:03}")
            .trim_end_matches('0')
            .to_owned(),
    }
}

/// Memory or storage, rounded up: `850Mi`, `12.3Gi`, `4Ti` as `4096Gi`.
pub fn memory(bytes: u64) -> String {
    if bytes < 10 * GIB && !bytes.is_multiple_of(GIB) {
        return format!("{}Mi", bytes.div_ceil(MIB));
    }
    match (
        bytes.saturating_mul(10).div_ceil(GIB) / 10,
        bytes.saturating_mul(10).div_ceil(GIB) % 10,
    ) {
        (whole, 0) => format!("{whole}Gi"),
        (whole, tenth) => format!("{whole}.{tenth}Gi"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short() {
        assert_eq!(
            [cpu(250), cpu(1000), cpu(7500), cpu(1050)],
            ["250m", "1", "7.5", "1.05"]
        );
        assert_eq!(
            [
                memory(850 * MIB),
                memory(2 * GIB),
                memory(12 * GIB + MIB),
                memory(4096 * GIB),
                memory(1)
            ],
            ["850Mi", "2Gi", "12.1Gi", "4096Gi", "1Mi"]
        );
    }
}
