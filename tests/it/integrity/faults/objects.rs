//! Kinds, names, namespaces, selectors of workloads, scaling, schedules and access.

use super::{DB, Fault, POD, WEB};
use serde_json::json;

const HPA: &str = "HorizontalPodAutoscaler/lab-web";
const PDB: &str = "PodDisruptionBudget/lab-web";
const BEAT: &str = "Deployment/lab-beat";
const CRON: &str = "CronJob/lab-report";

pub const FAULTS: &[Fault] = &[
    (
        "an unknown kind",
        |site| site.add(json!({"apiVersion": "v1", "kind": "Pod2", "metadata": {"name": "x"}})),
        &["X00 Pod2/x"],
    ),
    (
        "an old API version",
        |site| site.set(PDB, "", "apiVersion", json!("policy/v1beta1")),
        &["X00 PodDisruptionBudget/lab-web"],
    ),
    (
        "an object twice",
        |site| site.copy("ConfigMap/lab-nginx", "lab-nginx"),
        &["X09 ConfigMap/lab-nginx"],
    ),
    (
        "no namespace",
        |site| site.remove("Role/lab-postgresql", "/metadata", "namespace"),
        &["X12 Role/lab-postgresql"],
    ),
    (
        "another namespace",
        |site| {
            site.set(
                "ServiceAccount/lab-init",
                "/metadata",
                "namespace",
                json!("other"),
            );
        },
        &["X12 ServiceAccount/lab-init: namespace `other`"],
    ),
    (
        "a Namespace in a namespace",
        |site| {
            site.set(
                "Namespace/lab-rdm",
                "/metadata",
                "namespace",
                json!("lab-rdm"),
            );
        },
        &["X12 Namespace/lab-rdm"],
    ),
    (
        "a capital in a name",
        |site| site.set(PDB, "/metadata", "name", json!("Lab")),
        &["X13 PodDisruptionBudget/Lab"],
    ),
    (
        "a name of 54 characters",
        |site| site.set(CRON, "/metadata", "name", json!("r".repeat(54))),
        &["X13 CronJob/rrr"],
    ),
    (
        "a label value with a blank",
        |site| *site.at(HPA, "/metadata/labels/app.kubernetes.io~1version") = json!("1 3"),
        &["X13 HorizontalPodAutoscaler/lab-web: label"],
    ),
    (
        "a label that is a number",
        |site| site.set(HPA, "/metadata/labels", "build", json!(7)),
        &["X13 HorizontalPodAutoscaler/lab-web: label"],
    ),
    (
        "a recommended label is missing",
        |site| site.remove(PDB, "/metadata/labels", "app.kubernetes.io/part-of"),
        &["X13 PodDisruptionBudget/lab-web: lacks"],
    ),
    (
        "no component on a workload",
        |site| site.remove(CRON, "/metadata/labels", "app.kubernetes.io/component"),
        &["X13 CronJob/lab-report: lacks"],
    ),
    (
        "an annotation that is a number",
        |site| site.set(PDB, "/metadata", "annotations", json!({"a/b": 1})),
        &["X13 PodDisruptionBudget/lab-web: annotation"],
    ),
    (
        "a selector that is not the template's",
        |site| {
            *site.at(
                WEB,
                "/spec/selector/matchLabels/app.kubernetes.io~1component",
            ) = json!("webb");
        },
        &["X08 Deployment/lab-web: spec.selector does not select"],
    ),
    (
        "a selector that takes in all workloads",
        |site| {
            site.remove(
                WEB,
                "/spec/selector/matchLabels",
                "app.kubernetes.io/component",
            );
        },
        &[
            "X08 Deployment/lab-web: spec.selector also selects the pods of Deployment/lab-beat",
            "X08 Deployment/lab-web: spec.selector also selects the pods of StatefulSet/lab-postgresql",
            "X08 Deployment/lab-web: spec.selector also selects the pods of Job/lab-init-1a2b3c4d",
            "X08 Deployment/lab-web: spec.selector also selects the pods of CronJob/lab-report",
        ],
    ),
    (
        "an empty selector",
        |site| site.set(BEAT, "/spec", "selector", json!({})),
        &["X08 Deployment/lab-beat: spec.selector is empty"],
    ),
    (
        "a version in a selector",
        |site| {
            site.set(
                WEB,
                "/spec/selector/matchLabels",
                "app.kubernetes.io/version",
                json!("13"),
            );
        },
        &["X08 Deployment/lab-web: spec.selector holds"],
    ),
    (
        "a selector on a Job",
        |site| site.set("Job/lab-init-1a2b3c4d", "/spec", "selector", json!({})),
        &["X08 Job/lab-init"],
    ),
    (
        "spreading by another component",
        |site| {
            *site.at(WEB, "/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels/app.kubernetes.io~1component") = json!("beat");
        },
        &["X08 Deployment/lab-web: a topologySpread"],
    ),
    (
        "anti-affinity to nothing",
        |site| {
            let term = json!({"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "x"}}});
            let affinity = json!({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}});
            site.set(DB, POD, "affinity", affinity);
        },
        &["X08 StatefulSet/lab-postgresql: a podAntiAffinity"],
    ),
    (
        "two beats",
        |site| *site.at(BEAT, "/spec/replicas") = json!(2),
        &["X08 Deployment/lab-beat: a beat has exactly 1"],
    ),
    (
        "a beat that rolls",
        |site| *site.at(BEAT, "/spec/strategy/type") = json!("RollingUpdate"),
        &["X08 Deployment/lab-beat: spec.strategy"],
    ),
    (
        "a missing headless Service",
        |site| *site.at(DB, "/spec/serviceName") = json!("lab-pg"),
        &["X07 StatefulSet/lab-postgresql"],
    ),
    (
        "a StatefulSet behind a client Service",
        |site| *site.at(DB, "/spec/serviceName") = json!("lab-postgresql"),
        &["X07 StatefulSet/lab-postgresql: spec.serviceName `lab-postgresql` is not headless"],
    ),
    (
        "a headless Service of other pods",
        |site| {
            *site.at(
                "Service/lab-postgresql-headless",
                "/spec/selector/app.kubernetes.io~1component",
            ) = json!("web");
        },
        &[
            "X07 StatefulSet/lab-postgresql",
            "X02 Service/lab-postgresql-headless: targetPort",
            "X11 ConfigMap/lab-invenio: key `invenio.cfg`",
        ],
    ),
    (
        "an autoscaler of nothing",
        |site| *site.at(HPA, "/spec/scaleTargetRef/name") = json!("lab-wep"),
        &["X05 HorizontalPodAutoscaler/lab-web: spec.scaleTargetRef"],
    ),
    (
        "two autoscalers",
        |site| site.copy(HPA, "lab-web-2"),
        &["X05 HorizontalPodAutoscaler/lab-web-2"],
    ),
    (
        "replicas beside an autoscaler",
        |site| site.set(WEB, "/spec", "replicas", json!(2)),
        &["X05 Deployment/lab-web: spec.replicas"],
    ),
    (
        "bounds upside down",
        |site| *site.at(HPA, "/spec/minReplicas") = json!(5),
        &["X05 HorizontalPodAutoscaler/lab-web: minReplicas 5"],
    ),
    (
        "no metrics",
        |site| *site.at(HPA, "/spec/metrics") = json!([]),
        &["X05 HorizontalPodAutoscaler/lab-web: spec.metrics"],
    ),
    (
        "scaling by what is not requested",
        |site| {
            site.remove(
                WEB,
                "/spec/template/spec/containers/1/resources/requests",
                "cpu",
            );
        },
        &[
            "X05 HorizontalPodAutoscaler/lab-web: scales by cpu, which container uwsgi",
            "X14 Deployment/lab-web: container uwsgi has no requests.cpu",
        ],
    ),
    (
        "a budget of nothing",
        |site| site.set(PDB, "/spec", "selector", json!({"matchLabels": {"a": "b"}})),
        &["X05 PodDisruptionBudget/lab-web: spec.selector selects no"],
    ),
    (
        "a budget of everything",
        |site| site.set(PDB, "/spec", "selector", json!({})),
        &["X05 PodDisruptionBudget/lab-web: spec.selector selects several"],
    ),
    (
        "a budget that blocks",
        |site| *site.at(PDB, "/spec/maxUnavailable") = json!(0),
        &["X05 PodDisruptionBudget/lab-web: 0 blocks"],
    ),
    (
        "a budget for all replicas",
        |site| {
            site.remove(PDB, "/spec", "maxUnavailable");
            site.set(PDB, "/spec", "minAvailable", json!("51%"));
        },
        &[
            "X05 PodDisruptionBudget/lab-web: \"51%\" blocks every drain of Deployment/lab-web with 2",
        ],
    ),
    (
        "a budget with both bounds",
        |site| site.set(PDB, "/spec", "minAvailable", json!(1)),
        &["X05 PodDisruptionBudget/lab-web: exactly one"],
    ),
    (
        "two budgets",
        |site| site.copy(PDB, "lab-web-2"),
        &["X05 PodDisruptionBudget/lab-web-2"],
    ),
    (
        "a schedule with four fields",
        |site| *site.at(CRON, "/spec/schedule") = json!("15 3 * *"),
        &["X16 CronJob/lab-report: spec.schedule"],
    ),
    (
        "an hour 24",
        |site| *site.at(CRON, "/spec/schedule") = json!("0 24 * * *"),
        &["X16 CronJob/lab-report: spec.schedule"],
    ),
    (
        "runs that overlap",
        |site| site.remove(CRON, "/spec", "concurrencyPolicy"),
        &["X16 CronJob/lab-report: spec.concurrencyPolicy"],
    ),
    (
        "a deadline too short",
        |site| *site.at(CRON, "/spec/startingDeadlineSeconds") = json!(5),
        &["X16 CronJob/lab-report: spec.startingDeadline"],
    ),
    (
        "a Job that always restarts",
        |site| {
            *site.at("Job/lab-init-1a2b3c4d", "/spec/template/spec/restartPolicy") =
                json!("Always");
        },
        &["X16 Job/lab-init-1a2b3c4d"],
    ),
    (
        "a role that is not there",
        |site| *site.at("RoleBinding/lab-postgresql", "/roleRef/name") = json!("lab-pg"),
        &[
            "X17 RoleBinding/lab-postgresql: roleRef",
            "X17 Role/lab-postgresql: is bound by nothing",
        ],
    ),
    (
        "a subject that is not there",
        |site| *site.at("RoleBinding/lab-postgresql", "/subjects/0/name") = json!("lab-pg"),
        &[
            "X17 RoleBinding/lab-postgresql: subject",
            "X17 StatefulSet/lab-postgresql: automount",
        ],
    ),
    (
        "a wildcard",
        |site| site.push("Role/lab-postgresql", "/rules/0/verbs", json!("*")),
        &["X17 Role/lab-postgresql: has a rule"],
    ),
    (
        "a token by default",
        |site| site.remove("ServiceAccount/lab-web", "", "automountServiceAccountToken"),
        &["X17 ServiceAccount/lab-web"],
    ),
    (
        "a token that nothing needs",
        |site| site.remove(WEB, POD, "automountServiceAccountToken"),
        &["X17 Deployment/lab-web: automount"],
    ),
    (
        "two components with one account",
        |site| {
            *site.at(BEAT, "/spec/template/spec/serviceAccountName") = json!("lab-web");
        },
        &[
            "X17 ServiceAccount/lab-web: is shared by the components beat, web",
            "X04 ServiceAccount/lab-beat: is used by nothing",
        ],
    ),
];
