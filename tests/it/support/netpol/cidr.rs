//! Blocks of addresses, and the private ranges in them.

use crate::support::kube::{list, text};
use serde_json::Value;
use std::net::IpAddr;

/// Where pods, Services, other hosts and the metadata of a cloud live.
const PRIVATE: [&str; 7] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
];

/// `CIDR except CIDR, CIDR`, and which whole private ranges it reaches.
pub fn shown(block: &Value) -> String {
    let whole = text(block, "/cidr");
    let mut except: Vec<&str> = list(block, "/except")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    except.sort_unstable();
    let reached = PRIVATE.into_iter().filter(|range| {
        contains(whole, range)
            && whole != *range
            && !except.iter().any(|hole| contains(hole, range))
    });
    let reached: Vec<&str> = reached.collect();
    let list = |word: &str, ranges: &[&str]| match ranges {
        [] => String::new(),
        ranges => format!(" {word} {}", ranges.join(", ")),
    };
    format!(
        "{whole}{}{}",
        list("except", &except),
        list("reaching", &reached)
    )
}

fn contains(outer: &str, inner: &str) -> bool {
    let (Some((outer, length)), Some((inner, inner_length))) = (parse(outer), parse(inner)) else {
        return false;
    };
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let ((outer, width), (inner, inner_width)) = (bits(outer), bits(inner));
    let mask = if length == 0 {
        0
    } else {
        u128::MAX << (128 - length)
    };
    width == inner_width && length <= inner_length && outer & mask == inner & mask
}

fn parse(block: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = block.split_once('/')?;
    let length = length.parse().ok()?;
    (length <= 128).then_some((address.parse().ok()?, length))
}
