//! The chart of each example, derived once for all tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use invgen::chart::{self, Profile, World};
use invgen::config::load::Loaded;
use invgen::config::site::Site;
use invgen::config::{load, read};
use invgen::emit;
use invgen::params::{Assignment, Registry};
use invgen::resolve::Frame;
use serde_json::{Map, Value};

use crate::support::examples;
use crate::support::helm::{self, Case};

/// An example's chart, on disk and as what it was made of.
pub struct Made {
    pub sites: Vec<Loaded>,
    pub registry: Registry,
    pub values: Vec<(String, Assignment)>,
    pub files: BTreeMap<String, String>,
    pub immutable: Vec<String>,
    folder: tempfile::TempDir,
}

/// The profile whose values are in `values.yaml`.
pub const BASE: &str = "prod";

/// Whether the charts of all examples are tried. Deriving one takes ten seconds in a build for tests, so everyday's tests
/// try one, and `scripts/test` sets `INVGEN_CHART_CASES` to have all of it. Says so where it is not.
pub fn at_length() -> bool {
    let asked = std::env::var_os("INVGEN_CHART_CASES").is_some();
    if !asked {
        eprintln!("skipped: `scripts/test` runs it, with INVGEN_CHART_CASES set");
    }
    asked
}

impl Made {
    /// The chart of an example.
    pub fn of(example: &str) -> Arc<Self> {
        type Known =
            BTreeMap<String, Arc<LazyLock<Arc<Made>, Box<dyn FnOnce() -> Arc<Made> + Send>>>>;
        static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
        let name = example.to_owned();
        let made = Arc::clone(
            KNOWN
                .lock()
                .unwrap()
                .entry(name.clone())
                .or_insert_with(|| {
                    Arc::new(LazyLock::new(Box::new(move || {
                        Arc::new(Self::make(&name, &[]))
                    })))
                }),
        );
        // Outside of the lock: deriving takes a while, and another example may be derived meanwhile.
        Arc::clone(&made)
    }

    /// The chart of an example with some values set in every profile.
    pub fn make(example: &str, sets: &[&str]) -> Self {
        let path = format!(
            "{}/examples/{example}/site.yaml",
            env!("CARGO_MANIFEST_DIR")
        );
        Self::of_file(Path::new(&path), example, sets)
    }

    /// The chart of a site file, in the profiles that an example has.
    pub fn of_file(path: &Path, example: &str, sets: &[&str]) -> Self {
        let parsed = load::parse(read::read(path).unwrap()).unwrap();
        let sets: Vec<_> = sets.iter().map(ToString::to_string).collect();
        let sites: Vec<Loaded> = examples::profiles(example)
            .iter()
            .map(|profile| parsed.load(Some(profile), &sets).unwrap())
            .collect();
        let profiles: Vec<_> = sites
            .iter()
            .map(|loaded| Profile {
                name: &loaded.profile,
                site: &loaded.site,
            })
            .collect();
        let base = profiles
            .iter()
            .find(|profile| profile.name == BASE)
            .unwrap();
        let chart =
            chart::chart(&profiles, base).unwrap_or_else(|fault| panic!("{example}: {fault}"));
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("chart");
        emit::write(&target, &chart.files, &[]).unwrap();
        helm::put_parts(&target);
        Self {
            registry: chart.registry,
            values: chart.values,
            immutable: chart.immutable,
            files: chart
                .files
                .into_iter()
                .map(|file| (file.path, file.text))
                .collect(),
            sites,
            folder,
        }
    }

    /// The chart's folder.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("chart")
    }

    /// The site in a profile.
    pub fn site(&self, profile: &str) -> &Site {
        let loaded = self.sites.iter().find(|loaded| loaded.profile == profile);
        &loaded.unwrap().site
    }

    /// The site whose parameters the chart has.
    pub fn world(&self) -> World<'_> {
        let sites: Vec<_> = self.sites.iter().map(|loaded| &loaded.site).collect();
        World {
            site: self.site(BASE),
            frame: Frame::of(&sites),
        }
    }

    /// The values of `values.yaml`.
    pub fn base(&self) -> &Assignment {
        &self.values.iter().find(|(name, _)| name == BASE).unwrap().1
    }

    /// The parameters that the values file has.
    pub fn listed(&self) -> Vec<&invgen::params::Param> {
        chart::files::used(&self.registry)
    }

    /// An assignment as a tree of values.
    pub fn nested(&self, assignment: &Assignment) -> Value {
        let mut values = Value::Object(Map::new());
        for param in self.listed() {
            let Some(value) = assignment.get(&param.path) else {
                continue;
            };
            let mut place = &mut values;
            for key in param.path.split('.') {
                place = &mut place[key];
            }
            *place = value.clone();
        }
        values
    }

    /// What Helm is asked for an assignment: its release and namespace, and all of its values.
    pub fn case(&self, assignment: &Assignment) -> Case {
        let text = |name: &str| {
            let value = assignment.get(name).or_else(|| self.base().get(name));
            value.unwrap().as_str().unwrap().to_owned()
        };
        let mut values = self.nested(assignment);
        for param in self.listed() {
            let pointer = format!("/{}", param.path.replace('.', "/"));
            // A key of the chart's own that is not wanted is taken away by a null.
            if let (Some(Value::Object(wanted)), Some(Value::Object(own))) =
                (values.pointer_mut(&pointer), self.base().get(&param.path))
            {
                for key in own.keys() {
                    wanted.entry(key.clone()).or_insert(Value::Null);
                }
            }
        }
        Case {
            release: text("Release.Name"),
            namespace: text("Release.Namespace"),
            values,
        }
    }
}

/// A values file as Helm reads it.
pub fn values_file(made: &Made, profile: &str) -> Value {
    let text = &made.files[&format!("values-{profile}.yaml")];
    let value: Value = serde_yaml::from_str(text).unwrap();
    if value.is_null() {
        Value::Object(Map::new())
    } else {
        value
    }
}
