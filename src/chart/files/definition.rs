//! `Chart.yaml`: what the chart is called, of which version, and what it installs with it.

use serde_json::{Map, json};

use super::Chart;
use crate::facts::SUPPORTED_MINORS;
use crate::tree::{Value, yaml};

/// The version that stands in the file: whoever publishes the chart decides, with `helm package --version`.
pub const VERSION: &str = "0.1.0";

/// The file.
pub fn text(chart: &Chart) -> String {
    let mut all = json!({
        "apiVersion": "v2",
        "name": chart.name,
        "description": format!("The site {}: {} with all that it needs to run", chart.name, chart.app),
        "type": "application",
        "version": VERSION,
        "appVersion": chart.app_version,
        // Clusters of providers call themselves 1.31.0-eks-1 and the like, which only such a bound lets in.
        "kubeVersion": format!(">=1.{}.0-0", SUPPORTED_MINORS.start()),
    });
    if !chart.subcharts.is_empty() {
        all["dependencies"] = chart.subcharts.iter().map(dependency).collect();
    }
    yaml::document(&all)
}

fn dependency(subchart: &super::Subchart) -> Value {
    let mut map = Map::new();
    map.insert("name".into(), subchart.name.as_str().into());
    map.insert("version".into(), subchart.version.as_str().into());
    map.insert("repository".into(), subchart.repository.as_str().into());
    if let Some(condition) = &subchart.condition {
        map.insert("condition".into(), condition.as_str().into());
    }
    map.into()
}
