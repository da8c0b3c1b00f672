//! OpenSearch.

use super::{Internal, Section, internal};
use crate::config::site::{self, Site};
use crate::params::{Formula, Scope, Term, all, text};
use crate::plan::{Gate, Par};
use crate::resolve::amounts::{heap_mib, needs};
use crate::resolve::images;

/// Who runs OpenSearch.
#[derive(Clone, Debug)]
pub enum Opensearch {
    /// Ourselves.
    Internal {
        /// Image, volume and resources.
        internal: Internal,
        /// Number of nodes.
        nodes: Par<i32>,
        /// Whether there are several.
        clustered: Gate,
        /// Whether evictions are limited.
        disruption_budget: Gate,
        /// Names of the nodes that elect the first manager, joined by commas.
        first_managers: Par<String>,
        /// Java heap, in MiB.
        heap_mib: Par<u64>,
        /// Whether index files are memory-mapped.
        memory_map: Gate,
    },
}

/// OpenSearch's values.
pub fn opensearch(scope: &Scope, site: &Site, name: &Term<String>) -> Opensearch {
    let scheduling = scope.at("scheduling");
    let scope = scope.at("services").at("opensearch");
    let site::Opensearch::Internal(service) = &site.services.opensearch;
    let nodes = scope.whole("nodes", &service.nodes);
    let clustered = scope.define(
        "isCluster",
        "Whether there are several nodes.",
        Formula::from(&nodes).is_more_than(1),
    );
    let budgets = scheduling.switch("disruptionBudgets", site.scheduling.disruption_budgets);
    let budget = scope.define(
        "disruptionBudget",
        "Whether node maintenance takes one node of the cluster at a time.",
        all([(&budgets).into(), Formula::from(&nodes).is_more_than(1)]),
    );
    let first_managers = scope.define(
        "firstManagers",
        "The nodes that elect the first manager when the cluster forms.",
        text([name.into(), "-opensearch".into()]).numbered(&nodes),
    );
    let needs = needs(&scope, &service.resources);
    let section = Section {
        image: service.image.as_ref(),
        size: &service.size,
        class_name: service.class_name.as_ref(),
        access_mode: service.access_mode,
    };
    Opensearch::Internal {
        nodes: nodes.par(),
        clustered: clustered.gate(),
        disruption_budget: budget.gate(),
        first_managers: first_managers.par(),
        heap_mib: heap_mib(&scope, service, &needs).par(),
        memory_map: scope.switch("memoryMap", service.memory_map).gate(),
        internal: internal(&scope, site, section, &images::OPENSEARCH, needs.resources),
    }
}
