//! The real charts, where `INVGEN_BITNAMI_CHARTS` names a folder that holds them: what the stand-in for them says is true, every
//! pod is restricted, and nothing is as the charts would have it that the site decides.
//!
//! The folder holds `postgresql`, `redis` and `rabbitmq`, unpacked, each with `charts/common`. Without it these tests pass and
//! say so, on continuous integration too: the charts are not ours to keep.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use invgen::facts::charts::{self, Chart};
use invgen::k8s;
use serde_json::{Map, Value, json};

use super::{plan, plans, values};
use crate::chart::made::{Made, values_file};
use crate::support::helm::{self, Case, VERSIONS};
use crate::support::kube::{self, list, name, text};
use crate::support::{bitnami, tools};

const CHARTS: [&Chart; 3] = [&charts::POSTGRESQL, &charts::REDIS, &charts::RABBITMQ];

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("INVGEN_BITNAMI_CHARTS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: INVGEN_BITNAMI_CHARTS names no folder with Bitnami's charts");
    }
    folder
}

/// What a chart makes of our values.
type Outcome = (&'static Chart, Value, Vec<Value>);

/// What the real charts make of every mode, in both versions of Helm; rendered once for all tests.
fn rendered(folder: &Path) -> Option<&'static [Outcome]> {
    static ALL: OnceLock<Option<Vec<Outcome>>> = OnceLock::new();
    ALL.get_or_init(|| render(folder)).as_deref()
}

fn render(folder: &Path) -> Option<Vec<Outcome>> {
    let mut all = Vec::new();
    for chart in CHARTS {
        let own = folder.join(chart.name);
        let about = std::fs::read_to_string(own.join("Chart.yaml")).unwrap();
        let about: Value = serde_yaml::from_str(&about).unwrap();
        assert_eq!(about["version"], chart.version, "{}", own.display());
        let mut different: Vec<Value> = Vec::new();
        for (_, values) in plans()
            .iter()
            .flat_map(values)
            .filter(|(name, _)| *name == chart.name)
        {
            if !different.contains(&values) {
                different.push(values);
            }
        }
        let cases: Vec<Case> = different
            .iter()
            .map(|values| Case {
                release: format!("lab-{}", chart.name),
                namespace: "lab-rdm".into(),
                values: values.clone(),
            })
            .collect();
        for version in VERSIONS {
            let results = helm::batch(version, &own, &cases)?;
            for (values, result) in different.iter().zip(results) {
                let made = result
                    .unwrap_or_else(|why| panic!("{} {version:?}: {why}\n{values}", chart.name));
                all.push((chart, values.clone(), made.objects));
            }
        }
    }
    Some(all)
}

/// What the rest of a site meets of a Service, a `StatefulSet` or a NetworkPolicy; `None` for anything else.
fn met(object: &Value, secrets: &BTreeSet<&str>) -> Option<Value> {
    let summary = match kube::kind(object) {
        "Service" => {
            let ports: BTreeSet<String> = list(object, "/spec/ports")
                .iter()
                .map(|port| format!("{} {}", text(port, "/name"), port["port"]))
                .collect();
            json!({"ports": ports, "selector": object["spec"]["selector"]})
        }
        "StatefulSet" => {
            let pod = &kube::pods(std::slice::from_ref(object))[0];
            let ports: BTreeSet<String> = pod
                .ports()
                .iter()
                .map(|port| format!("{} {}", port.name, port.number))
                .collect();
            let mut labels: Map<String, Value> = pod
                .labels
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).into()))
                .collect();
            for told in [
                "helm.sh/chart",
                "app.kubernetes.io/version",
                "app.kubernetes.io/role",
            ] {
                labels.remove(told);
            }
            let mut read = BTreeSet::new();
            for volume in list(pod.spec, "/volumes") {
                read.insert(text(volume, "/secret/secretName"));
                let sources = list(volume, "/projected/sources").iter();
                read.extend(sources.map(|source| text(source, "/secret/name")));
            }
            let pull: Vec<&str> = list(pod.spec, "/imagePullSecrets")
                .iter()
                .map(name_of)
                .collect();
            json!({
                "ports": ports,
                "labels": labels,
                "replicas": object["spec"]["replicas"],
                "secrets": read.iter().filter(|name| !name.is_empty() && !secrets.contains(*name)).collect::<Vec<_>>(),
                "pull": pull,
            })
        }
        "NetworkPolicy" => {
            let mut spec = object["spec"].clone();
            for rules in ["ingress", "egress"] {
                if list(&spec, &format!("/{rules}")).is_empty() {
                    spec[rules] = json!([]);
                }
            }
            spec
        }
        _ => return None,
    };
    Some(json!({"kind": kube::kind(object), "name": name(object), "it": summary}))
}

