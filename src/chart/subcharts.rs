//! Charts of others that a chart installs with it.

use serde_json::Map;

use super::{Fault, Profile, World, files};
use crate::k8s;
use crate::params::Assignment;
use crate::resolve::Frame;
use crate::tree::Value;

/// What stands for the site's instance in the values of a subchart: they go through its templates.
const INSTANCE: &str = "{{ .Release.Name }}";

/// The subcharts of a site, with their values in each profile.
pub fn subcharts(
    profiles: &[Profile],
    base: &Profile,
    frame: &Frame,
) -> Result<Vec<files::Subchart>, Fault> {
    let mut all = Vec::new();
    for (name, version, repository, values) in of(base, frame)? {
        let mut each = Vec::new();
        for profile in profiles {
            let own = of(profile, frame)?
                .into_iter()
                .find(|other| other.0 == name);
            each.extend(own.map(|(_, _, _, values)| (profile.name.to_owned(), values)));
        }
        all.push(files::Subchart {
            name: name.to_owned(),
            version: version.to_owned(),
            repository: repository.to_owned(),
            condition: Some(format!("{name}.enabled")),
            values,
            profiles: each,
        });
    }
    Ok(all)
}

type One = (&'static str, &'static str, &'static str, Value);

fn of(profile: &Profile, frame: &Frame) -> Result<Vec<One>, Fault> {
    let world = World {
        site: profile.site,
        frame: frame.clone(),
    };
    let plan = world.plan(&Assignment::new())?;
    plan.subcharts
        .iter()
        .map(|subchart| {
            let values = k8s::values(&plan, subchart, &INSTANCE.into())?;
            Ok((
                subchart.chart,
                subchart.version,
                subchart.repository,
                switched_on(values),
            ))
        })
        .collect()
}

/// With the switch that decides whether Helm installs the chart at all; off, whoever runs the service elsewhere gives it the
/// same name.
fn switched_on(values: Value) -> Value {
    let mut all = Map::from_iter([("enabled".to_owned(), true.into())]);
    if let Value::Object(values) = values {
        all.extend(values);
    }
    all.into()
}
