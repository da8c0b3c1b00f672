//! The test that a chart brings: a pod that asks the site for a sign of life, as `helm test` starts it.
//!
//! Only a chart has it. The image of the web pods must bring Python 3. With network policies it takes two of its own:
//! nobody else inside may connect to the web pods.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod as TypedPod;
use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{Draft, meta, network_policy, pod};
use crate::facts::PREPARATION;
use crate::plan::{
    Action, Container, Par, Plan, Pod, Port, Probes, Resources, Restart, Service, Workload,
};

/// Folder of the objects, and of their templates in a chart.
const FOLDER: &str = "tests";
/// Component of the pod, and the end of its name.
const COMPONENT: &str = "connection-test";
/// Seconds that the test may take, the pull of its image included.
const DEADLINE_SECONDS: i64 = 240;
/// Asks twelve times at most. It takes the answers that the kubelet takes of a probe.
const SCRIPT: &str = r#"import http.client, sys, time

address, port, path, host = sys.argv[1:]
url = f"http://{address}:{port}{path}"
for attempt in range(12):
    if attempt:
        time.sleep(5)
    connection = http.client.HTTPConnection(address, int(port), timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = f"status {connection.getresponse().status}"
    except (OSError, http.client.HTTPException) as error:
        answer = f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    print(f"{url} for {host}: {answer}", flush=True)
    if answer.startswith(("status 2", "status 3")):
        sys.exit()
sys.exit(f"failed: no good answer from {url}; see the log of the pods behind it")
"#;

/// Where the site answers inside the namespace.
struct Front<'a> {
    workload: &'a Workload,
    port: Port,
    path: &'static str,
    host: &'a Par<String>,
}

/// The pod of the test, and the policies that let it through; none for a plan in which nothing answers by HTTP.
///
/// They are hooks: they come and go with `helm test`.
pub fn connection_test(plan: &Plan) -> Vec<Draft<'_>> {
    let Some(front) = front(plan) else {
        return Vec::new();
    };
    let mut objects = Vec::new();
    if plan.network_policies.is_on() {
        let component = &front.workload.component;
        let (out, into) = policies(plan, &front);
        objects.push(Draft::new(FOLDER, "networkpolicy-connection-test", || out));
        let file = format!("networkpolicy-{component}");
        objects.push(Draft::new(FOLDER, &file, || into));
    }
    if let Some(main) = front.workload.pod.containers.first() {
        let pod = test_pod(plan, &front, main);
        objects.push(Draft::new(FOLDER, "pod", || pod));
    }
    objects
}

/// The workload to which the exposure leads, or the first that its readiness probe asks for the site's host.
fn front(plan: &Plan) -> Option<Front<'_>> {
    let fronts: Vec<_> = plan.workloads.iter().filter_map(answering).collect();
    let routed = plan
        .exposure
        .iter()
        .flat_map(|exposure| &exposure.routes)
        .find(|route| route.path == "/");
    let at = fronts
        .iter()
        .position(|front| routed.is_some_and(|route| route.component == front.workload.component));
    fronts.into_iter().nth(at.unwrap_or(0))
}

fn answering(workload: &Workload) -> Option<Front<'_>> {
    let service = workload.service.as_ref()?;
    workload
        .pod
        .containers
        .iter()
        .find_map(|container| asked(container, service))
        .map(|(port, path, host)| Front {
            workload,
            port,
            path,
            host,
        })
}

/// What the readiness probe asks a container for, where the Service leads to the same port.
fn asked<'a>(
    container: &'a Container,
    service: &Service,
) -> Option<(Port, &'static str, &'a Par<String>)> {
    let Action::Http {
        path,
        port,
        host: Some(host),
    } = &container.probes.readiness.as_ref()?.action
    else {
        return None;
    };
    let served = service.ports.iter().find(|served| served.name == *port)?;
    Some((*served, path, host))
}

