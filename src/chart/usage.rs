//! What of a site the texts around the templates speak of, and whether every parameter is of use.

use super::Fault;
use super::explore::flipped;
use super::files::{self, Front, Job};
use super::probes::{Probes, Set};
use super::world::World;
use crate::emit::File;
use crate::params::{Kind, Registry, Root};
use crate::plan::{Kind as WorkloadKind, Plan, SecretKey};

/// A Secret, and where its name comes from.
pub struct SecretUse {
    name: String,
    usual: String,
    when: Option<String>,
    keys: Vec<SecretKey>,
}

impl SecretUse {
    /// As the texts list it.
    pub fn listed(&self) -> files::Secret<'_> {
        files::Secret {
            name: &self.name,
            usual: &self.usual,
            when: self.when.as_deref(),
            keys: &self.keys,
        }
    }
}

/// The Secrets that some assignment needs: their names and conditions are found with probes, as everything in a chart.
pub fn secrets(world: &World, registry: &Registry, plan: &Plan) -> Result<Vec<SecretUse>, Fault> {
    let probes = Probes::of(registry).ok_or_else(Fault::tangled)?;
    let home = probes.home();
    let strange = world.plan(&probes.assignment(&home, Set::A))?;
    let mut found = Vec::new();
    for secret in &strange.secrets {
        let parts = probes.split(&secret.name.leaf(), Set::A);
        let [Ok(name)] = parts.as_slice() else {
            return Err(Fault::Inexpressible(format!(
                "the name of the Secret {} is not one value",
                secret.id
            )));
        };
        let mut when = None;
        for (dim, choice) in probes.dims.iter().enumerate() {
            if registry.kind(choice) != Some(Kind::Switch) {
                continue;
            }
            let other = world.plan(&probes.assignment(&flipped(&home, dim), Set::A))?;
            if !other.secrets.iter().any(|other| other.id == secret.id) {
                when = Some((*choice).to_owned());
            }
        }
        let usual = plan.secrets.iter().find(|known| known.id == secret.id);
        found.push(SecretUse {
            usual: usual.map_or_else(
                || plan.identity.name(secret.id).leaf(),
                |known| known.name.leaf(),
            ),
            name: name.name.clone(),
            when,
            keys: secret.keys.clone(),
        });
    }
    Ok(found)
}

/// The Jobs.
pub fn jobs(plan: &Plan) -> Vec<Job<'_>> {
    plan.workloads
        .iter()
        .filter_map(|workload| match &workload.kind {
            WorkloadKind::Job(task) => Some(Job {
                component: &workload.component,
                deadline_seconds: task.deadline_seconds.leaf(),
            }),
            _ => None,
        })
        .collect()
}

/// Where the site answers inside the namespace: the first Deployment behind a Service.
pub fn front(plan: &Plan) -> Option<Front<'_>> {
    plan.workloads.iter().find_map(|workload| {
        let WorkloadKind::Deployment { .. } = workload.kind else {
            return None;
        };
        let port = workload.service.as_ref()?.ports.first()?;
        Some(Front {
            component: &workload.component,
            port: port.number,
        })
    })
}

/// Refuses a chart with a parameter that no template reads.
pub fn all_are_used(registry: &Registry, templates: &[File], around: &[File]) -> Result<(), Fault> {
    let texts: Vec<&str> = templates
        .iter()
        .chain(
            around
                .iter()
                .filter(|file| file.path.starts_with("templates/")),
        )
        .map(|file| file.text.as_str())
        .collect();
    for param in files::used(registry) {
        let path = registry.path(&param.path, Root::Dot);
        let is_read = texts.iter().any(|text| reads(text, &path))
            || sections(&param.path).any(|section| {
                let call = format!("toYaml {} |", registry.path(section, Root::Dot));
                texts.iter().any(|text| text.contains(&call))
            });
        if !is_read {
            return Err(Fault::Unused(param.path.clone()));
        }
    }
    for definition in registry.definitions() {
        let unknown = definition
            .go
            .names()
            .into_iter()
            .find(|name| registry.get(name).is_none());
        if let Some(name) = unknown {
            return Err(Fault::Inexpressible(format!(
                "{} is computed from {name}, which is nowhere registered",
                definition.name
            )));
        }
    }
    Ok(())
}

/// Whether a text holds the whole path, and not only a longer one that begins so.
fn reads(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let next = text[at + path.len()..].chars().next();
        next.is_none_or(|next| !next.is_ascii_alphanumeric() && next != '.')
    })
}

fn sections(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('.').map(|(at, _)| &path[..at])
}
