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
