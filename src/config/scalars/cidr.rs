//! Ranges of IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// All but one rule: that no bit is set behind the prefix.
const PATTERN: &str = concat!(
    r"^(0\.0\.0\.0/0|::/0|",
    r"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|",
    "(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|",
    "([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){3}|",
    "([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){5}|",
    "[0-9a-fA-F]{1,4}:(:[0-9a-fA-F]{1,4}){6}|:(:|(:[0-9a-fA-F]{1,4}){1,7}))/([1-9][0-9]?|1[01][0-9]|12[0-8]))$"
);

text_types! {
    /// A range of IP addresses in CIDR notation, version 4 or 6, with no bit set behind the prefix.
    Cidr { what: "a range of addresses (CIDR)", example: "10.0.0.0/8", pattern: Some(PATTERN), check: cidr }
}

fn cidr(text: &str) -> Result<(), String> {
    let Some((address, length)) = text.split_once('/') else {
        return Err(match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => {
                format!("it has no prefix length; for the one address write `{text}/32`")
            }
            Ok(IpAddr::V6(_)) => {
                format!("it has no prefix length; for the one address write `{text}/128`")
            }
            Err(_) => "it has no prefix length such as `/24`".to_owned(),
        });
    };
    let written = address;
    let address: IpAddr = written
        .parse()
        .map_err(|_| format!("`{written}` is not an IP address"))?;
    if address.is_ipv6() && written.contains('.') {
        return Err(format!(
            "the end of `{written}` is written as version 4; write the part before the `/` with hexadecimal digits alone"
        ));
    }
    let most = if address.is_ipv4() { 32 } else { 128 };
    let plain = !length.is_empty()
        && length.bytes().all(|b| b.is_ascii_digit())
        && (length == "0" || !length.starts_with('0'));
    let Some(length) = length
        .parse::<u32>()
        .ok()
        .filter(|length| plain && *length <= most)
    else {
        return Err(format!(
            "the prefix length `{length}` is not a number from 0 to {most}"
        ));
    };
    let network = network(address, length);
    if network != address {
        return Err(format!(
            "bits are set behind the prefix; write the range as `{network}/{length}`"
        ));
    }
    // Everything is recognised by its text, to leave private networks out of it.
    if length == 0 && network.to_string() != written {
        return Err(format!(
            "everything is written in one way; write `{network}/0`"
        ));
    }
    Ok(())
}

fn network(address: IpAddr, length: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::config::scalars::text::tests::{bad, bad_by_parser, good, keeps_to_schema};

    #[test]
    fn ranges() {
        good::<Cidr>(&[
            "0.0.0.0/0",
            "10.0.0.0/8",
            "192.168.1.7/32",
            "::/0",
            "::/8",
            "::1/128",
            "2001:db8::/32",
            "2001:DB8::1/128",
            "1:2:3:4:5:6:7::/112",
            "1::2:3:4:5:6:7/128",
            "::2:3:4:5:6:7:8/128",
            "1:2:3::6:7:8/128",
            "1:2:3:4:5:6:7:8/128",
        ]);
        bad::<Cidr>(&[
            ("10.0.0.0", "`10.0.0.0/32`"),
            ("::1", "`::1/128`"),
            ("x", "prefix length"),
            ("10.0.0.0/33", "0 to 32"),
            ("::/129", "0 to 128"),
            ("10.0.0.0/08", "0 to 32"),
            ("10.0.0/8", "not an IP address"),
            ("256.0.0.0/8", "not an IP address"),
            ("010.0.0.0/8", "not an IP address"),
            ("10.0.0.0/+8", "0 to 32"),
            ("10.0.0.0/", "0 to 32"),
            ("1:2:3:4:5:6:7/128", "not an IP address"),
            ("1:2:3:4:5:6:7:8:9/128", "not an IP address"),
            ("1:2:3:4:5:6:7:8::/128", "not an IP address"),
            ("::1::2/128", "not an IP address"),
            ("12345::/16", "not an IP address"),
            (":/8", "not an IP address"),
            ("fe80::1%eth0/128", "not an IP address"),
            ("::ffff:10.0.0.1/128", "hexadecimal"),
            ("0::/0", "write `::/0`"),
            ("0:0:0:0:0:0:0:0/0", "write `::/0`"),
        ]);
        bad_by_parser::<Cidr>(&[
            ("10.1.2.3/8", "`10.0.0.0/8`"),
            ("2001:db8::1/32", "`2001:db8::/32`"),
        ]);
    }

    proptest! {
        #[test]
        fn parser_and_pattern_agree(text in "([0-9a-f]{0,5}[:.]{0,2}){1,9}/[0-9]{1,3}") {
            let behind = text.parse::<Cidr>().is_err_and(|fault| fault.contains("behind the prefix"));
            if !behind {
                prop_assert_eq!(text.parse::<Cidr>().is_ok(), keeps_to_schema::<Cidr>(&text));
            }
        }
    }
}
