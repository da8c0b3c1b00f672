//! The files of a chart around its templates: pure functions from the list of parameters to texts.
//!
//! All of them walk one [`outline`]: the sections and values of `values.yaml` in the order of the site file, each with its
//! sentence. So a parameter that is registered appears in the values, in their schema and in the table of the README.

mod definition;
mod docs;
mod notes;
mod outline;
mod readme;
mod rules;
mod schema;
mod values;
mod wrap;

pub use docs::Docs;
pub use outline::used;

use crate::emit::File;
use crate::params::{Assignment, Registry};
use crate::plan::SecretKey;
use crate::tree::Value;

/// What the files are made of.
#[derive(Clone, Copy, Debug)]
pub struct Chart<'a> {
    /// Name of the chart: the site's, which also begins the names of its own templates.
    pub name: &'a str,
    /// The application: `invenio-rdm`.
    pub app: &'a str,
    /// Its version: the tag of its image.
    pub app_version: &'a str,
    /// The parameters and definitions. Those that no template uses are left out; `Release.Name` and `Release.Namespace` are
    /// Helm's own, and their values those of the site.
    pub registry: &'a Registry,
    /// A value for every parameter: what `values.yaml` holds.
    pub values: &'a Assignment,
    /// A value for every parameter in each profile, the one of `values.yaml` included.
    pub profiles: &'a [(String, Assignment)],
    /// The profile whose values are in `values.yaml`.
    pub base: &'a str,
    /// Charts that this one installs with it.
    pub subcharts: &'a [Subchart],
    /// Parameters that cannot change once it is installed.
    pub immutable: &'a [String],
    /// Secrets that must be there before it is installed.
    pub secrets: &'a [Secret<'a>],
    /// Jobs that run at each installation and upgrade.
    pub jobs: &'a [Job<'a>],
    /// Where the site answers inside the namespace.
    pub front: Option<Front<'a>>,
    /// Version to which the Pod Security labels of the namespace are pinned: `v1.33`.
    pub pod_security_version: &'a str,
}

/// A chart that this one installs with it.
#[derive(Clone, Debug)]
pub struct Subchart {
    /// Its name, under which its values stand.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Where it is downloaded from.
    pub repository: String,
    /// The value that switches it on, such as `postgresql.enabled`; `None` for a chart that is always installed.
    pub condition: Option<String>,
    /// Its values in `values.yaml`; parameters below its name are added to them.
    pub values: Value,
    /// Its values in each profile.
    pub profiles: Vec<(String, Value)>,
}

/// A Secret that must be there before the chart is installed.
#[derive(Clone, Copy, Debug)]
pub struct Secret<'a> {
    /// The parameter or definition that is its name.
    pub name: &'a str,
    /// Its name for a release that is called as the site is.
    pub usual: &'a str,
    /// The switch without which nothing reads it; `None` for one that is always read.
    pub when: Option<&'a str>,
    /// Its keys.
    pub keys: &'a [SecretKey],
}

/// A Job that runs at each installation and upgrade.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// Its component: the end of its name.
    pub component: &'a str,
    /// The longest that it may take.
    pub deadline_seconds: i64,
}

/// Where the site answers inside the namespace.
#[derive(Clone, Copy, Debug)]
pub struct Front<'a> {
    /// Component of its Service: the end of the name.
    pub component: &'a str,
    /// Port of the Service.
    pub port: u16,
}

/// A fault of ours: the list of parameters and the values do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A parameter has no value.
    #[error("the parameter {path} has no value in the profile {profile}")]
    NoValue {
        /// The profile.
        profile: String,
        /// The parameter.
        path: String,
    },
    /// Nothing says what a value or section is for.
    #[error("nothing says what {path} is for: give it a sentence where it is registered")]
    NoSentence {
        /// The value or section.
        path: String,
    },
    /// The place of a parameter is a value already, or the other way round.
    #[error("{path} is both a value and a section")]
    TwoKinds {
        /// The place.
        path: String,
    },
    /// A condition names a switch that users of the chart cannot set.
    #[error("{path} depends on {switch}, which is no switch among the parameters")]
    NoSwitch {
        /// What depends on it.
        path: String,
        /// The switch.
        switch: String,
    },
    /// A text of the chart uses a name that is not in the list.
    #[error("the chart's texts use {name}, which is no parameter or definition")]
    NoName {
        /// The name.
        name: String,
    },
}

/// What a packaged chart leaves out.
const IGNORED: &str = "\
# What `helm package` leaves out.
.invgen
.git/
.gitignore
.DS_Store
.idea/
.vscode/
*.swp
*.bak
*.orig
*.tmp
*~
";

/// All of them.
pub fn files(chart: &Chart) -> Result<Vec<File>, Fault> {
    let outline = outline::outline(chart)?;
    let file = |path: &str, text: String| File {
        path: path.to_owned(),
        text,
    };
    let mut files = vec![
        file("Chart.yaml", definition::text(chart)),
        file("values.yaml", values::text(chart, &outline)?),
    ];
    for (profile, assignment) in chart.profiles {
        files.push(file(
            &format!("values-{profile}.yaml"),
            values::profile(chart, &outline, profile, assignment)?,
        ));
    }
    files.extend([
        file("values.schema.json", schema::text(chart, &outline)?),
        file("README.md", readme::text(chart, &outline)?),
        file("templates/NOTES.txt", notes::text(chart)?),
        file(".helmignore", IGNORED.to_owned()),
    ]);
    Ok(files)
}