fn name_of(reference: &Value) -> &str {
    text(reference, "/name")
}

fn sorted(mut summaries: Vec<Value>) -> Vec<Value> {
    summaries.sort_by_key(|summary| format!("{}/{}", summary["kind"], summary["name"]));
    summaries
}

#[test]
fn the_stand_in_says_what_the_charts_do() {
    let Some(folder) = folder() else { return };
    let Some(all) = rendered(&folder) else { return };
    for (chart, values, objects) in all {
        let own: BTreeSet<&str> = kube::of_kind(objects, "Secret").map(name).collect();
        let real = objects
            .iter()
            .filter_map(|object| met(object, &own))
            .collect();
        let stand_in = bitnami::objects(chart.name, values, "lab-rdm");
        let told = stand_in
            .iter()
            .filter_map(|object| met(object, &BTreeSet::new()))
            .collect();
        let (real, told) = (sorted(real), sorted(told));
        assert_eq!(real.len(), told.len(), "{} {values}", chart.name);
        for (real, told) in real.iter().zip(&told) {
            assert_eq!(
                real, told,
                "the chart {} (left) and its stand-in",
                chart.name
            );
        }
        // The keys that the stand-in reads are those that the chart looks for.
        let printed = serde_json::to_string(objects).unwrap();
        for pod in kube::pods(&stand_in) {
            for item in list(pod.spec, "/volumes/0/secret/items") {
                let key = text(item, "/key");
                assert!(
                    printed.contains(&format!("/{key}\"")),
                    "{}: {key}",
                    chart.name
                );
            }
        }
    }
}

#[test]
fn the_site_decides_about_images_resources_and_rights() {
    let Some(folder) = folder() else { return };
    let Some(all) = rendered(&folder) else { return };
    for (chart, values, objects) in all {
        let image = |place: &str| {
            let at = |key: &str| {
                let pointer = format!("/{}/{key}", place.replace('.', "/"));
                values
                    .pointer(&pointer)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            };
            format!("{}/{}:{}", at("registry"), at("repository"), at("tag"))
        };
        let images: Vec<String> = chart.images.iter().map(|pin| image(pin.place)).collect();
        for pod in kube::pods(objects) {
            for container in pod.containers() {
                let place = format!("{} {} {}", chart.name, pod.id, container.name);
                let image = text(container.value, "/image");
                assert!(
                    images.iter().any(|known| known == image),
                    "{place}: {image}"
                );
                for kind in ["requests", "limits"] {
                    for resource in ["cpu", "memory", "ephemeral-storage"] {
                        let pointer = format!("/resources/{kind}/{resource}");
                        assert!(
                            !text(container.value, &pointer).is_empty(),
                            "{place}: {pointer}"
                        );
                    }
                }
            }
            let claims = list(pod.owner, "/spec/volumeClaimTemplates");
            assert_eq!(claims.len(), 1, "{}", pod.id);
            let retention = &pod.owner["spec"]["persistentVolumeClaimRetentionPolicy"];
            assert_eq!(retention["whenScaled"], "Retain", "{}", pod.id);
            let sentinel = values.pointer("/sentinel/enabled") == Some(&Value::Bool(true));
            let token = pod.spec["automountServiceAccountToken"] == true;
            assert_eq!(token, sentinel, "{}: a token", pod.id);
        }
        for object in objects {
            let known = [
                "ConfigMap",
                "NetworkPolicy",
                "PodDisruptionBudget",
                "Service",
                "ServiceAccount",
                "ServiceMonitor",
                "StatefulSet",
            ];
            let kind = kube::kind(object);
            let special = match kind {
                // RabbitMQ's settings, which hold no password.
                "Secret" => name(object).ends_with("-rabbitmq-config"),
                "Role" | "RoleBinding" => {
                    values.pointer("/rbac/create") == Some(&Value::Bool(true))
                }
                _ => false,
            };
            assert!(
                known.contains(&kind) || special,
                "{}: {}",
                chart.name,
                kube::id(object)
            );
        }
    }
}

