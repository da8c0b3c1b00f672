//! Joint assignments of all parameters over awkward values: the real Helm yields what rendering yields.

use std::collections::BTreeMap;

use invgen::params::Assignment;
use serde_json::Value;

use super::arbitrary::{Pool, Source};
use super::compare::{Objects, differences, keyed};
use super::made::{Made, at_length};
use crate::support::helm::{VERSIONS, Version, batch};

/// Assignments for each example and version.
fn cases() -> usize {
    std::env::var("INVGEN_CHART_CASES")
        .unwrap()
        .parse()
        .unwrap()
}
/// Assignments that the schema refuses, and Helm shall too.
const REFUSED: usize = 10;

/// What rendering yields.
fn rendered(made: &Made, assignment: &Assignment) -> Objects {
    let objects = made.world().objects(assignment).unwrap();
    keyed(objects.into_iter().map(|object| object.value))
}

/// What is different for each assignment, or why Helm refuses it.
fn found(made: &Made, version: Version, assignments: &[Assignment]) -> Option<Vec<Vec<String>>> {
    let cases: Vec<_> = assignments
        .iter()
        .map(|assignment| made.case(assignment))
        .collect();
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

/// The same failure with as many values as possible as the site has them: what is left broke it. First half of the values
/// are tried at a time, then smaller parts.
fn shrunk(made: &Made, version: Version, mut failing: Assignment) -> String {
    let different = |failing: &Assignment| -> Vec<String> {
        let usual: BTreeMap<&String, &Value> = made.base().iter().collect();
        failing
            .iter()
            .filter(|(name, value)| usual.get(name) != Some(value))
            .map(|(name, _)| name.clone())
            .collect()
    };
    let mut size = different(&failing).len().div_ceil(2);
    while size > 0 {
        let names = different(&failing);
        let simpler: Vec<Assignment> = names
            .chunks(size)
            .map(|part| {
                let mut simpler = failing.clone();
                simpler.extend(
                    part.iter()
                        .map(|name| (name.clone(), made.base()[name].clone())),
                );
                simpler
            })
            .collect();
        let results = found(made, version, &simpler).unwrap();
        match results.iter().position(|found| !found.is_empty()) {
            Some(index) => {
                failing = simpler[index].clone();
                size = size.min(different(&failing).len());
            }
            None if size == 1 => break,
            None => size = size.div_ceil(2),
        }
    }
    let values: Vec<String> = different(&failing)
        .iter()
        .map(|name| format!("{name} = {}", failing[name]))
        .collect();
    let places = &found(made, version, &[failing]).unwrap()[0];
    format!("with {}:\n{}", values.join(", "), places.join("\n"))
}

fn helm_yields_what_rendering_yields(example: &str) {
    let made = Made::of(example);
    let schema = serde_json::from_str(&made.files["values.schema.json"]).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let pool = Pool::of(&made);
    for (number, version) in VERSIONS.into_iter().enumerate() {
        let mut source = Source::new(u64::try_from(number).unwrap() + 1);
        let mut assignments = vec![made.base().clone()];
        let mut refused = Vec::new();
        while assignments.len() <= cases() {
            let assignment = pool.assignment(&mut source);
            // Rules across values, such as HTTPS in production, refuse some of them.
            if schema.is_valid(&made.nested(&assignment)) {
                assignments.push(assignment);
            } else if refused.len() < REFUSED {
                refused.push(made.case(&assignment));
            }
        }
        let Some(answers) = batch(version, &made.folder(), &refused) else {
            return;
        };
        for (case, answer) in refused.iter().zip(answers) {
            assert!(answer.is_err(), "Helm accepts {}", case.values);
        }
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
    if !at_length() {
        return;
    }
    helm_yields_what_rendering_yields("busy");
}

#[test]
fn lab_yields_what_rendering_yields() {
    if !at_length() {
        return;
    }
    helm_yields_what_rendering_yields("lab");
}
