//! Ranges of IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const PATTERN: &str = r"^[0-9a-fA-F.:]+/[0-9]{1,3}$";

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
    let address: IpAddr = address
        .parse()
        .map_err(|_| format!("`{address}` is not an IP address"))?;
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
    if network == address {
        Ok(())
    } else {
        Err(format!(
            "bits are set behind the prefix; write the range as `{network}/{length}`"
        ))
    }
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
    use crate::config::scalars::text::tests::{bad, good};

    #[test]
    fn ranges() {
        good::<Cidr>(&[
            "0.0.0.0/0",
            "10.0.0.0/8",
            "192.168.1.7/32",
            "::/0",
            "2001:db8::/32",
            "2001:db8::1/128",
        ]);
        bad::<Cidr>(&[
            ("10.0.0.0", "`10.0.0.0/32`"),
            ("::1", "`::1/128`"),
            ("x", "prefix length"),
            ("10.1.2.3/8", "`10.0.0.0/8`"),
            ("2001:db8::1/32", "`2001:db8::/32`"),
            ("10.0.0.0/33", "0 to 32"),
            ("::/129", "0 to 128"),
            ("10.0.0.0/08", "0 to 32"),
            ("10.0.0/8", "not an IP address"),
            ("010.0.0.0/8", "not an IP address"),
            ("10.0.0.0/+8", "0 to 32"),
            ("10.0.0.0/", "0 to 32"),
        ]);
    }
}