#[test]
fn every_pod_of_the_charts_is_restricted() {
    let Some(folder) = folder() else { return };
    let Some(checker) = tools::tool("podsecurity") else {
        return;
    };
    let Some(all) = rendered(&folder) else { return };
    let written = tempfile::tempdir().unwrap();
    let mut pods = 0;
    for (index, (_, _, objects)) in all.iter().enumerate() {
        let own = kube::pods(objects);
        pods += own.len();
        // JSON is YAML.
        let documents: Vec<String> = own.iter().map(|pod| pod.owner.to_string()).collect();
        let file = written.path().join(format!("{index}.yaml"));
        std::fs::write(file, documents.join("\n---\n")).unwrap();
    }
    let output = Command::new(checker)
        .args(["-versions", "latest,1.31"])
        .arg(written.path())
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(pods > 100, "{pods} pods");
    assert_eq!(report, format!("{pods} pods examined, 0 violations\n"));
}

/// A chart of our own that has these as its parts, with an expression where the site's instance stands.
#[test]
fn the_same_values_serve_a_chart_that_has_these_as_parts() {
    let Some(folder) = folder() else { return };
    let sets = [
        "services.postgresql.architecture=replication",
        "services.redis.architecture=sentinel",
        "services.rabbitmq={replicas: 3, metrics: {namespace: prom}}",
        "annotations={example.org/note: 'a <&> b'}",
    ]
    .map(str::to_owned);
    let plan = plan("prod", &sets);
    let whole = tempfile::tempdir().unwrap();
    let mut dependencies = Vec::new();
    let mut all = Map::new();
    for subchart in &plan.subcharts {
        copy(
            &folder.join(subchart.chart),
            &whole.path().join("charts").join(subchart.chart),
        );
        dependencies.push(json!({
            "name": subchart.chart,
            "version": subchart.version,
            "repository": subchart.repository,
        }));
        let values = k8s::values(&plan, subchart, &"{{ .Release.Name }}".into()).unwrap();
        all.insert(subchart.chart.to_owned(), values);
    }
    let about = json!({"apiVersion": "v2", "name": "whole", "version": "1.0.0", "dependencies": dependencies});
    std::fs::write(whole.path().join("Chart.yaml"), about.to_string()).unwrap();
    let case = Case {
        release: "other".into(),
        namespace: "lab-rdm".into(),
        values: Value::Object(all),
    };
    for version in VERSIONS {
        let Some(results) = helm::batch(version, whole.path(), std::slice::from_ref(&case)) else {
            return;
        };
        let objects = results.into_iter().next().unwrap().unwrap().objects;
        let mut told: Vec<Value> = Vec::new();
        for (chart, mut values) in values(&plan) {
            // The names stay, the instance is the release.
            rename("app.kubernetes.io/instance", &mut values);
            rename("app.kubernetes.io/part-of", &mut values);
            let stand_in = bitnami::objects(chart, &values, "lab-rdm");
            told.extend(
                stand_in
                    .iter()
                    .filter_map(|object| met(object, &BTreeSet::new())),
            );
        }
        let own: BTreeSet<&str> = kube::of_kind(&objects, "Secret").map(name).collect();
        let real = objects
            .iter()
            .filter_map(|object| met(object, &own))
            .collect();
        assert_eq!(sorted(real), sorted(told));
    }
}

/// The chart that is derived from a site, with the real charts as its parts, in every profile: they make what they make of the
/// values beside plain manifests.
#[test]
fn a_derived_chart_takes_the_same_along() {
    let Some(folder) = folder() else { return };
    let made = Made::of("bitnami");
    let whole = tempfile::tempdir().unwrap();
    copy(&made.folder(), whole.path());
    for chart in CHARTS {
        let part = whole.path().join("charts").join(chart.name);
        std::fs::remove_dir_all(&part).unwrap();
        copy(&folder.join(chart.name), &part);
    }
    for loaded in &made.sites {
        let case = |values: Value| Case {
            release: loaded.site.name.to_string(),
            namespace: loaded.site.namespace.to_string(),
            values,
        };
        let plan = invgen::render::plan(&loaded.site).unwrap();
        for version in VERSIONS {
            let objects = |chart: &Path, values: Value| {
                let results = helm::batch(version, chart, &[case(values)])?;
                let rendered = results.into_iter().next().unwrap();
                Some(
                    rendered
                        .unwrap_or_else(|why| panic!("{}: {why}", loaded.profile))
                        .objects,
                )
            };
            let Some(all) = objects(whole.path(), values_file(&made, &loaded.profile)) else {
                return;
            };
            for (chart, values) in values(&plan) {
                for alone in objects(&folder.join(chart), values).unwrap() {
                    let same = all
                        .iter()
                        .find(|object| kube::id(object) == kube::id(&alone));
                    assert_eq!(same, Some(&alone), "{} {version:?} {chart}", loaded.profile);
                }
            }
        }
    }
}

fn rename(label: &str, value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if key == label {
                    *value = "other".into();
                }
                rename(label, value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(label, item)),
        _ => {}
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
