//! The real Helm, of each version that the chart is for.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::examples::documents;
use crate::support::helm::{VERSIONS, cli};

/// The programs that are there.
pub fn helms() -> Vec<PathBuf> {
    VERSIONS.into_iter().filter_map(cli).collect()
}

/// Runs a command of Helm; what it printed, or what it complained about.
pub fn run(helm: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(helm)
        .args(arguments)
        .env_remove("KUBECONFIG")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stdout) + &text(&output.stderr))
    }
}

/// The documents that `helm template` prints of a chart. Without a cluster it is told a version: each Helm assumes another.
pub fn template(helm: &Path, chart: &Path, arguments: &[&str]) -> Result<Vec<Value>, String> {
    let chart = chart.to_str().unwrap();
    let fixed = [
        "template",
        "rel",
        chart,
        "-n",
        "ns",
        "--kube-version",
        "1.33.0",
    ];
    let text = run(helm, &[&fixed, arguments].concat())?;
    Ok(documents(&text).unwrap())
}

/// The values that the templates of a made chart see.
pub fn values(helm: &Path, chart: &Path, arguments: &[&str]) -> Result<Value, String> {
    let documents = template(helm, chart, arguments)?;
    let of = |name: &str| {
        documents
            .iter()
            .find(|document| document["metadata"]["name"] == name)
            .unwrap_or_else(|| panic!("no object {name}"))
    };
    let text = of("values")["data"]["values"].as_str().unwrap();
    Ok(serde_json::from_str(text).unwrap())
}

/// The notes that Helm would print.
pub fn notes(helm: &Path, chart: &Path, arguments: &[&str]) -> String {
    let documents = template(helm, chart, arguments).unwrap();
    let notes = documents
        .iter()
        .find(|document| document["metadata"]["name"] == "notes");
    notes.unwrap()["data"]["notes"].as_str().unwrap().to_owned()
}
