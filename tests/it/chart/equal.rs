//! For every example, profile and version of Helm: the chart with the profile's values yields the plain manifests.

use invgen::render;
use serde_json::{Value, json};

use super::compare::{Objects, differences, keyed};
use super::made::{Made, at_length, values_file};
use crate::support::examples;
use crate::support::helm::{Case, VERSIONS, batch, cli};

/// What a chart has in place of a plain object; nothing for what Helm brings itself. The one place where tests say how the
/// two forms differ.
fn in_a_chart(mut object: Value, jobs: &mut usize) -> Option<Value> {
    match object["kind"].as_str().unwrap() {
        // `helm install --create-namespace` makes it.
        "Namespace" => return None,
        // A Job is a hook: Helm deletes the old one, so its name needs no digest.
        "Job" => {
            *jobs += 1;
            let name = object["metadata"]["name"].as_str().unwrap();
            let (name, digest) = name.rsplit_once('-').unwrap();
            assert!(digest.len() == 10 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
            object["metadata"]["name"] = name.into();
            let annotations = &mut object["metadata"]["annotations"];
            annotations["helm.sh/hook"] = "post-install,post-upgrade".into();
            annotations["helm.sh/hook-weight"] = jobs.to_string().into();
            annotations["helm.sh/hook-delete-policy"] = "before-hook-creation".into();
        }
        _ => {}
    }
    managed_by_helm(&mut object);
    Some(object)
}

fn managed_by_helm(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "app.kubernetes.io/managed-by" {
                    assert_eq!(*value, "invgen");
                    *value = json!("Helm");
                } else {
                    managed_by_helm(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(managed_by_helm),
        _ => {}
    }
}

/// The plain manifests of a profile, as a chart has them.
fn plain(made: &Made, profile: &str) -> Objects {
    let mut documents: Vec<Value> = render::manifests(made.site(profile))
        .unwrap()
        .iter()
        .flat_map(|file| examples::documents(&file.text).unwrap())
        .collect();
    // Hooks run in the order of the plan, which is that of the file names here.
    documents.sort_by_key(|object| object["metadata"]["name"].to_string());
    let mut jobs = 0;
    keyed(
        documents
            .into_iter()
            .filter_map(|object| in_a_chart(object, &mut jobs)),
    )
}

/// Whether an object belongs to `helm test`, which plain manifests have nothing of.
fn is_test(object: &Value) -> bool {
    object["metadata"]["annotations"]["helm.sh/hook"] == "test"
}

fn chart_yields_the_plain_manifests(example: &str) {
    yields_the_plain_manifests(&Made::of(example), example);
}

/// The same for a chart that is no example's.
pub fn yields_the_plain_manifests(made: &Made, example: &str) {
    for version in VERSIONS {
        let cases: Vec<Case> = made
            .sites
            .iter()
            .map(|loaded| Case {
                release: loaded.site.name.to_string(),
                namespace: loaded.site.namespace.to_string(),
                values: values_file(made, &loaded.profile),
            })
            .collect();
        let Some(answers) = batch(version, &made.folder(), &cases) else {
            return;
        };
        for (loaded, answer) in made.sites.iter().zip(answers) {
            let profile = &loaded.profile;
            let rendered =
                answer.unwrap_or_else(|error| panic!("{example}/{profile}, {version:?}: {error}"));
            let (tests, objects): (Vec<_>, Vec<_>) =
                rendered.objects.into_iter().partition(is_test);
            let found = differences(&plain(made, profile), &keyed(objects));
            assert!(
                found.is_empty(),
                "{example}/{profile}, {version:?}:\n{}",
                found.join("\n")
            );
            assert!(tests.iter().any(|object| object["kind"] == "Pod"));
            assert!(
                rendered.notes.contains(loaded.site.domain.as_str()),
                "{}",
                rendered.notes
            );
        }
    }
}

#[test]
fn minimal_yields_its_plain_manifests() {
    if !at_length() {
        return;
    }
    chart_yields_the_plain_manifests("minimal");
}

#[test]
fn lab_yields_its_plain_manifests() {
    chart_yields_the_plain_manifests("lab");
}

#[test]
fn busy_yields_its_plain_manifests() {
    if !at_length() {
        return;
    }
    chart_yields_the_plain_manifests("busy");
}

#[test]
fn bitnami_yields_its_plain_manifests() {
    if !at_length() {
        return;
    }
    chart_yields_the_plain_manifests("bitnami");
}

/// The examples run InvenioRDM 13 and 14.
#[test]
fn a_site_of_version_12_yields_its_plain_manifests() {
    if !at_length() {
        return;
    }
    let made = Made::make("minimal", &["invenio.version=\"12\""]);
    assert!(!made.files["values.yaml"].contains("\nscheduler:"));
    yields_the_plain_manifests(&made, "minimal of version 12");
}

#[test]
fn every_example_is_compared() {
    let source = include_str!("equal.rs");
    for rendered in examples::rendered() {
        let call = format!("chart_yields_the_plain_manifests(\"{}\")", rendered.example);
        assert!(source.contains(&call), "{}", rendered.example);
    }
}

#[test]
fn charts_are_linted_and_packed() {
    let made = Made::of("lab");
    for version in VERSIONS {
        let Some(helm) = cli(version) else { return };
        let target = tempfile::tempdir().unwrap();
        let chart = made.folder();
        for arguments in [
            vec!["lint".as_ref(), "--strict".as_ref(), chart.as_os_str()],
            vec![
                "package".as_ref(),
                chart.as_os_str(),
                "-d".as_ref(),
                target.path().as_os_str(),
            ],
            vec!["template".as_ref(), "lab".as_ref(), chart.as_os_str()],
        ] {
            let output = std::process::Command::new(&helm)
                .args(&arguments)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{version:?} {arguments:?}: {said}");
            assert!(said.is_empty(), "{version:?} {arguments:?}: {said}");
        }
        assert!(target.path().join("lab-0.1.0.tgz").is_file());
    }
}
