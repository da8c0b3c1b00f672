//! The Helm chart of a site, derived from the functions that make its plain manifests.
//!
//! A site is rendered with probes in place of its parameters; where they surface, a template gets an expression, and what
//! appears with a switch gets a condition. The tree that comes of it is then asked the same as rendering, and must answer
//! the same. No template is written by hand.

mod accepted;
mod derive;
mod evaluate;
mod explore;
pub mod files;
pub mod immutable;
mod merge;
mod print;
mod probes;
mod prove;
mod subcharts;
mod survey;
mod sym;
mod tree;
mod usage;
mod world;

use crate::config::site::Site;
use crate::emit::File;
use crate::params::{Assignment, Registry};
use crate::plan::Plan;
use crate::resolve::Frame;
use crate::{k8s, texts};

pub use subcharts::subcharts;
pub use world::World;

/// A site in one of its profiles.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'s> {
    /// The profile's name.
    pub name: &'s str,
    /// The site.
    pub site: &'s Site,
}

/// Why there is no chart.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A text could not be filled in.
    #[error(transparent)]
    Text(#[from] texts::Fault),
    /// An object could not be built.
    #[error(transparent)]
    Object(#[from] k8s::Fault),
    /// The files around the templates could not be written.
    #[error(transparent)]
    Files(#[from] files::Fault),
    /// Something depends on parameters in a way that a template cannot say. A fault of ours.
    #[error("no template can say this: {0}")]
    Inexpressible(String),
    /// A parameter is nowhere used. A fault of ours.
    #[error("the parameter {0} changes nothing")]
    Unused(String),
    /// The schema of the values is none. A fault of ours.
    #[error("values.schema.json is no schema: {0}")]
    Schema(String),
    /// A profile has values that a chart cannot take. The site file's affair.
    #[error("a chart cannot take these values of the profile `{profile}`:\n  {}", problems.join("\n  "))]
    Values {
        /// The profile.
        profile: String,
        /// Each value with what is wrong.
        problems: Vec<String>,
    },
    /// Two profiles of the site differ in more than values. The site file's affair.
    #[error(
        "the profiles `{profile}` and `{base}` cannot share a chart: {}",
        described(keys, object)
    )]
    Profiles {
        /// One profile.
        profile: String,
        /// The one of `values.yaml`.
        base: String,
        /// Keys of the site file in which they differ and that a chart fixes.
        keys: Vec<String>,
        /// An object that differs.
        object: String,
    },
}

impl Fault {
    fn tangled() -> Self {
        Self::Inexpressible("the conditions of the site depend on each other without end".into())
    }

    fn disorder(at: &str) -> Self {
        Self::Inexpressible(format!("the order of items in {at} depends on a parameter"))
    }
}

fn described(keys: &[String], object: &str) -> String {
    if keys.is_empty() {
        return format!("{object} differs in more than values");
    }
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!(
        "they differ in {}, which is fixed when a chart is rendered",
        keys.join(", ")
    )
}

/// A chart, and what it was made of.
#[derive(Debug)]
pub struct Chart {
    /// Its files.
    pub files: Vec<File>,
    /// Its parameters.
    pub registry: Registry,
    /// A complete assignment for each profile.
    pub values: Vec<(String, Assignment)>,
    /// Parameters that cannot change once the chart is installed.
    pub immutable: Vec<String>,
}

/// The chart of a site in some profiles, with the values of one of them in `values.yaml`.
pub fn chart(profiles: &[Profile], base: &Profile) -> Result<Chart, Fault> {
    let sites: Vec<&Site> = profiles.iter().map(|profile| profile.site).collect();
    let frame = Frame::of(&sites);
    let survey = survey::survey(profiles, base, &frame)?;
    survey::only_values_differ(profiles, base, &frame, &survey)?;
    let world = World {
        site: base.site,
        frame,
    };
    let derived = derive::derive(&world, &survey.registry)?;
    let plan = world.plan(&Assignment::new())?;
    let subcharts = subcharts(profiles, base, &world.frame)?;
    let immutable = immutable::params(&derived.forest, &survey.registry);
    let around = around(&world, &plan, base, &survey, &subcharts, &immutable)?;
    let mut files = print::Printer::new(&survey.registry, &derived.forest).files(&around);
    usage::all_are_used(&survey.registry, &files, &around)?;
    files.extend(around);
    accepted::all_are_accepted(&files, &survey.registry, &survey.values)?;
    Ok(Chart {
        files,
        registry: survey.registry,
        values: survey.values,
        immutable,
    })
}

/// The files around the templates.
fn around(
    world: &World,
    plan: &Plan,
    base: &Profile,
    survey: &survey::Survey,
    subcharts: &[files::Subchart],
    immutable: &[String],
) -> Result<Vec<File>, Fault> {
    let secrets = usage::secrets(world, &survey.registry, plan)?;
    let secrets: Vec<files::Secret> = secrets.iter().map(usage::SecretUse::listed).collect();
    let jobs = usage::jobs(plan);
    let values = survey.values.iter().find(|(name, _)| name == base.name);
    let empty = Assignment::new();
    let pod_security_version = plan.namespace.pod_security_version.leaf();
    Ok(files::files(&files::Chart {
        name: base.site.name.as_str(),
        app: plan.identity.app,
        app_version: base.site.image.tag.as_str(),
        registry: &survey.registry,
        values: values.map_or(&empty, |(_, values)| values),
        profiles: &survey.values,
        base: base.name,
        subcharts,
        immutable,
        secrets: &secrets,
        jobs: &jobs,
        front: usage::front(plan),
        pod_security_version: &pod_security_version,
    })?)
}
