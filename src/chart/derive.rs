//! From a site to a tree of templates: explore, merge, prove; where the proof fails, look there and begin again.

use super::Fault;
use super::explore::Explorer;
use super::merge::merge;
use super::probes::{Probes, Set};
use super::prove::{Arbitrary, awkward, counterexample, difference};
use super::tree::Forest;
use super::world::World;
use crate::params::Registry;

/// What was derived.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The tree.
    pub forest: Forest,
}

/// Counterexamples after which a site counts as inexpressible.
const ROUNDS: u64 = 6;
/// Assignments of awkward values in the proof.
const AWKWARD: u64 = 60;

/// Derives the templates of a site.
pub fn derive(world: &World, registry: &Registry) -> Result<Derived, Fault> {
    let probes = Probes::of(registry).ok_or_else(Fault::tangled)?;
    let mut explorer = Explorer::new(world, &probes);
    explorer.explore(probes.home())?;
    for round in 0..ROUNDS {
        let derived = Derived {
            forest: merge(explorer.seen(), explorer.order()?, &probes.dims)?,
        };
        match counterexample(world, &probes, &derived, round)? {
            None => {
                same_for_awkward_values(world, registry, &derived)?;
                return Ok(derived);
            }
            Some(context) if round + 1 == ROUNDS => {
                let assignment = probes.assignment(&context, Set::A);
                let place = difference(world, &derived, &assignment)?;
                let off: Vec<&str> = probes
                    .dims
                    .iter()
                    .zip(&context)
                    .filter(|(_, on)| !**on)
                    .map(|(dim, _)| *dim)
                    .collect();
                return Err(Fault::Inexpressible(format!(
                    "{} with these off or empty: {}",
                    place.unwrap_or_default(),
                    off.join(", ")
                )));
            }
            Some(context) => explorer.explore(context)?,
        }
    }
    Err(Fault::tangled())
}

/// Probes are tame; what is done to a value only shows with values that are not.
fn same_for_awkward_values(
    world: &World,
    registry: &Registry,
    derived: &Derived,
) -> Result<(), Fault> {
    for seed in 0..AWKWARD {
        let assignment = awkward(registry, &mut Arbitrary::new(seed));
        if let Some(place) = difference(world, derived, &assignment)? {
            return Err(Fault::Inexpressible(format!(
                "{place} is not merely placed: it differs for unusual values"
            )));
        }
    }
    Ok(())
}
