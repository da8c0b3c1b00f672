//! Secrets that a site needs: the list of them, and a first set of values.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, json};

use crate::k8s;
use crate::plan::{Plan, SecretSpec, Strength};
use crate::tree::{Value, order, yaml};

/// Letters and digits: safe in URLs, shells, YAML and every configuration file.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Largest multiple of the alphabet's size in a byte; what lies above is drawn again, so that no letter is likelier.
const FAIR: u8 = 248;

/// The system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers: {0}")]
pub struct Fault(getrandom::Error);

/// What the site needs, as a list for people: Secrets, their keys and what each is for.
pub fn catalogue(plan: &Plan) -> String {
    let mut text = String::new();
    for secret in &plan.secrets {
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "{} (namespace {})",
            secret.name, plan.identity.namespace
        );
        for key in &secret.keys {
            let shape = match key.strength {
                Strength::Password | Strength::Key => {
                    format!("{} random characters", length(key.strength))
                }
                Strength::Given => "from whoever runs it; not generated".to_owned(),
            };
            let _ = writeln!(text, "  {:<16}  {}  [{shape}]", key.key, key.purpose);
        }
    }
    let others = from_elsewhere(plan);
    if !others.is_empty() {
        text.push_str("\nmade elsewhere, not by `invgen secrets`:\n");
        for (name, what) in others {
            let _ = writeln!(text, "  {name:<16}  {what}");
        }
    }
    text
}

/// Secrets that the objects name and whose content is not for us to make: name, and what must be in it.
fn from_elsewhere(plan: &Plan) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for workload in &plan.workloads {
        for name in workload.pod.pull_secrets.leaf() {
            names.insert(
                name,
                "Credentials for the image registry (.dockerconfigjson).".to_owned(),
            );
        }
    }
    if let Some(exposure) = &plan.exposure
        && let Some(tls) = &exposure.tls
        && !tls.issued.is_on()
    {
        names.insert(
            tls.secret.leaf(),
            format!("Certificate of {} (tls.crt, tls.key).", exposure.host),
        );
    }
    names
}

/// Secret objects with fresh random values, as a YAML stream. Values that somebody else decides are left for them to fill in.
pub fn generate(plan: &Plan) -> Result<String, Fault> {
    let mut text = String::from(
        "# Secrets of this site. Made once: apply with `kubectl create`, keep a copy where passwords are kept, and keep this\n\
         # file out of version control.\n",
    );
    let mut documents = Vec::new();
    for secret in &plan.secrets {
        documents.push(object(plan, secret)?);
    }
    text.push_str(&yaml::stream(&documents));
    Ok(text)
}

fn object(plan: &Plan, secret: &SecretSpec) -> Result<Value, Fault> {
    let mut data = Map::new();
    for key in &secret.keys {
        data.insert(key.key.into(), value(key.strength)?.into());
    }
    Ok(order::canonical(json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": secret.name.leaf(),
            "namespace": plan.identity.namespace.leaf(),
            "labels": k8s::instance_labels(&plan.identity),
        },
        "type": "Opaque",
        "stringData": data,
    })))
}

/// Random characters of a key; see [`Strength`].
const fn length(strength: Strength) -> usize {
    match strength {
        Strength::Password => 32,
        Strength::Key => 64,
        Strength::Given => 0,
    }
}

/// A random value. Begins with a letter, so that no parser takes it for a number.
fn value(strength: Strength) -> Result<String, Fault> {
    let wanted = length(strength);
    let mut text = String::with_capacity(wanted);
    if strength == Strength::Given {
        return Ok("FILL-IN".into());
    }
    let mut bytes = [0_u8; 64];
    while text.len() < wanted {
        getrandom::fill(&mut bytes).map_err(Fault)?;
        for byte in bytes.iter().filter(|byte| **byte < FAIR) {
            let letter = char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
            if text.len() < wanted && (!text.is_empty() || letter.is_ascii_alphabetic()) {
                text.push(letter);
            }
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_length_and_only_harmless_characters() {
        for (strength, length) in [(Strength::Password, 32), (Strength::Key, 64)] {
            for _ in 0..200 {
                let value = value(strength).unwrap();
                assert_eq!(value.len(), length);
                assert!(
                    value.starts_with(|letter: char| letter.is_ascii_alphabetic()),
                    "{value}"
                );
                assert!(
                    value.chars().all(|letter| letter.is_ascii_alphanumeric()),
                    "{value}"
                );
            }
        }
    }

    #[test]
    fn every_character_occurs_about_as_often_as_any_other() {
        let mut count = [0_u32; 128];
        for _ in 0..2000 {
            for letter in value(Strength::Key).unwrap().bytes().skip(1) {
                count[usize::from(letter)] += 1;
            }
        }
        let expected = 2000.0 * 63.0 / 62.0;
        for letter in ALPHABET {
            let share = f64::from(count[usize::from(*letter)]) / expected;
            assert!(
                (0.85..1.15).contains(&share),
                "{} occurs {share} times as often",
                char::from(*letter)
            );
        }
    }

    #[test]
    fn no_two_values_are_alike() {
        let values: std::collections::BTreeSet<_> = (0..500)
            .map(|_| value(Strength::Password).unwrap())
            .collect();
        assert_eq!(values.len(), 500);
    }
}
