//! Services, Ingresses and NetworkPolicies.

use super::{Fault, WEB};
use serde_json::json;

const SERVICE: &str = "Service/lab-web";
const INGRESS: &str = "Ingress/lab-web";
const POLICY: &str = "NetworkPolicy/lab-web";
const BACKEND: &str = "/spec/rules/0/http/paths/0/backend/service";

pub const FAULTS: &[Fault] = &[
    (
        "a Service of no pods",
        |site| *site.at(SERVICE, "/spec/selector/app.kubernetes.io~1component") = json!("wep"),
        &["X01 Service/lab-web: spec.selector selects no"],
    ),
    (
        "a Service of a Job",
        |site| *site.at(SERVICE, "/spec/selector/app.kubernetes.io~1component") = json!("init"),
        &[
            "X01 Service/lab-web: spec.selector selects no",
            "X01 Service/lab-web: spec.selector selects the pods of Job/lab-init-1a2b3c4d",
        ],
    ),
    (
        "a Service of several workloads",
        |site| {
            let labels = "/spec/template/metadata/labels";
            site.set(WEB, labels, "front", json!("yes"));
            site.set("Deployment/lab-beat", labels, "front", json!("yes"));
            site.set(
                "Deployment/lab-beat",
                "/spec/template/spec/containers/0",
                "ports",
                json!([{"name": "http", "containerPort": 8080}]),
            );
            site.set(SERVICE, "/spec", "selector", json!({"front": "yes"}));
        },
        &[
            "X01 Service/lab-web: spec.selector selects several workloads: Deployment/lab-web, Deployment/lab-beat",
        ],
    ),
    (
        "a Service open to the outside",
        |site| site.set(SERVICE, "/spec", "type", json!("NodePort")),
        &["X01 Service/lab-web: is open"],
    ),
    (
        "a target port that no container declares",
        |site| *site.at(SERVICE, "/spec/ports/0/targetPort") = json!("web"),
        &["X02 Service/lab-web: targetPort \"web\""],
    ),
    (
        "a target number that no container declares",
        |site| {
            *site.at(
                "Service/lab-postgresql-headless",
                "/spec/ports/0/targetPort",
            ) = json!(5433);
        },
        &["X02 Service/lab-postgresql-headless: targetPort 5433"],
    ),
    (
        "a target port of another protocol",
        |site| site.set(SERVICE, "/spec/ports/0", "protocol", json!("UDP")),
        &["X02 Service/lab-web: targetPort \"http\" is UDP"],
    ),
    (
        "two ports with one name",
        |site| {
            site.push(
                SERVICE,
                "/spec/ports",
                json!({"name": "http", "port": 81, "targetPort": "uwsgi"}),
            );
        },
        &["X02 Service/lab-web: two ports are named `http`"],
    ),
    (
        "one port twice",
        |site| {
            site.push(
                SERVICE,
                "/spec/ports",
                json!({"name": "more", "port": 8080, "targetPort": "uwsgi"}),
            );
        },
        &["X02 Service/lab-web: port 8080 is declared twice"],
    ),
    (
        "a second port without name",
        |site| {
            site.push(
                SERVICE,
                "/spec/ports",
                json!({"port": 81, "targetPort": "uwsgi"}),
            );
        },
        &["X02 Service/lab-web: `` is not a valid"],
    ),
    (
        "a backend that is not there",
        |site| *site.at(INGRESS, &format!("{BACKEND}/name")) = json!("lab-api"),
        &["X03 Ingress/lab-web: backend Service `lab-api`"],
    ),
    (
        "a backend port name that is not there",
        |site| *site.at(INGRESS, &format!("{BACKEND}/port/name")) = json!("https"),
        &["X03 Ingress/lab-web: backend Service lab-web has no port"],
    ),
    (
        "a backend port number that is not there",
        |site| *site.at(INGRESS, &format!("{BACKEND}/port")) = json!({"number": 80}),
        &["X03 Ingress/lab-web: backend Service lab-web has no port"],
    ),
    (
        "no class",
        |site| site.remove(INGRESS, "/spec", "ingressClassName"),
        &["X03 Ingress/lab-web: spec.ingressClassName"],
    ),
    (
        "a path without slash",
        |site| *site.at(INGRESS, "/spec/rules/0/http/paths/0/path") = json!("api"),
        &["X03 Ingress/lab-web: path `api`"],
    ),
    (
        "a snippet",
        |site| {
            site.set(
                INGRESS,
                "/metadata/annotations",
                "nginx.org/server-snippet",
                json!("x"),
            );
        },
        &["X03 Ingress/lab-web: annotation"],
    ),
    (
        "a host without TLS",
        |site| *site.at(INGRESS, "/spec/tls/0/hosts") = json!([]),
        &["X18 Ingress/lab-web: host `data.lab.example.org` is not"],
    ),
    (
        "TLS for a host that is not served",
        |site| site.push(INGRESS, "/spec/tls/0/hosts", json!("old.example.org")),
        &["X18 Ingress/lab-web: spec.tls names `old.example.org`"],
    ),
    (
        "one route in two Ingresses",
        |site| site.copy(INGRESS, "lab-web-2"),
        &["X09 Ingress/lab-web-2: data.lab.example.org/ is routed twice"],
    ),
    (
        "a policy for no pods",
        |site| {
            site.set(
                POLICY,
                "/spec",
                "podSelector",
                json!({"matchLabels": {"app.kubernetes.io/component": "wep"}}),
            );
        },
        &["X19 NetworkPolicy/lab-web: spec.podSelector selects no pods"],
    ),
    (
        "a policy to no pods",
        |site| {
            *site.at(
                POLICY,
                "/spec/egress/0/to/0/podSelector/matchLabels/app.kubernetes.io~1component",
            ) = json!("pg");
        },
        &["X19 NetworkPolicy/lab-web: a podSelector of egress"],
    ),
    (
        "a policy from no pods",
        |site| {
            *site.at(
                "NetworkPolicy/lab-postgresql",
                "/spec/ingress/0/from/0/podSelector/matchLabels/app.kubernetes.io~1component",
            ) = json!("worker");
        },
        &["X19 NetworkPolicy/lab-postgresql: a podSelector of ingress"],
    ),
    (
        "a policy for a port name that is not there",
        |site| *site.at(POLICY, "/spec/ingress/0/ports/0/port") = json!("https"),
        &["X19 NetworkPolicy/lab-web: ingress port \"https\"/TCP"],
    ),
    (
        "a policy to a port that is not there",
        |site| *site.at(POLICY, "/spec/egress/0/ports/0/port") = json!(5433),
        &["X19 NetworkPolicy/lab-web: egress port 5433/TCP"],
    ),
    (
        "a policy for the wrong protocol",
        |site| {
            site.set(
                "NetworkPolicy/lab-postgresql",
                "/spec/ingress/0/ports/0",
                "protocol",
                json!("UDP"),
            );
        },
        &["X19 NetworkPolicy/lab-postgresql: ingress port \"postgresql\"/UDP"],
    ),
    (
        "a peer of nothing",
        |site| *site.at(POLICY, "/spec/egress/0/to/0") = json!({}),
        &["X19 NetworkPolicy/lab-web: a peer of egress"],
    ),
    (
        "a policy without types",
        |site| site.remove("NetworkPolicy/lab-solver", "/spec", "policyTypes"),
        &["X19 NetworkPolicy/lab-solver: spec.policyTypes is missing"],
    ),
    (
        "no default for what is sent",
        |site| *site.at("NetworkPolicy/lab-default-deny", "/spec/policyTypes") = json!(["Ingress"]),
        &[
            "X19 Deployment/lab-beat: no NetworkPolicy selects its pods for Egress",
            "X19 StatefulSet/lab-postgresql: no NetworkPolicy selects its pods for Egress",
            "X19 Job/lab-init-1a2b3c4d: no NetworkPolicy selects its pods for Egress",
            "X19 CronJob/lab-report: no NetworkPolicy selects its pods for Egress",
        ],
    ),
];