fn test_pod(plan: &Plan, front: &Front, main: &Container) -> TypedPod {
    let arguments = [
        plan.identity.name(&front.workload.component),
        front.port.number.to_string().into(),
        front.path.into(),
        front.host.clone(),
    ];
    let container = Container {
        name: COMPONENT,
        command: ["python3", "-I", "-c", SCRIPT]
            .map(Par::from)
            .into_iter()
            .chain(arguments)
            .collect(),
        env: Vec::new(),
        ports: Vec::new(),
        probes: Probes::default(),
        resources: resources(),
        drain_seconds: None,
        mounts: Vec::new(),
        ..main.clone()
    };
    let pod = Pod {
        init: Vec::new(),
        containers: vec![container],
        volumes: Vec::new(),
        restart: Restart::Never,
        colocation: None,
        ..front.workload.pod.clone()
    };
    let mut typed = TypedPod {
        metadata: meta::of(plan, COMPONENT, &plan.identity.name(COMPONENT)),
        spec: Some(pod::alone(plan, &pod)),
        status: None,
    };
    if let Some(spec) = &mut typed.spec {
        spec.active_deadline_seconds = Some(DEADLINE_SECONDS);
    }
    hook(&mut typed.metadata, 1);
    typed
}

fn resources() -> Resources {
    Resources {
        cpu_request: PREPARATION.cpu_request.into(),
        cpu_limit: PREPARATION.cpu_limit.into(),
        memory_request: PREPARATION.memory_request.into(),
        memory_limit: PREPARATION.memory_limit.into(),
        ephemeral_request: PREPARATION.ephemeral_request.into(),
        ephemeral_limit: PREPARATION.ephemeral_limit.into(),
    }
}

/// Out of the test's pod, and into the web pods.
fn policies(plan: &Plan, front: &Front) -> (NetworkPolicy, NetworkPolicy) {
    let component = front.workload.component.as_str();
    let ports = Some(vec![network_policy::tcp(&Par::new(
        front.port.number.into(),
    ))]);
    let mut out = network_policy::policy(
        plan,
        COMPONENT,
        COMPONENT,
        meta::selector(plan, COMPONENT),
        None,
        Some(vec![NetworkPolicyEgressRule {
            to: Some(vec![network_policy::pods(plan, component)]),
            ports: ports.clone(),
        }]),
    );
    let mut into = network_policy::policy(
        plan,
        COMPONENT,
        &format!("{COMPONENT}-{component}"),
        meta::selector(plan, component),
        Some(vec![NetworkPolicyIngressRule {
            from: Some(vec![network_policy::pods(plan, COMPONENT)]),
            ports,
        }]),
        None,
    );
    hook(&mut out.metadata, 0);
    hook(&mut into.metadata, 0);
    (out, into)
}

