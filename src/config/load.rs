//! A whole site out of its layers: built-in profile, site file, the file's own profile section, `--set`.

use std::sync::Arc;

use super::decode;
use super::fault::{Build, error};
use super::layer::Layer;
use super::layers::{Merged, inherit, merge};
use super::node::{Kind, Node};
use super::profiles::{BUILT_IN, BuiltIn, DEFAULT};
use super::site::Site;
use super::{set, yaml};
use crate::diag::{Diagnostic, Source, codes, nearest};

/// A site in one profile, with the origin of every value.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The profile's name.
    pub profile: String,
    /// The typed site.
    pub site: Site,
    /// The tree it was read from, which knows who wrote what.
    pub merged: Merged,
}

/// A site file that has been parsed, before a profile is chosen.
#[derive(Clone, Debug)]
pub struct Parsed {
    root: Node,
}

/// Parses a site file; refuses what is not one YAML map.
pub fn parse(source: Arc<Source>) -> Result<Parsed, Vec<Diagnostic>> {
    yaml::parse(source).map(|root| Parsed { root })
}

impl Parsed {
    /// The profiles that the site file itself has a section for, in its order.
    pub fn own_profiles(&self) -> Vec<&str> {
        let Some(profiles) = self.root.get("profiles") else {
            return Vec::new();
        };
        match &profiles.value.value {
            Kind::Map(entries) => entries.iter().map(|entry| entry.key.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The site in a profile, the default one if `None`, with `--set` arguments on top. All errors at once.
    pub fn load(&self, profile: Option<&str>, sets: &[String]) -> Result<Loaded, Vec<Diagnostic>> {
        let profile = profile.unwrap_or(DEFAULT);
        let own = self.section(profile);
        let base = self.base(profile, own)?;
        let mut layers = vec![
            (Layer::BuiltInProfile, yaml::parse(base.source())?),
            (Layer::Site, self.root.clone()),
        ];
        layers.extend(
            own.filter(|section| !section.is_null())
                .map(|section| (Layer::SiteProfile, section.clone())),
        );
        let mut problems = Vec::new();
        for argument in sets {
            match set::parse(argument) {
                Ok(node) => layers.push((Layer::Set, node)),
                Err(found) => problems.extend(found),
            }
        }
        let Some(mut merged) = merge(layers) else {
            return Err(problems);
        };
        inherit_siblings(&mut merged.root);
        match decode::decode::<Site>(&merged.root) {
            Ok(site) if problems.is_empty() => Ok(Loaded {
                profile: profile.to_owned(),
                site,
                merged,
            }),
            Ok(_) => Err(problems),
            Err(found) => {
                problems.extend(found);
                Err(problems)
            }
        }
    }

    fn section(&self, profile: &str) -> Option<&Node> {
        Some(&self.root.get("profiles")?.value.get(profile)?.value)
    }

    /// The built-in profile that a profile builds on: itself, or the one of its environment, or the strictest.
    fn base(&self, profile: &str, own: Option<&Node>) -> Result<BuiltIn, Vec<Diagnostic>> {
        if let Some(built_in) = BuiltIn::named(profile) {
            return Ok(built_in);
        }
        let Some(section) = own else {
            return Err(vec![self.unknown(profile)]);
        };
        let environment = section
            .get("environment")
            .map(|entry| entry.value.raw.as_str());
        let base = environment
            .and_then(BuiltIn::of_environment)
            .or_else(|| BuiltIn::named(DEFAULT));
        base.ok_or_else(|| vec![self.unknown(profile)])
    }

    fn unknown(&self, profile: &str) -> Diagnostic {
        let mut known: Vec<&str> = BUILT_IN.iter().map(|built_in| built_in.name).collect();
        known.extend(
            self.own_profiles()
                .into_iter()
                .filter(|name| BuiltIn::named(name).is_none()),
        );
        let list = known.join(", ");
        let meant = nearest(profile, known.iter().copied());
        error(
            codes::UNKNOWN_PROFILE,
            format!("there is no profile `{profile}`"),
        )
        .help(match meant {
            Some(name) => format!("did you mean `{name}`? This site has {list}"),
            None => format!(
                "name one of {list}, or add `profiles: {{{profile}: {{}}}}` to the site file"
            ),
        })
    }
}

/// What `api` does not say is as in `web`, and what a named worker does not say is as in `worker`.
fn inherit_siblings(root: &mut Node) {
    let web = root.get("web").map(|entry| entry.value.clone());
    let worker = root.get("worker").map(|entry| entry.value.clone());
    let Kind::Map(entries) = &mut root.value else {
        return;
    };
    for entry in entries {
        match (entry.key.as_str(), &mut entry.value.value) {
            ("api", _) => {
                if let Some(web) = &web {
                    inherit(web, &mut entry.value);
                }
            }
            ("workers", Kind::Map(workers)) => {
                let Some(worker) = &worker else { continue };
                for named in workers {
                    inherit(worker, &mut named.value);
                }
            }
            _ => {}
        }
    }
}
