//! A chart of an example: the files around its templates, and by hand what the derivation will add.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use invgen::chart::files::{Chart, Fault, Front, Job, Secret, Subchart, files};
use invgen::chart::{Profile, World, subcharts};
use invgen::config::site::Site;
use invgen::config::{load, read};
use invgen::emit::File;
use invgen::params::{Assignment, Kind, Param, Registry};
use invgen::plan::Plan;
use invgen::resolve::Frame;
use serde_json::{Value, json};

use crate::support::examples;
use crate::support::helm::put_parts;

/// What the files of a chart are made of.
pub struct Made {
    pub name: String,
    pub app_version: String,
    pub registry: Registry,
    pub base: String,
    pub profiles: Vec<(String, Assignment)>,
    pub subcharts: Vec<Subchart>,
    pub plan: Plan,
}

impl Made {
    /// The chart of an example in all its profiles, `prod` in `values.yaml`.
    pub fn of(example: &str) -> Self {
        let file = format!(
            "{}/examples/{example}/site.yaml",
            env!("CARGO_MANIFEST_DIR")
        );
        Self::of_file(file.as_ref(), &examples::profiles(example))
    }

    /// The same of any site file, in these profiles.
    pub fn of_file(file: &Path, profiles: &[String]) -> Self {
        let parsed = load::parse(read::read(file).unwrap()).unwrap();
        let sites: Vec<(String, Site)> = profiles
            .iter()
            .map(|profile| {
                (
                    profile.clone(),
                    parsed.load(Some(profile), &[]).unwrap().site,
                )
            })
            .collect();
        let frame = Frame::of(&sites.iter().map(|(_, site)| site).collect::<Vec<_>>());
        let registry = |site: &Site| {
            let frame = frame.clone();
            World { site, frame }.survey(site.name.as_str()).unwrap()
        };
        let base = &sites
            .iter()
            .find(|(profile, _)| profile == "prod")
            .unwrap()
            .1;
        let profiles: Vec<Profile> = sites
            .iter()
            .map(|(name, site)| Profile { name, site })
            .collect();
        let prod = profiles
            .iter()
            .find(|profile| profile.name == "prod")
            .unwrap();
        let subcharts = subcharts(&profiles, prod, &frame).unwrap();
        Self {
            name: base.name.to_string(),
            app_version: base.image.tag.to_string(),
            registry: registry(base),
            base: "prod".into(),
            profiles: sites
                .iter()
                .map(|(profile, site)| (profile.clone(), values(&registry(site))))
                .collect(),
            subcharts,
            plan: invgen::render::plan(base).unwrap(),
        }
    }

    /// The files.
    pub fn files(&self) -> Vec<File> {
        self.try_files().unwrap()
    }

    /// The files, or why there are none.
    pub fn try_files(&self) -> Result<Vec<File>, Fault> {
        let names: Vec<_> = self
            .plan
            .secrets
            .iter()
            .map(|secret| {
                let usual = format!("secrets.names.{}Name", secret.id);
                // Where a chart of others runs the service, its section names the Secret.
                let of_chart = ["existingSecret", "existingPasswordSecret"]
                    .map(|key| format!("{}.auth.{key}", secret.id));
                let name = std::iter::once(usual)
                    .chain(of_chart)
                    .find(|name| self.registry.get(name).is_some());
                (name.unwrap(), secret.name.leaf())
            })
            .collect();
        let secrets: Vec<_> = self
            .plan
            .secrets
            .iter()
            .zip(&names)
            .map(|(secret, (name, usual))| Secret {
                name,
                usual,
                when: (secret.id == "mail").then_some("mail.login"),
                keys: &secret.keys,
            })
            .collect();
        let jobs = ["init", "upgrade"].map(|component| Job {
            component,
            deadline_seconds: if component == "init" { 7200 } else { 21600 },
        });
        let base = self.profiles.iter().find(|(name, _)| *name == self.base);
        files(&Chart {
            name: &self.name,
            app: "invenio-rdm",
            app_version: &self.app_version,
            registry: &self.registry,
            values: &base.unwrap().1,
            profiles: &self.profiles,
            base: &self.base,
            subcharts: &self.subcharts,
            immutable: &[],
            secrets: &secrets,
            jobs: &jobs,
            front: Some(Front {
                component: "web",
                port: 8080,
            }),
            pod_security_version: "v1.33",
        })
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> String {
        let files = self.files();
        let file = files.into_iter().find(|file| file.path == path);
        file.unwrap_or_else(|| panic!("no file {path}")).text
    }

    /// The schema of the values.
    pub fn schema(&self) -> Value {
        serde_json::from_str(&self.text("values.schema.json")).unwrap()
    }

    /// The values of a profile as one tree, of those that appear in `values.yaml`.
    pub fn nested(&self, profile: &str) -> Value {
        let (_, assignment) = self
            .profiles
            .iter()
            .find(|(name, _)| name == profile)
            .unwrap();
        let shown = values_yaml(&self.text("values.yaml"));
        let mut tree = json!({});
        for part in &self.subcharts {
            let own = part.profiles.iter().find(|(name, _)| name == profile);
            tree[&part.name] = own.unwrap().1.clone();
        }
        for (path, value) in assignment {
            let pointer = format!("/{}", path.replace('.', "/"));
            if shown.pointer(&pointer).is_some() {
                let mut place = &mut tree;
                for key in path.split('.') {
                    place = &mut place[key];
                }
                *place = value.clone();
            }
        }
        tree
    }

    /// Writes the chart with a template that prints all values and the notes, and the definitions that the notes use.
    pub fn write(&self, folder: &Path) {
        let mut files = self.files();
        let mut helpers = String::new();
        for definition in self.registry.definitions() {
            if !self.registry.is_inline(&definition.name) {
                let name = self.registry.get(&definition.name).unwrap();
                let body = self.registry.body(name);
                let name = format!("{}.{}", self.name, definition.name);
                for part in ["{{- define \"", &name, "\" -}}\n", &body, "\n{{- end }}\n"] {
                    helpers.push_str(part);
                }
            }
        }
        for (path, text) in [
            ("templates/_helpers.tpl", helpers),
            ("templates/printed.yaml", PRINTED.to_owned()),
        ] {
            files.push(File {
                path: path.into(),
                text,
            });
        }
        for file in files {
            let path = folder.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.text).unwrap();
        }
        put_parts(folder);
    }
}

const PRINTED: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: values
data:
  values: {{ omit .Values \"global\" | toJson | quote }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: notes
data:
  notes: {{ include (print $.Template.BasePath \"/NOTES.txt\") . | quote }}
";

/// A complete assignment: what the site says, and for the rest what stands for nothing.
fn values(registry: &Registry) -> Assignment {
    let neutral = |param: &Param| match param.kind {
        Kind::Text => json!(""),
        Kind::Whole => param.shape.schema["minimum"].clone(),
        Kind::Switch => json!(false),
        Kind::Map => json!({}),
        Kind::List | Kind::Words | Kind::Wholes => json!([]),
    };
    let values: BTreeMap<_, _> = registry
        .params()
        .map(|param| {
            let value = param.value.clone().unwrap_or_else(|| neutral(param));
            (param.path.clone(), value)
        })
        .collect();
    values
}

/// A file of values.
pub fn values_yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}
