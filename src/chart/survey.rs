//! What the profiles of a site have in a chart: one list of parameters, and values for each profile.

use serde_json::{Value, json};

use super::files::Docs;
use super::world::World;
use super::{Fault, Profile};
use crate::config::decode::Decode as _;
use crate::k8s::Object;
use crate::params::{Assignment, Kind, Param, Registry};
use crate::resolve::Frame;

/// The parameters, and a complete assignment for each profile.
pub struct Survey {
    /// The list, as the base profile gives it.
    pub registry: Registry,
    /// Values of each profile.
    pub values: Vec<(String, Assignment)>,
}

/// Asks every profile. What one says nothing of, because it has the section switched off, is as in the base profile, else
/// as in the first that says something.
pub fn survey(profiles: &[Profile], base: &Profile, frame: &Frame) -> Result<Survey, Fault> {
    let ask = |profile: &Profile| {
        let world = World {
            site: profile.site,
            frame: frame.clone(),
        };
        world.survey(base.site.name.as_str())
    };
    let registry = ask(base)?;
    let others = profiles
        .iter()
        .map(|profile| Ok((profile.name, ask(profile)?)))
        .collect::<Result<Vec<_>, Fault>>()?;
    let docs = Docs::of_site_file();
    let usual = |param: &Param| -> Value {
        param
            .value
            .clone()
            .or_else(|| {
                others
                    .iter()
                    .find_map(|(_, other)| said(other, &param.path))
            })
            .unwrap_or_else(|| neutral(&docs, param))
    };
    let values = others
        .iter()
        .map(|(name, other)| {
            let values = registry
                .params()
                .map(|param| {
                    let value = said(other, &param.path).unwrap_or_else(|| usual(param));
                    (param.path.clone(), value)
                })
                .collect();
            ((*name).to_owned(), values)
        })
        .collect();
    Ok(Survey { registry, values })
}

fn said(registry: &Registry, path: &str) -> Option<Value> {
    registry
        .params()
        .find(|param| param.path == path)
        .and_then(|param| param.value.clone())
}

/// What stands for a value of a section that no profile has: the site file's own default, else nothing.
fn neutral(docs: &Docs, param: &Param) -> Value {
    if let Some(default) = docs.default(&param.path) {
        return match (param.kind, default) {
            // A port is written either way in a site file.
            (Kind::Whole, Value::String(digits)) => {
                digits.parse::<i64>().map_or(Value::Null, Value::from)
            }
            (_, default) => default,
        };
    }
    match param.kind {
        Kind::Text => json!(""),
        Kind::Whole => param.shape.schema["minimum"].clone(),
        Kind::Switch => json!(false),
        Kind::Map => json!({}),
        Kind::List | Kind::Words | Kind::Wholes => json!([]),
    }
}

/// Refuses profiles that a chart cannot hold together: where one differs in more than its values.
pub fn only_values_differ(
    profiles: &[Profile],
    base: &Profile,
    frame: &Frame,
    survey: &Survey,
) -> Result<(), Fault> {
    let fixed = World {
        site: base.site,
        frame: frame.clone(),
    };
    for profile in profiles {
        let own = World {
            site: profile.site,
            frame: frame.clone(),
        };
        let values = survey.values.iter().find(|(name, _)| name == profile.name);
        let Some((_, values)) = values else { continue };
        let (want, got) = (own.objects(&Assignment::new())?, fixed.objects(values)?);
        if let Some(object) = difference(&want, &got) {
            return Err(Fault::Profiles {
                profile: profile.name.to_owned(),
                base: base.name.to_owned(),
                keys: fixed_keys(profile, base, &survey.registry),
                object,
            });
        }
    }
    Ok(())
}

fn difference(want: &[Object], got: &[Object]) -> Option<String> {
    let other = |objects: &[Object], object: &Object| {
        objects
            .iter()
            .find(|other| other.path == object.path)
            .is_none_or(|other| other.value != object.value)
    };
    want.iter()
        .find(|object| other(got, object))
        .or_else(|| got.iter().find(|object| other(want, object)))
        .map(|object| object.path.clone())
}

/// Keys of the site file in which two profiles differ and that are no parameters.
fn fixed_keys(profile: &Profile, base: &Profile, registry: &Registry) -> Vec<String> {
    let mut keys = Vec::new();
    differing(&profile.site.encode(), &base.site.encode(), "", &mut keys);
    keys.retain(|key| {
        !["profiles", "name", "namespace"].contains(&key.as_str())
            // A time stands in the values under the same name, with `Seconds` behind it.
            && !registry.params().any(|param| param.path.starts_with(key.as_str()))
    });
    keys
}

fn differing(one: &Value, other: &Value, at: &str, keys: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                let at = if at.is_empty() {
                    key.clone()
                } else {
                    format!("{at}.{key}")
                };
                differing(value, other.get(key).unwrap_or(&Value::Null), &at, keys);
            }
            for key in other.keys().filter(|key| !one.contains_key(*key)) {
                keys.push(format!("{at}.{key}"));
            }
        }
        _ if one != other => keys.push(at.to_owned()),
        _ => {}
    }
}
