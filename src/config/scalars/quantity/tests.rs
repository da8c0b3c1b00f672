use proptest::prelude::*;

use super::*;
use crate::config::scalars::text::tests::{bad_by_parser, good};

fn quantity(text: &str) -> Quantity {
    text.parse()
        .unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

#[test]
fn values_are_those_of_kubernetes() {
    // Text, whole units rounded up, thousandths rounded up.
    let table: &[(&str, u64, u64)] = &[
        ("1", 1, 1000),
        ("0.1", 1, 100),
        (".5", 1, 500),
        ("1.", 1, 1000),
        ("+2", 2, 2000),
        ("007", 7, 7000),
        ("100m", 1, 100),
        ("1500m", 2, 1500),
        ("1u", 1, 1),
        ("1n", 1, 1),
        ("1000001n", 1, 2),
        ("0.5m", 1, 1),
        ("1k", 1000, 1_000_000),
        ("1M", 1_000_000, 1_000_000_000),
        ("1G", 1_000_000_000, 1_000_000_000_000),
        ("1T", 1_000_000_000_000, 1_000_000_000_000_000),
        ("1P", 1_000_000_000_000_000, 1_000_000_000_000_000_000),
        ("1E", 1_000_000_000_000_000_000, u64::MAX),
        ("1Ki", 1024, 1_024_000),
        ("1Mi", 1 << 20, 1_048_576_000),
        ("1Gi", 1 << 30, 1_073_741_824_000),
        ("1.5Gi", 1_610_612_736, 1_610_612_736_000),
        ("1Ti", 1 << 40, 1_099_511_627_776_000),
        ("1Pi", 1 << 50, 1_125_899_906_842_624_000),
        ("1Ei", 1 << 60, u64::MAX),
        ("1e3", 1000, 1_000_000),
        ("1E3", 1000, 1_000_000),
        ("1e+3", 1000, 1_000_000),
        ("12e-1", 2, 1200),
        ("1e-9", 1, 1),
        ("1e-99", 1, 1),
        ("0.0000000001", 1, 1),
        ("9223372036854775807", 9_223_372_036_854_775_807, u64::MAX),
        ("7.9Ei", 9_108_079_886_394_091_111, u64::MAX),
        ("0.1Ki", 103, 102_400),
        ("0.00000000000000000000001Ei", 1, 1),
    ];
    for &(text, whole, thousandths) in table {
        assert_eq!(
            (quantity(text).bytes(), quantity(text).millicores()),
            (whole, thousandths),
            "{text}"
        );
        assert_eq!(quantity(text).to_string(), text);
    }
}

#[test]
fn equal_values_are_equal_however_they_are_written() {
    for equal in [
        &[
            "1",
            "1000m",
            "1e0",
            "1.0",
            "+1",
            "10e-1",
            "1000000u",
            "1000000000n",
        ][..],
        &["1Ki", "1024", "1.024k", "1.024e3", "1024000m"],
        &["1Gi", "1024Mi", "1048576Ki", "1073741824"],
        &["0.5Gi", "512Mi"],
        &["1E", "1e18", "1000P"],
    ] {
        for text in equal {
            assert_eq!(quantity(text), quantity(equal[0]), "{text}");
        }
    }
    assert!(quantity("1G") < quantity("1Gi"));
    assert!(quantity("999m") < quantity("1"));
    assert!(quantity("1001m") > quantity("1"));
    assert!(quantity("2Gi") > quantity("1999M"));
    assert!(
        quantity("1.0000000001") > quantity("1"),
        "less than a billionth is rounded up"
    );
}

#[test]
fn refuses_what_kubernetes_refuses_and_what_is_no_amount() {
    good::<Quantity>(&["10Gi", "500m", "1.5"]);
    bad_by_parser::<Quantity>(&[
        ("", "empty"),
        ("-1", "negative"),
        ("0", "zero"),
        ("0Gi", "zero"),
        ("0e99", "zero"),
        ("Gi", "number"),
        (".", "number"),
        ("1.2.3", "two decimal points"),
        ("1GB", "write `1Gi`"),
        ("1gi", "write `1Gi`"),
        ("1 Gi", "write `1Gi`"),
        ("1K", "write `1Ki`"),
        ("1ki", "write `1Ki`"),
        ("1e", "`e` is not a unit"),
        ("1e1.5", "not a unit"),
        ("1Zi", "not a unit"),
        ("1Gi2", "not a unit"),
        ("1e19", "2^63"),
        ("8Ei", "2^63"),
        ("9223372036854775808", "2^63"),
        ("1e99999999999999999999", "2^63"),
        ("99999999999999999999999999999999999999999999", "2^63"),
        ("1_000", "not a unit"),
        ("１", "number"),
    ]);
}

proptest! {
    #[test]
    fn never_panics_and_shows_what_was_written(text in r"[+-]?[0-9.]{0,50}([KMGTPE]i?|[numk]|[eE][+-]?[0-9]{0,30})?") {
        if let Ok(quantity) = text.parse::<Quantity>() {
            prop_assert_eq!(quantity.to_string(), text);
            prop_assert!(quantity.bytes() >= 1);
        }
    }

    #[test]
    fn agrees_with_exact_arithmetic(whole in 0_u64..1_000_000, thousandths in 0_u64..1000, unit in 0_usize..8) {
        let (suffix, factor) = [("", 1_u128), ("k", 1000), ("M", 1_000_000), ("G", 1_000_000_000), ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40)][unit];
        prop_assume!(whole + thousandths > 0);
        let text = format!("{whole}.{thousandths:03}{suffix}");
        let exact = (u128::from(whole) * 1000 + u128::from(thousandths)) * factor;
        prop_assert_eq!(u128::from(quantity(&text).bytes()), exact.div_ceil(1000));
        prop_assert_eq!(u128::from(quantity(&text).millicores()), exact.min(u128::from(u64::MAX)));
    }
}