/// Makes an object part of `helm test`: those of less weight come first, what is left of the last test goes before, and
/// all goes after success.
fn hook(metadata: &mut ObjectMeta, weight: u8) {
    let annotations = metadata.annotations.get_or_insert_default();
    annotations.extend(BTreeMap::from([
        ("helm.sh/hook".to_owned(), "test".to_owned()),
        ("helm.sh/hook-weight".to_owned(), weight.to_string()),
        (
            "helm.sh/hook-delete-policy".to_owned(),
            "before-hook-creation,hook-succeeded".to_owned(),
        ),
    ]));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::config::{load, read};

    fn plan(example: &str, profile: &str, sets: &[&str]) -> Plan {
        let path = format!(
            "{}/examples/{example}/site.yaml",
            env!("CARGO_MANIFEST_DIR")
        );
        let parsed = load::parse(read::read(path.as_ref()).unwrap()).unwrap();
        let sets: Vec<_> = sets.iter().map(ToString::to_string).collect();
        let site = parsed.load(Some(profile), &sets).unwrap().site;
        crate::render::plan(&site).unwrap()
    }

    fn test(plan: &Plan) -> Vec<Value> {
        let objects: Vec<_> = connection_test(plan)
            .into_iter()
            .map(|draft| draft.object().unwrap())
            .collect();
        assert!(
            objects
                .iter()
                .all(|object| object.path.starts_with("tests/"))
        );
        objects.into_iter().map(|object| object.value).collect()
    }

    #[test]
    fn it_asks_the_web_pods_for_what_their_readiness_probe_asks() {
        let [out, into, pod] = test(&plan("lab", "prod", &[])).try_into().unwrap();
        assert_eq!(pod["kind"], "Pod");
        assert_eq!(pod["metadata"]["name"], "lab-connection-test");
        let container = &pod["spec"]["containers"][0];
        assert_eq!(
            container["command"].as_array().unwrap()[4..],
            [
                json!("lab-web"),
                json!("8080"),
                json!("/api/ping"),
                json!("data.lab.example.org")
            ]
        );
        assert_eq!(
            container["image"],
            "registry.lab.example.org/rdm/lab-rdm:2026.11.0"
        );
        assert_eq!(
            pod["spec"]["imagePullSecrets"],
            json!([{"name": "lab-registry"}])
        );
        assert_eq!(pod["spec"]["restartPolicy"], "Never");
        assert!(pod["spec"]["serviceAccountName"].is_null());
        assert_eq!(pod["spec"]["automountServiceAccountToken"], false);

        let label = |object: &Value, at: &str| {
            let labels = object.pointer(at).unwrap();
            labels["app.kubernetes.io/component"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let ports = json!([{"port": 8080, "protocol": "TCP"}]);
        let selector = "/spec/podSelector/matchLabels";
        assert_eq!(label(&pod, "/metadata/labels"), "connection-test");
        assert_eq!(label(&out, selector), "connection-test");
        assert_eq!(out["spec"]["egress"][0]["ports"], ports);
        let to = "/spec/egress/0/to/0/podSelector/matchLabels";
        assert_eq!(label(&out, to), "web");
        assert_eq!(label(&into, selector), "web");
        assert_eq!(into["spec"]["ingress"][0]["ports"], ports);
        let from = "/spec/ingress/0/from/0/podSelector/matchLabels";
        assert_eq!(label(&into, from), "connection-test");
        // Neither closes what is open already.
        assert!(out["spec"]["ingress"].is_null() && into["spec"]["egress"].is_null());
    }

    #[test]
    fn all_of_it_are_hooks_and_the_policies_come_first() {
        for object in test(&plan("busy", "prod", &[])) {
            let annotations = &object["metadata"]["annotations"];
            let weight = if object["kind"] == "Pod" { "1" } else { "0" };
            assert_eq!(annotations["helm.sh/hook"], "test");
            assert_eq!(annotations["helm.sh/hook-weight"], weight);
            assert_eq!(
                annotations["helm.sh/hook-delete-policy"],
                "before-hook-creation,hook-succeeded"
            );
            assert_eq!(annotations["example.org/contact"], "repository@example.org");
        }
    }

    #[test]
    fn an_api_of_its_own_and_a_missing_ingress_change_nothing() {
        let container = |plan: &Plan| {
            let all = test(plan);
            all.last().unwrap()["spec"]["containers"][0]["command"][4].clone()
        };
        assert_eq!(container(&plan("busy", "prod", &[])), "busy-web");
        let hidden = plan("busy", "prod", &["exposure.ingress=null"]);
        assert!(hidden.exposure.is_none());
        assert_eq!(container(&hidden), "busy-web");
    }

    #[test]
    fn without_network_policies_it_is_the_pod_alone() {
        let open = plan("lab", "dev", &["network.policies=false"]);
        let [pod] = test(&open).try_into().unwrap();
        assert_eq!(pod["kind"], "Pod");
    }

    #[test]
    fn a_plan_that_serves_nothing_has_none() {
        let mut silent = plan("lab", "dev", &[]);
        for workload in &mut silent.workloads {
            workload.service = None;
        }
        assert!(test(&silent).is_empty());
    }
}
