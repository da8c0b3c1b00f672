//! Sets of ports by protocol.

use crate::support::kube::{Port, list, number, protocol};
use serde_json::Value;
use std::collections::BTreeMap;

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const FIRST_AND_LAST: (u16, u16) = (1, u16::MAX);

/// Inclusive ranges, in order and apart from each other, for each protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ports(BTreeMap<String, Vec<(u16, u16)>>);

impl Ports {
    pub fn all() -> Self {
        Ports(
            PROTOCOLS
                .iter()
                .map(|protocol| ((*protocol).to_owned(), vec![FIRST_AND_LAST]))
                .collect(),
        )
    }

    pub fn none() -> Self {
        Ports::default()
    }

    /// The ports that a rule admits; a name means the ports of that name and protocol among those of the target.
    pub fn of_rule(rule: &Value, target: &[Port]) -> Self {
        let ports = list(rule, "/ports");
        if ports.is_empty() {
            return Ports::all();
        }
        let mut found = Ports::none();
        for port in ports {
            let protocol = protocol(port);
            if let Some(name) = port["port"].as_str() {
                for known in target
                    .iter()
                    .filter(|known| known.name == name && known.protocol == protocol)
                {
                    found.insert(protocol, (known.number, known.number));
                }
            } else if let Some(range) = range(port) {
                found.insert(protocol, range);
            }
        }
        found
    }

    /// The ports of a rule as shown where the target is unknown, so that names stay names.
    pub fn unresolved(rule: &Value) -> Vec<String> {
        let mut shown = Ports::none();
        let mut names = Vec::new();
        for port in list(rule, "/ports") {
            match port["port"].as_str() {
                Some(name) => names.push(format!("{name}/{}", protocol(port))),
                None => range(port)
                    .into_iter()
                    .for_each(|range| shown.insert(protocol(port), range)),
            }
        }
        if list(rule, "/ports").is_empty() {
            shown = Ports::all();
        }
        names.extend(shown.shown());
        names
    }

    fn insert(&mut self, protocol: &str, range: (u16, u16)) {
        let ranges = self.0.entry(protocol.to_owned()).or_default();
        ranges.push(range);
        ranges.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::new();
        for (low, high) in ranges.drain(..) {
            match joined.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => joined.push((low, high)),
            }
        }
        *ranges = joined;
    }

    pub fn add(&mut self, other: &Ports) {
        for (protocol, ranges) in &other.0 {
            for range in ranges {
                self.insert(protocol, *range);
            }
        }
    }

    /// The ports in both sets.
    pub fn and(&self, other: &Ports) -> Ports {
        let mut both = Ports::none();
        for (protocol, ranges) in &self.0 {
            for (low, high) in ranges {
                for (from, to) in other.0.get(protocol).into_iter().flatten() {
                    if low.max(from) <= high.min(to) {
                        both.insert(protocol, (*low.max(from), *high.min(to)));
                    }
                }
            }
        }
        both
    }

    /// `any`, or one of `any/TCP`, `8080/TCP`, `8000-8100/TCP` for each range.
    pub fn shown(&self) -> Vec<String> {
        if *self == Ports::all() {
            return vec!["any".to_owned()];
        }
        let range = |protocol: &str, (low, high): (u16, u16)| match (low, high) {
            FIRST_AND_LAST => format!("any/{protocol}"),
            (low, high) if low == high => format!("{low}/{protocol}"),
            (low, high) => format!("{low}-{high}/{protocol}"),
        };
        self.0
            .iter()
            .flat_map(|(protocol, ranges)| ranges.iter().map(move |found| range(protocol, *found)))
            .collect()
    }
}

/// The range of a port by number, of `endPort` too, or all ports where only the protocol is given.
fn range(port: &Value) -> Option<(u16, u16)> {
    if port.get("port").is_none() {
        return Some(FIRST_AND_LAST);
    }
    let low = u16::try_from(number(port, "/port")?).ok()?;
    let high = number(port, "/endPort").map_or(Some(low), |high| u16::try_from(high).ok())?;
    (low <= high).then_some((low, high))
}
