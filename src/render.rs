//! The whole way from a typed site to files, as every verb takes it.

use crate::app;
use crate::beside;
use crate::chart::{self, Chart, Profile};
use crate::config::site::{App, Site};
use crate::emit::File;
use crate::k8s;
use crate::plan::Plan;
use crate::resolve::resolve;
use crate::texts;
use crate::tree::yaml;

/// A fault of ours: a site that passed every rule could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A text could not be filled in.
    #[error(transparent)]
    Text(#[from] texts::Fault),
    /// An object could not be built.
    #[error(transparent)]
    Object(#[from] k8s::Fault),
}

/// The deployment of a site.
pub fn plan(site: &Site) -> Result<Plan, Fault> {
    let resolved = resolve(site);
    match site.app {
        App::InvenioRdm => Ok(app::invenio::plan(&resolved)?),
    }
}

/// The files beside the site's plain manifests, for what `kubectl` does not install.
pub fn beside(site: &Site) -> Result<Vec<File>, Fault> {
    Ok(beside::files(&plan(site)?)?)
}

/// The site's plain manifests, a file an object, in the order in which they are best applied.
pub fn manifests(site: &Site) -> Result<Vec<File>, Fault> {
    let plan = plan(site)?;
    let objects = k8s::plain(&plan, k8s::objects(&plan)?)?;
    Ok(objects
        .into_iter()
        .map(|object| File {
            text: yaml::document(&object.value),
            path: object.path,
        })
        .collect())
}

/// The Helm chart of a site in its profiles, with the values of one of them in `values.yaml`.
pub fn helm_chart(profiles: &[Profile], base: &Profile) -> Result<Chart, chart::Fault> {
    chart::chart(profiles, base)
}
