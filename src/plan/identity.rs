//! Whose deployment it is, and how its parts are called.

use super::Par;

/// A part of the deployment: `web`, `worker-bulk`, `postgresql`. Also the folder its files are written to.
pub type Component = String;

/// What all objects of a deployment have in common.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The application, `app.kubernetes.io/name`: `invenio-rdm`.
    pub app: &'static str,
    /// The site's name, `app.kubernetes.io/instance`, and the prefix of every object's name.
    pub instance: Par<String>,
    /// The namespace of every object.
    pub namespace: Par<String>,
    /// Labels that the site adds to every object and pod.
    pub labels: Vec<(String, Par<String>)>,
    /// Annotations that the site adds to every object.
    pub annotations: Vec<(String, Par<String>)>,
}

impl Identity {
    /// The one rule for names: the site's name, a dash, and what the object is.
    pub fn name(&self, what: &str) -> Par<String> {
        format!("{}-{what}", self.instance).into()
    }

    /// Name of the headless Service that gives a component's pods names of their own.
    pub fn headless(&self, component: &str) -> Par<String> {
        self.name(&format!("{component}-headless"))
    }
}
