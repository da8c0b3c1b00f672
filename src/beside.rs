//! Files beside plain manifests: the values of Bitnami's charts, and how to install them.
//!
//! None of them ends as manifests do, so that `kubectl apply -R` passes them by.

use std::fmt::Write as _;

use crate::emit::File;
use crate::k8s::{self, Fault};
use crate::plan::{Plan, Subchart};
use crate::tree::yaml;

/// The folder of these files.
const FOLDER: &str = "bitnami";

/// The files; none for a site without such charts.
pub fn files(plan: &Plan) -> Result<Vec<File>, Fault> {
    if plan.subcharts.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = vec![File {
        path: format!("{FOLDER}/README.md"),
        text: readme(plan),
    }];
    for subchart in &plan.subcharts {
        let values = k8s::values(plan, subchart, &plan.identity.instance)?;
        let (chart, version) = (subchart.chart, subchart.version);
        files.push(File {
            path: format!("{FOLDER}/{}", file_name(subchart)),
            text: format!(
                "# Values of the chart {chart} {version}; README.md has the command that installs it.\n{}",
                yaml::document(&values)
            ),
        });
    }
    Ok(files)
}

fn file_name(subchart: &Subchart) -> String {
    format!("{}.values", subchart.chart)
}

fn readme(plan: &Plan) -> String {
    let mut text = String::from(
        "# Charts beside the manifests\n\n\
         These services run from Bitnami's Helm charts. Once the namespace and the Secrets are there, in this folder:\n\n\
         ```sh\n",
    );
    for subchart in &plan.subcharts {
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "helm upgrade --install {} {}/{} \\\n  --version {} --namespace {} --values {}",
            plan.identity.name(&subchart.component),
            subchart.repository,
            subchart.chart,
            subchart.version,
            plan.identity.namespace,
            file_name(subchart)
        );
    }
    text.push_str(
        "```\n\n\
         Run them again whenever a file here changes. The names of the releases do not matter to the application: it finds the\n\
         services by what the values say. `kubectl apply` passes this folder by, because no file in it ends as manifests do.\n\n\
         These versions are the last that were published. Where they cannot be had, put a copy of the chart's source in the\n\
         place of its address.\n",
    );
    text
}
