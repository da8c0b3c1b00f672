//! Joint assignments of all parameters over awkward values: the real Helm yields what rendering yields.

use std::collections::BTreeMap;

use invgen::params::Assignment;
use serde_json::Value;

use super::arbitrary::{Source, assignment};
use super::compare::{Objects, differences, keyed};
use super::made::Made;
use crate::support::helm::{VERSIONS, Version, batch};

/// Assignments for each example and version.
const CASES: u64 = 300;

/// What rendering yields.
fn rendered(made: &Made, assignment: &Assignment) -> Objects {
    let objects = made.world().objects(assignment).unwrap();
    keyed(objects.into_iter().map(|object| object.value))
}

/// What is different for each assignment, or why Helm refuses it.
fn found(made: &Made, version: Version, assignments: &[Assignment]) -> Option<Vec<Vec<String>>> {
    let cases: Vec<_> = assignments.iter().map(|assignment| made.case(assignment)).collect();
    let answers = batch(version, &made.folder(), &cases)?;
    let pairs = assignments.iter().zip(answers);
    Some(
        pairs
            .map(|(assignment, answer)| match answer {
                Ok(answer) => differences(&rendered(made, assignment), &keyed(answer.objects)),
                Err(error) => vec![format!("Helm refuses it: {error}")],
            })
            .collect(),
    )
}

/// The same failure with as many values as possible as the site has them: what is left broke it.
fn shrunk(made: &Made, version: Version, mut failing: Assignment) -> String {
    let usual: BTreeMap<&String, &Value> = made.base().iter().collect();
    loop {
        let different: Vec<String> = failing
            .iter()
            .filter(|(name, value)| usual.get(name) != Some(value))
            .map(|(name, _)| name.clone())
            .collect();
        let simpler: Vec<Assignment> = different
            .iter()
            .map(|name| {
                let mut simpler = failing.clone();
                simpler.insert(name.clone(), made.base()[name].clone());
                simpler
            })
            .collect();
        let results = found(made, version, &simpler).unwrap();
        let still = results.iter().position(|found| !found.is_empty());
        match still {
            Some(index) => failing = simpler[index].clone(),
            None => {
                let values: Vec<String> = different
                    .iter()
                    .map(|name| format!("{name} = {}", failing[name]))
                    .collect();
                let places = &found(made, version, &[failing]).unwrap()[0];
                return format!("with {}:\n{}", values.join(", "), places.join("\n"));
            }
        }
    }
}

fn helm_yields_what_rendering_yields(example: &str) {
    let made = Made::of(example);
    for (number, version) in VERSIONS.into_iter().enumerate() {
        let seeds = (0..CASES).map(|seed| seed * 2 + u64::try_from(number).unwrap());
        let mut assignments = vec![made.base().clone()];
        assignments.extend(seeds.map(|seed| assignment(&made, &mut Source::new(seed + 1))));
        let Some(found) = found(&made, version, &assignments) else {
            return;
        };
        let wrong = found.iter().position(|found| !found.is_empty());
        if let Some(wrong) = wrong {
            let count = found.iter().filter(|found| !found.is_empty()).count();
            panic!(
                "{example}, {version:?}: {count} of {} differ, number {wrong} {}",
                assignments.len(),
                shrunk(&made, version, assignments[wrong].clone())
            );
        }
    }
}

#[test]
fn busy_yields_what_rendering_yields() {
    helm_yields_what_rendering_yields("busy");
}

#[test]
fn lab_yields_what_rendering_yields() {
    helm_yields_what_rendering_yields("lab");
}
