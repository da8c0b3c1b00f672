//! Rules that foresee what is rendered, held against what is rendered.

use std::path::Path;
use std::sync::Arc;

use invgen::config::load::{Loaded, parse};
use invgen::diag::{Diagnostic, Severity, Source, codes};
use invgen::{render, validate};
use serde_json::Value;

use crate::support::examples::documents;
use crate::support::quantity;

const SITE: &str = "\
apiVersion: invgen/v1
app: invenio-rdm
name: rdm
namespace: rdm
domain: rdm.example.org
image: {repository: registry.example.org/rdm, tag: 1.0.0}
invenio: {version: \"13\"}
exposure: {ingress: {className: traefik, tls: {secretName: rdm-tls}}}
api: {}
workers: {bulk: {queues: [bulk], autoscaling: {enabled: false}, replicas: 1}}
";

fn load(profile: &str, sets: &[String]) -> Loaded {
    let source = Source {
        name: "site.yaml".to_owned(),
        text: SITE.to_owned(),
    };
    parse(Arc::new(source))
        .unwrap()
        .load(Some(profile), sets)
        .unwrap()
}

fn rendered(loaded: &Loaded) -> Vec<Value> {
    let files = render::manifests(&loaded.site).unwrap();
    files
        .iter()
        .flat_map(|file| documents(&file.text).unwrap())
        .collect()
}

fn errors(problems: &[Diagnostic]) -> Vec<&Diagnostic> {
    problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .collect()
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

#[test]
fn the_longest_names_that_pass_are_as_long_as_the_cluster_takes() {
    let most = |name: usize, worker: usize| {
        let sets = [
            format!("name={}", "n".repeat(name)),
            format!("workers.{}={{queues: [more]}}", "w".repeat(worker)),
            "guardrails.quota=null".to_owned(),
            "services.postgresql.maxConnections=1000".to_owned(),
        ];
        load("prod", &sets)
    };
    let loaded = most(41, 14);
    let problems = validate::validate(&loaded);
    assert!(errors(&problems).is_empty(), "{problems:?}");
    let objects = rendered(&loaded);
    let longest = |kind: &str| {
        objects
            .iter()
            .filter(|object| kind.is_empty() || object["kind"] == kind)
            .map(|object| name(object).len())
            .max()
            .unwrap()
    };
    assert_eq!(longest("StatefulSet"), 52);
    assert_eq!(longest("Deployment"), 63);
    assert_eq!(longest(""), 63);

    for (name, worker) in [(42, 1), (41, 15)] {
        let problems = validate::validate(&most(name, worker));
        let codes: Vec<_> = errors(&problems)
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(codes, [codes::LONG_NAME], "{name} and {worker} characters");
    }
}

/// Most pods that an object stands for, an update's included.
fn most_pods(objects: &[Value], object: &Value) -> u64 {
    let scaler = objects.iter().find(|other| {
        other["kind"] == "HorizontalPodAutoscaler"
            && other["spec"]["scaleTargetRef"]["name"] == object["metadata"]["name"]
    });
    let replicas = scaler.map_or(
        &object["spec"]["replicas"],
        |scaler| &scaler["spec"]["maxReplicas"],
    );
    let surge = &object["spec"]["strategy"]["rollingUpdate"]["maxSurge"];
    replicas.as_u64().unwrap_or(1) + surge.as_u64().unwrap_or(0)
}

/// What all pods at their most ask for: how many they are, and by resource in units of 10⁻⁹.
struct Asked {
    pods: u64,
    cpu_requests: i128,
    cpu_limits: i128,
    memory_limits: i128,
    storage: i128,
}

fn asked(objects: &[Value]) -> Asked {
    let amount = |value: &Value| quantity::parse(value).unwrap();
    let claim = |claim: &Value| amount(&claim["spec"]["resources"]["requests"]["storage"]);
    let mut sum = Asked {
        pods: 0,
        cpu_requests: 0,
        cpu_limits: 0,
        memory_limits: 0,
        storage: 0,
    };
    for object in objects {
        if object["kind"] == "PersistentVolumeClaim" {
            sum.storage += claim(object);
        }
        let Some(containers) = object.pointer("/spec/template/spec/containers") else {
            continue;
        };
        let pods = most_pods(objects, object);
        sum.pods += pods;
        // As the cluster counts: containers that run side by side together, or one of those before them if it is larger.
        let before = &object["spec"]["template"]["spec"]["initContainers"];
        let of_a_pod = |pointer: &str| {
            let of = |container: &Value| amount(container.pointer(pointer).unwrap());
            let together: i128 = containers.as_array().unwrap().iter().map(of).sum();
            let largest = before.as_array().into_iter().flatten().map(of).max();
            i128::from(pods) * together.max(largest.unwrap_or(0))
        };
        sum.cpu_requests += of_a_pod("/resources/requests/cpu");
        sum.cpu_limits += of_a_pod("/resources/limits/cpu");
        sum.memory_limits += of_a_pod("/resources/limits/memory");
        let claims = object["spec"]["volumeClaimTemplates"].as_array();
        for own in claims.into_iter().flatten() {
            sum.storage += i128::from(pods) * claim(own);
        }
    }
    sum
}

#[test]
fn a_quota_of_just_what_is_rendered_passes_and_less_does_not() {
    let cases = [
        ("prod", "ReadWriteMany"),
        ("staging", "ReadWriteMany"),
        ("dev", "ReadWriteOnce"),
    ];
    for (profile, mode) in cases {
        let found = |quota: Option<String>| {
            let mut sets = vec![
                format!("storage.files.accessMode={mode}"),
                "services.postgresql.maxConnections=1000".to_owned(),
            ];
            sets.extend(quota);
            let problems = validate::validate(&load(profile, &sets));
            let small = |problem: &&Diagnostic| problem.code == codes::SMALL_QUOTA;
            (
                rendered(&load(profile, &sets)),
                problems.iter().filter(small).count(),
            )
        };
        let wanted = asked(&found(None).0);
        // A thousandth of a CPU, a byte and a pod less.
        let quota = |less: i128| {
            format!(
                "guardrails.quota={{requestsCpu: {}m, limitsCpu: {}m, requestsMemory: 1Ti, limitsMemory: {}, \
                 requestsStorage: {}, pods: {}}}",
                wanted.cpu_requests / 1_000_000 - less,
                wanted.cpu_limits / 1_000_000 - less,
                wanted.memory_limits / 1_000_000_000 - less,
                wanted.storage / 1_000_000_000 - less,
                i128::from(wanted.pods) - less
            )
        };
        assert_eq!(found(Some(quota(0))).1, 0, "{profile}");
        assert_eq!(found(Some(quota(1))).1, 5, "{profile}");
    }
}

#[test]
fn the_connections_kept_back_are_those_of_the_rendered_server() {
    let text = rendered(&load("prod", &[]))
        .iter()
        .filter(|object| object["kind"] == "ConfigMap")
        .find_map(|object| {
            object["data"]["postgresql.conf"]
                .as_str()
                .map(ToOwned::to_owned)
        })
        .unwrap();
    let line = format!(
        "superuser_reserved_connections = {}\n",
        invgen::facts::RESERVED_CONNECTIONS
    );
    assert!(text.contains(&line), "{text}");
}

#[test]
fn examples_and_profiles_have_no_errors_and_few_warnings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for example in crate::support::examples::examples() {
        let site = root.join("examples").join(&example).join("site.yaml");
        for profile in crate::support::examples::profiles(&example) {
            let parsed = parse(invgen::config::read::read(&site).unwrap()).unwrap();
            let problems = validate::validate(&parsed.load(Some(&profile), &[]).unwrap());
            assert!(
                errors(&problems).is_empty(),
                "{example}, {profile}: {problems:?}"
            );
            assert!(problems.len() <= 2, "{example}, {profile}: {problems:?}");
        }
    }
}
