//! Amounts of CPU, memory and storage.

use crate::config::scalars::Quantity;
use crate::config::site;
use crate::facts::LARGEST_HEAP_MIB;
use crate::params::{Formula, Scope, Term};
use crate::plan::Resources;

/// Requests and limits of a container, and its memory limit to compute with.
pub struct Needs {
    /// As they are placed.
    pub resources: Resources,
    /// The memory limit.
    pub memory: Term<String>,
}

impl Needs {
    /// A part of the memory limit in whole MiB: so many percent, and at least one.
    pub fn share_mib(&self, percent: i64) -> Formula<i64> {
        Formula::from(&self.memory)
            .mebibytes()
            .percent(percent)
            .at_least(1)
    }
}

/// The section `resources` at some place of the site.
pub fn needs(scope: &Scope, resources: &site::Resources) -> Needs {
    let scope = scope.at("resources");
    let (requests, limits) = (scope.at("requests"), scope.at("limits"));
    let quantity = |scope: &Scope, key, quantity: &Quantity| scope.quantity(key, quantity);
    let memory = quantity(&limits, "memory", &resources.limits.memory);
    Needs {
        resources: Resources {
            cpu_request: quantity(&requests, "cpu", &resources.requests.cpu).par(),
            cpu_limit: quantity(&limits, "cpu", &resources.limits.cpu).par(),
            memory_request: quantity(&requests, "memory", &resources.requests.memory).par(),
            memory_limit: memory.par(),
            ephemeral_request: quantity(
                &requests,
                "ephemeral-storage",
                &resources.requests.ephemeral_storage,
            )
            .par(),
            ephemeral_limit: quantity(
                &limits,
                "ephemeral-storage",
                &resources.limits.ephemeral_storage,
            )
            .par(),
        },
        memory,
    }
}

/// The same, where nothing is computed with them.
pub fn resources(scope: &Scope, resources: &site::Resources) -> Resources {
    needs(scope, resources).resources
}

/// The Java heap in MiB: what the site names, else half of the memory limit, and never more than 31 GiB.
pub fn heap_mib(scope: &Scope, opensearch: &site::OpensearchInternal, needs: &Needs) -> Term<i64> {
    let named = scope.optional("heap", opensearch.heap.as_ref());
    let heap = Formula::from(&named.given)
        .choose(named.formula().mebibytes().at_least(1), needs.share_mib(50));
    let most = i64::try_from(LARGEST_HEAP_MIB).unwrap_or(i64::MAX);
    scope.define(
        "heapMebibytes",
        "The Java heap: what is named, else half of the memory limit, and never more than 31 GiB.",
        heap.at_most(most),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::site::{Opensearch, Postgresql, Site};
    use crate::config::{load, read};
    use crate::plan::Par;

    fn site(sets: &[String]) -> Site {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lab/site.yaml");
        let parsed = load::parse(read::read(example.as_ref()).unwrap()).unwrap();
        parsed.load(Some("prod"), sets).unwrap().site
    }

    fn share(memory: &str, percent: i64) -> i64 {
        let memory = format!("services.postgresql.resources.limits.memory={memory}");
        let Postgresql::Internal(postgresql) = site(&[memory]).services.postgresql else {
            panic!("another provider")
        };
        let scope = Scope::plain();
        let share = needs(&scope, &postgresql.resources).share_mib(percent);
        let share: Par<i64> = scope.define("share", "", share).par();
        share.leaf()
    }

    fn heap(sets: &[&str]) -> i64 {
        let sets: Vec<_> = sets
            .iter()
            .map(|set| format!("services.opensearch.{set}"))
            .collect();
        let Opensearch::Internal(opensearch) = site(&sets).services.opensearch;
        let scope = Scope::plain();
        let needs = needs(&scope, &opensearch.resources);
        let heap: Par<i64> = heap_mib(&scope, &opensearch, &needs).par();
        heap.leaf()
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
