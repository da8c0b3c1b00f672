//! What a site renders to under an assignment of its parameters: the function whose differences become templates.

use std::fmt;

use crate::config::site::{App, Site};
use crate::k8s;
use crate::params::{Assignment, Registry, Scope};
use crate::plan::Plan;
use crate::resolve::{Frame, Resolved, resolve_in};
use crate::tree::Value;

use super::Fault;

/// A site whose parameters can be assigned; everything else of it is fixed.
#[derive(Clone, Debug)]
pub struct World<'s> {
    /// The site.
    pub site: &'s Site,
    /// What its profiles have between them.
    pub frame: Frame,
}

/// One thing that is rendered.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    /// A neutral object as Helm delivers it.
    Object(Value),
    /// The lines of a block of a text.
    Block(Vec<String>),
}

/// What a thing is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThingName {
    /// The file of an object: `web/deployment.yaml`.
    Object(String),
    /// A text by its ConfigMap and file, `web/nginx.conf`, and its block.
    Block(String, String),
}

impl fmt::Display for ThingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(path) => f.write_str(path),
            Self::Block(text, block) => write!(f, "{text}, block {block}"),
        }
    }
}

/// All things, in order.
pub type Things = Vec<(ThingName, Thing)>;

impl World<'_> {
    /// Every parameter and definition, with the values of the site.
    pub fn survey(&self, prefix: &str) -> Result<Registry, Fault> {
        let scope = Scope::survey(prefix);
        let resolved = resolve_in(&scope, self.site, &self.frame);
        // What is placed is only known once it was placed.
        plan(self.site, &resolved)?;
        Ok(scope.registry())
    }

    /// The plan under an assignment; what it does not name has the site's value.
    pub fn plan(&self, assignment: &Assignment) -> Result<Plan, Fault> {
        let scope = Scope::assigned(assignment.clone());
        plan(self.site, &resolve_in(&scope, self.site, &self.frame))
    }

    /// The things under an assignment that are wanted.
    pub fn things(
        &self,
        assignment: &Assignment,
        wanted: impl Fn(&ThingName) -> bool,
    ) -> Result<Things, Fault> {
        let plan = self.plan(assignment)?;
        let mut things = Things::new();
        for draft in k8s::drafts(&plan)
            .into_iter()
            .chain(k8s::connection_test(&plan))
        {
            let name = ThingName::Object(draft.path.clone());
            if !wanted(&name) {
                continue;
            }
            if let Some(object) = k8s::delivered_by_helm(&plan, draft.object()?) {
                things.push((name, Thing::Object(object.value)));
            }
        }
        for config in &plan.configs {
            for file in &config.files {
                let text = format!("{}/{}", config.id, file.name);
                for block in file.text.blocks() {
                    let name = ThingName::Block(text.clone(), block.name().to_owned());
                    if wanted(&name) {
                        things.push((name, Thing::Block(block.lines().to_vec())));
                    }
                }
            }
        }
        Ok(things)
    }

    /// The finished objects under an assignment, as Helm shall deliver them.
    pub fn objects(&self, assignment: &Assignment) -> Result<Vec<k8s::Object>, Fault> {
        let plan = self.plan(assignment)?;
        let mut objects = k8s::objects(&plan)?;
        for draft in k8s::connection_test(&plan) {
            objects.push(draft.object()?);
        }
        Ok(k8s::helm(&plan, objects)?)
    }
}

fn plan(site: &Site, resolved: &Resolved) -> Result<Plan, Fault> {
    match site.app {
        App::InvenioRdm => Ok(crate::app::invenio::plan(resolved)?),
    }
}
