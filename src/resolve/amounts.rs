//! Arithmetic on amounts of CPU, memory and storage.

use crate::config::scalars::Quantity;
use crate::config::site;
use crate::facts::{LARGEST_HEAP_MIB, MIB};
use crate::plan::{Par, Resources};

/// Requests and limits, placed as the site wrote them.
pub fn resources(resources: &site::Resources) -> Resources {
    let quantity = |quantity: &Quantity| Par::from(quantity.to_string());
    Resources {
        cpu_request: quantity(&resources.requests.cpu),
        cpu_limit: quantity(&resources.limits.cpu),
        memory_request: quantity(&resources.requests.memory),
        memory_limit: quantity(&resources.limits.memory),
        ephemeral_request: quantity(&resources.requests.ephemeral_storage),
        ephemeral_limit: quantity(&resources.limits.ephemeral_storage),
    }
}

/// A part of a memory amount in whole MiB, at least one: `percent` of the quantity.
pub fn share_mib(memory: &Quantity, percent: u64) -> u64 {
    (memory.bytes() / MIB * percent / 100).max(1)
}

/// The Java heap in MiB: what the site names, else half of the memory limit, and never more than 31 GiB.
pub fn heap_mib(opensearch: &site::OpensearchInternal) -> u64 {
    let named = opensearch
        .heap
        .as_ref()
        .map(|heap| (heap.bytes() / MIB).max(1));
    named
        .unwrap_or_else(|| share_mib(&opensearch.resources.limits.memory, 50))
        .min(LARGEST_HEAP_MIB)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::site::Site;
    use crate::config::{load, read};

    fn share(memory: &str, percent: u64) -> u64 {
        share_mib(&memory.parse().unwrap(), percent)
    }

    fn heap(sets: &[&str]) -> u64 {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lab/site.yaml");
        let parsed = load::parse(read::read(example.as_ref()).unwrap()).unwrap();
        let sets: Vec<_> = sets
            .iter()
            .map(|set| format!("services.opensearch.{set}"))
            .collect();
        let Site { services, .. } = parsed.load(Some("prod"), &sets).unwrap().site;
        let site::Opensearch::Internal(opensearch) = services.opensearch;
        heap_mib(&opensearch)
    }

    #[test]
    fn a_share_is_whole_mebibytes_rounded_down() {
        assert_eq!(share("4Gi", 25), 1024);
        assert_eq!(share("768Mi", 70), 537);
        // 953 whole MiB.
        assert_eq!(share("1G", 50), 476);
        assert_eq!(share("1.5Gi", 100), 1536);
        assert_eq!(share("1073741824", 100), 1024);
        assert_eq!(share("16Ti", 75), 12 * 1024 * 1024);
    }

    #[test]
    fn a_share_is_never_nothing() {
        assert_eq!(share("1", 25), 1);
        assert_eq!(share("1Ki", 100), 1);
        assert_eq!(share("2Mi", 25), 1);
    }

    #[test]
    fn the_heap_is_half_of_the_limit_unless_named() {
        assert_eq!(heap(&["resources.limits.memory=6Gi"]), 3072);
        assert_eq!(heap(&["resources.limits.memory=5G"]), 2384);
        assert_eq!(heap(&["resources.limits.memory=6Gi", "heap=1G"]), 953);
        assert_eq!(heap(&["heap=1Ki"]), 1);
    }

    #[test]
    fn the_heap_is_small_enough_for_short_pointers() {
        assert_eq!(heap(&["resources.limits.memory=62Gi"]), 31 * 1024);
        assert_eq!(heap(&["resources.limits.memory=256Gi"]), 31 * 1024);
        assert_eq!(heap(&["heap=40Gi"]), 31 * 1024);
    }
}
