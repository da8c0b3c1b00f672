//! The texts of InvenioRDM: their rules, and what real programs make of them.

mod config;
mod nginx;
mod rules;
mod scripts;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// The texts of the example `lab` in production under a major version of InvenioRDM, by file name.
fn texts(major: u32) -> BTreeMap<String, String> {
    let version = format!("invenio.version=\"{major}\"");
    let run = Command::new(env!("CARGO_BIN_EXE_invgen"))
        .args(["render", "-f", "examples/lab/site.yaml", "-p", "prod"])
        .args(["--set", &version, "--set", "mail.username=rdm"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let stream = String::from_utf8(run.stdout).unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let mut texts = BTreeMap::new();
    for document in serde_yaml::Deserializer::from_str(&stream) {
        let object = serde_yaml::Value::deserialize(document).unwrap();
        let application = ["lab-invenio", "lab-setup", "lab-web"];
        let name = object["metadata"]["name"].as_str().unwrap();
        if object["kind"].as_str() == Some("ConfigMap") && application.contains(&name) {
            for (key, text) in object["data"].as_mapping().unwrap() {
                texts.insert(
                    key.as_str().unwrap().to_owned(),
                    text.as_str().unwrap().to_owned(),
                );
            }
        }
    }
    assert!(
        texts.contains_key("deployment.cfg") && texts.contains_key("nginx.conf"),
        "{:?}",
        texts.keys()
    );
    texts
}

/// Writes the texts into a folder, each after a change to it.
fn write(folder: &Path, major: u32, change: impl Fn(&str, String) -> String) {
    for (name, text) in texts(major) {
        let text = change(&name, text);
        std::fs::write(folder.join(name), text).unwrap();
    }
}
