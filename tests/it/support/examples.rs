//! What the program renders for every example and profile, for tests that look at rendered output.

use serde::Deserialize;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What one example renders to in one profile.
pub struct Rendered {
    pub example: String,
    pub profile: String,
    /// Path in the output tree and text of each file, sorted by path.
    pub files: Vec<(String, String)>,
    /// The charts beside the manifests, and their values.
    pub charts: Vec<(String, Value)>,
}

impl Rendered {
    /// All documents of all files, each with the path it came from.
    ///
    /// # Panics
    /// When a file is no YAML.
    pub fn documents(&self) -> Vec<(&str, Value)> {
        let parse = |path, text| {
            documents(text)
                .unwrap_or_else(|error| panic!("{}/{}/{path}: {error}", self.example, self.profile))
        };
        self.files
            .iter()
            .flat_map(|(path, text)| {
                parse(path, text)
                    .into_iter()
                    .map(|value| (path.as_str(), value))
            })
            .collect()
    }
}

impl Rendered {
    /// What the charts beside the manifests make of their values, as far as it is known here.
    pub fn beside(&self) -> Vec<Value> {
        let namespace = self
            .documents()
            .iter()
            .find_map(|(_, object)| object["metadata"]["namespace"].as_str().map(str::to_owned));
        let namespace = namespace.unwrap_or_default();
        self.charts
            .iter()
            .flat_map(|(chart, values)| super::bitnami::objects(chart, values, &namespace))
            .collect()
    }
}

/// The documents of one YAML text. A key that appears twice is an error.
pub fn documents(text: &str) -> Result<Vec<Value>, String> {
    serde_yaml::Deserializer::from_str(text)
        .map(|document| {
            // Straight into JSON's value the last of two equal keys would win.
            let value =
                serde_yaml::Value::deserialize(document).map_err(|error| error.to_string())?;
            serde_json::to_value(value).map_err(|error| error.to_string())
        })
        .collect()
}

/// Every example in every profile, from the golden trees `snapshots/<example>/<profile>/`, which another test keeps equal to
/// what the program renders.
///
/// # Panics
/// When a folder of `examples/` has no golden tree or the other way round, so that no example goes unverified.
pub fn rendered() -> Vec<Rendered> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let snapshots = root.join("snapshots");
    let names = folders(&snapshots);
    assert_eq!(
        names,
        folders(&root.join("examples")),
        "folders in snapshots/ (left) and examples/ (right)"
    );
    names
        .into_iter()
        .flat_map(|example| {
            let profiles = folders(&snapshots.join(&example));
            assert!(!profiles.is_empty(), "snapshots/{example} holds no profile");
            profiles
                .into_iter()
                .map(move |profile| (example.clone(), profile))
        })
        .map(|(example, profile)| {
            let folder = snapshots.join(&example).join(&profile);
            let (mut files, mut charts) = (Vec::new(), Vec::new());
            read_tree(&folder, &folder, "yaml", &mut files);
            read_tree(&folder, &folder, "values", &mut charts);
            let charts = charts
                .into_iter()
                .map(|(path, text)| {
                    let name = path.rsplit('/').next().unwrap().replace(".values", "");
                    (name, documents(&text).unwrap().remove(0))
                })
                .collect();
            assert!(
                !files.is_empty(),
                "snapshots/{example}/{profile} holds no manifest"
            );
            Rendered {
                example,
                profile,
                files,
                charts,
            }
        })
        .collect()
}

/// The names of all examples.
pub fn examples() -> Vec<String> {
    folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"))
}

/// The profiles of an example: the built-in ones, and those that its site file adds.
pub fn profiles(example: &str) -> Vec<String> {
    let site = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(example)
        .join("site.yaml");
    let parsed = invgen::config::load::parse(invgen::config::read::read(&site).unwrap()).unwrap();
    let mut names: Vec<String> = invgen::config::profiles::BUILT_IN
        .iter()
        .map(|profile| profile.name.to_owned())
        .collect();
    for own in parsed.own_profiles() {
        if !names.iter().any(|name| name == own) {
            names.push(own.to_owned());
        }
    }
    names
}

/// Writes the trees below `root` as `<example>/<profile>/<path>`, for programs that read files.
pub fn write(rendered: &[Rendered], root: &Path) {
    for tree in rendered {
        for (path, text) in &tree.files {
            let file = root.join(&tree.example).join(&tree.profile).join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }
}

/// The names of the folders in a folder, sorted; none when it does not exist.
fn folders(parent: &Path) -> Vec<String> {
    children(parent)
        .into_iter()
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

fn read_tree(root: &Path, folder: &Path, end: &str, files: &mut Vec<(String, String)>) {
    for path in children(folder) {
        if path.is_dir() {
            read_tree(root, &path, end, files);
        } else if path.extension().is_some_and(|extension| extension == end) {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}
