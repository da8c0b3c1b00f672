//! OpenSearch: heap, memory and nodes.

use super::amount::{GIB, memory as shown};
use super::case::{Case, part};
use crate::config::fault::Build;
use crate::config::site::{Opensearch, OpensearchInternal};
use crate::diag::{Diagnostic, codes};
use crate::facts::{LARGEST_HEAP_MIB, MIB};

const HEAP: &str = "services.opensearch.heap";
const LIMIT: &str = "services.opensearch.resources.limits.memory";
const NODES: &str = "services.opensearch.nodes";

fn opensearch<'a>(case: &'a Case) -> &'a OpensearchInternal {
    let Opensearch::Internal(opensearch) = &case.site.services.opensearch;
    opensearch
}

/// Refuses a heap that does not fit into the container's memory, or that Java handles badly; warns of one above half of
/// it, because the index is read through the memory that the heap leaves.
pub fn heap(case: &Case) -> Vec<Diagnostic> {
    let service = opensearch(case);
    let Some(heap) = &service.heap else {
        return Vec::new();
    };
    let limit = &service.resources.limits.memory;
    let parts = [part(HEAP), part(LIMIT)];
    let half = shown((limit.bytes() / 2).min(LARGEST_HEAP_MIB * MIB) / MIB * MIB);
    let remove = format!("remove `{HEAP}`: half of the memory ({half}) is taken then");
    if heap >= limit {
        return vec![
            case.error(
                codes::HEAP,
                &parts,
                format!("a heap of {heap} does not fit into OpenSearch's memory of {limit}"),
            )
            .because(
                "the container is killed as soon as the heap fills, and again after each start",
            )
            .help(remove),
        ];
    }
    if heap.bytes() > LARGEST_HEAP_MIB * MIB {
        return vec![
            case.error(
                codes::HEAP,
                &parts,
                format!("a heap of {heap} is more than OpenSearch makes use of"),
            )
            .because("above 31Gi Java needs wider pointers, so that less fits in than below")
            .help(format!("write `{HEAP}: 31Gi`, and add nodes for more")),
        ];
    }
    if heap.bytes() > limit.bytes() / 2 {
        return vec![
            case.warning(
                codes::HEAP,
                &parts,
                format!("a heap of {heap} is more than half of OpenSearch's memory of {limit}"),
            )
            .because(
                "searches read the index through the memory that the heap leaves, and Java itself needs some beside the heap",
            )
            .help(remove),
        ];
    }
    Vec::new()
}

/// Refuses a memory limit in which OpenSearch does not start.
pub fn memory(case: &Case) -> Vec<Diagnostic> {
    let limit = &opensearch(case).resources.limits.memory;
    if limit.bytes() >= GIB {
        return Vec::new();
    }
    vec![
        case.error(
            codes::SEARCH_MEMORY,
            &[part(LIMIT)],
            format!("OpenSearch has {limit} of memory, less than the 1Gi that it needs to start"),
        )
        .because("Java and the plugins take some 500Mi before anything is indexed; the container would be killed at each start")
        .help(format!("write `{LIMIT}: 1536Mi` for a trial, 2Gi or more for anything else")),
    ]
}

/// Refuses two nodes and warns of other even numbers: nodes elect by majority.
pub fn nodes(case: &Case) -> Vec<Diagnostic> {
    let nodes = opensearch(case).nodes.get();
    let parts = [part(NODES)];
    if nodes == 2 {
        return vec![
            case.error(
                codes::SEARCH_NODES,
                &parts,
                "OpenSearch with 2 nodes stops as soon as one of them is away",
            )
            .because("a manager is elected by more than half of the nodes, and one of two is not more than half")
            .help("write `nodes: 3`, or `nodes: 1` where an outage during node maintenance is acceptable"),
        ];
    }
    if nodes.is_multiple_of(2) {
        return vec![
            case.warning(
                codes::SEARCH_NODES,
                &parts,
                format!(
                    "OpenSearch with {nodes} nodes survives the loss of {} of them, as it does with {}",
                    nodes / 2 - 1,
                    nodes - 1
                ),
            )
            .because("a manager is elected by more than half of the nodes; the last of an even number brings room, but no safety")
            .help(format!("write `nodes: {}` or `nodes: {}`", nodes - 1, nodes + 1)),
        ];
    }
    Vec::new()
}
