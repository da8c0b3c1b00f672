//! Containers, volumes, probes, resources and images.

use super::{DB, Fault, NGINX, POD, UWSGI, WEB};
use serde_json::json;

const FILES: &str = "PersistentVolumeClaim/lab-files";
const JOB: &str = "Job/lab-init-1a2b3c4d";

pub const FAULTS: &[Fault] = &[
    (
        "a probe of an unknown port name",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/0/readinessProbe/httpGet/port",
            ) = json!("web");
        },
        &["X10 Deployment/lab-web: container nginx readinessProbe"],
    ),
    (
        "a probe of a port name of another container",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/1/livenessProbe/tcpSocket/port",
            ) = json!("http");
        },
        &["X10 Deployment/lab-web: container uwsgi livenessProbe"],
    ),
    (
        "a probe of an undeclared number",
        |site| {
            *site.at(
                DB,
                "/spec/template/spec/containers/0/livenessProbe/tcpSocket/port",
            ) = json!(5433);
        },
        &["X10 StatefulSet/lab-postgresql"],
    ),
    (
        "a probe without handler",
        |site| {
            site.set(
                DB,
                "/spec/template/spec/containers/0",
                "startupProbe",
                json!({"periodSeconds": 1}),
            );
        },
        &["X10 StatefulSet/lab-postgresql"],
    ),
    (
        "a probe with an empty command",
        |site| {
            *site.at(
                DB,
                "/spec/template/spec/containers/0/readinessProbe/exec/command",
            ) = json!([]);
        },
        &["X10 StatefulSet/lab-postgresql"],
    ),
    (
        "a probe path without slash",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/0/readinessProbe/httpGet/path",
            ) = json!("ping");
        },
        &["X10 Deployment/lab-web"],
    ),
    (
        "no start-up probe",
        |site| site.remove(WEB, UWSGI, "startupProbe"),
        &["X24 Deployment/lab-web: container uwsgi has no startupProbe"],
    ),
    (
        "liveness that is readiness",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/0/livenessProbe/httpGet/path",
            ) = json!("/ping");
        },
        &["X24 Deployment/lab-web: container nginx asks the same"],
    ),
    (
        "no memory limit",
        |site| {
            site.remove(
                WEB,
                "/spec/template/spec/containers/0/resources/limits",
                "memory",
            );
        },
        &["X14 Deployment/lab-web: container nginx has no limits.memory"],
    ),
    (
        "no scratch request in an init container",
        |site| {
            site.remove(
                WEB,
                "/spec/template/spec/initContainers/0/resources/requests",
                "ephemeral-storage",
            );
        },
        &["X14 Deployment/lab-web: container wait"],
    ),
    (
        "a request above the limit by value",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/0/resources/requests/cpu",
            ) = json!("1001m");
        },
        &["X14 Deployment/lab-web: container nginx requests more cpu"],
    ),
    (
        "a quantity that is none",
        |site| {
            *site.at(
                JOB,
                "/spec/template/spec/containers/0/resources/limits/memory",
            ) = json!("128MB");
        },
        &["X14 Job/lab-init-1a2b3c4d: container main limits.memory is no quantity"],
    ),
    (
        "a size limit that is none",
        |site| *site.at(WEB, "/spec/template/spec/volumes/0/emptyDir/sizeLimit") = json!("0"),
        &["X14 Deployment/lab-web: volume tmp"],
    ),
    (
        "a claim without size",
        |site| site.remove(FILES, "/spec/resources/requests", "storage"),
        &["X14 PersistentVolumeClaim/lab-files"],
    ),
    (
        "a claim above the limit range",
        |site| *site.at(FILES, "/spec/resources/requests/storage") = json!("501Gi"),
        &["X14 PersistentVolumeClaim/lab-files: claim lab-files requests.storage is more"],
    ),
    (
        "a container below the limit range",
        |site| {
            *site.at(
                JOB,
                "/spec/template/spec/containers/0/resources/requests/cpu",
            ) = json!("9m");
        },
        &["X14 Job/lab-init-1a2b3c4d: container main requests.cpu is less"],
    ),
    (
        "a quota too small for all replicas",
        |site| *site.at("ResourceQuota/lab", "/spec/hard/pods") = json!(7),
        &["X14 ResourceQuota/lab: spec.hard pods is 7, the objects at most need 8"],
    ),
    (
        "a quota too small for the claims",
        |site| *site.at("ResourceQuota/lab", "/spec/hard/requests.storage") = json!("149Gi"),
        &["X14 ResourceQuota/lab: spec.hard requests.storage"],
    ),
    (
        "a volume twice",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/volumes",
                json!({"name": "tmp", "emptyDir": {}}),
            );
        },
        &["X15 Deployment/lab-web: two volumes are named tmp"],
    ),
    (
        "a volume that nothing mounts",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/volumes",
                json!({"name": "spare", "emptyDir": {}}),
            );
        },
        &["X15 Deployment/lab-web: volume spare is mounted by no"],
    ),
    (
        "a mount of no volume",
        |site| {
            *site.at(WEB, "/spec/template/spec/containers/1/volumeMounts/1/name") = json!("file");
        },
        &[
            "X15 Deployment/lab-web: container uwsgi mount /data names",
            "X15 Deployment/lab-web: volume files is mounted by no",
        ],
    ),
    (
        "a claim template that nothing mounts",
        |site| site.take(DB, "/spec/template/spec/containers/0/volumeMounts", 1),
        &["X15 StatefulSet/lab-postgresql: volume data is mounted by no"],
    ),
    (
        "two mounts at one path",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/1/volumeMounts/1/mountPath",
            ) = json!("/tmp/");
        },
        &["X15 Deployment/lab-web: container uwsgi mount /tmp is mounted twice"],
    ),
    (
        "a mount at a relative path",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/1/volumeMounts/1/mountPath",
            ) = json!("data");
        },
        &["X15 Deployment/lab-web: container uwsgi mount data"],
    ),
    (
        "a path of the host",
        |site| {
            site.set(
                WEB,
                "/spec/template/spec/volumes/0",
                "hostPath",
                json!({"path": "/"}),
            );
        },
        &["X15 Deployment/lab-web: volume tmp is not of one allowed kind"],
    ),
    (
        "a variable twice",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/containers/1/env",
                json!({"name": "POSTGRES_PORT", "value": "5432"}),
            );
        },
        &["X15 Deployment/lab-web: container uwsgi variable POSTGRES_PORT is set twice"],
    ),
    (
        "a variable that is a number",
        |site| *site.at(WEB, "/spec/template/spec/containers/1/env/1/value") = json!(5432),
        &["X15 Deployment/lab-web: container uwsgi variable POSTGRES_PORT is not a string"],
    ),
    (
        "a variable with a blank",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/containers/1/env",
                json!({"name": "A B", "value": ""}),
            );
        },
        &["X15 Deployment/lab-web: container uwsgi variable A B is not a valid"],
    ),
    (
        "a variable used before it is set",
        |site| {
            site.at(WEB, "/spec/template/spec/containers/1/env")
                .as_array_mut()
                .unwrap()
                .swap(2, 3);
        },
        &[
            "X15 Deployment/lab-web: container uwsgi variable INVENIO_SQLALCHEMY_DATABASE_URI uses $(POSTGRES_PASSWORD)",
        ],
    ),
    (
        "an argument with an unknown variable",
        |site| {
            site.push(
                JOB,
                "/spec/template/spec/containers/0/args",
                json!("$(ROLE)"),
            );
        },
        &["X15 Job/lab-init-1a2b3c4d: container main has $(ROLE)"],
    ),
    (
        "two containers with one name",
        |site| *site.at(WEB, "/spec/template/spec/initContainers/0/name") = json!("nginx"),
        &["X15 Deployment/lab-web: two containers are named nginx"],
    ),
    (
        "a port twice in a pod",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/containers/1/ports",
                json!({"name": "other", "containerPort": 8080}),
            );
        },
        &["X15 Deployment/lab-web: container uwsgi port 8080 is declared a second"],
    ),
    (
        "a port name twice in a pod",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/containers/1/ports",
                json!({"name": "http", "containerPort": 8081}),
            );
        },
        &["X15 Deployment/lab-web: container uwsgi port 8081 has the name"],
    ),
    (
        "a privileged port",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/containers/1/ports",
                json!({"name": "low", "containerPort": 80}),
            );
        },
        &["X15 Deployment/lab-web: container uwsgi port 80 is below"],
    ),
    (
        "a port name too long",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/containers/1/ports",
                json!({"name": "a-very-long-name", "containerPort": 8081}),
            );
        },
        &["X13 Deployment/lab-web: container uwsgi port 8081"],
    ),
    (
        "a port of the host",
        |site| {
            site.set(
                WEB,
                "/spec/template/spec/containers/0/ports/0",
                "hostPort",
                json!(8080),
            );
        },
        &["X15 Deployment/lab-web: container nginx has a containerPort"],
    ),
    (
        "a configuration value that is a number",
        |site| site.set("ConfigMap/lab-invenio", "/data", "queues", json!(2)),
        &["X15 ConfigMap/lab-invenio: data `queues`"],
    ),
    (
        "a writable root",
        |site| {
            site.set(
                DB,
                "/spec/template/spec/containers/0",
                "securityContext",
                json!({}),
            );
        },
        &["X22 StatefulSet/lab-postgresql: container postgresql has no read-only"],
    ),
    (
        "no /tmp",
        |site| site.take(WEB, "/spec/template/spec/containers/0/volumeMounts", 0),
        &["X22 Deployment/lab-web: container nginx has no writable /tmp"],
    ),
    (
        "a read-only /tmp",
        |site| {
            site.set(
                WEB,
                "/spec/template/spec/containers/0/volumeMounts/0",
                "readOnly",
                json!(true),
            );
        },
        &["X22 Deployment/lab-web: container nginx has no writable /tmp"],
    ),
    (
        "TMPDIR elsewhere",
        |site| {
            site.push(
                WEB,
                "/spec/template/spec/containers/1/env",
                json!({"name": "TMPDIR", "value": "/scratch"}),
            );
        },
        &["X22 Deployment/lab-web: container uwsgi has no writable /scratch"],
    ),
    (
        "a claim for one node with several replicas",
        |site| *site.at(FILES, "/spec/accessModes/0") = json!("ReadWriteOnce"),
        &[
            "X23 PersistentVolumeClaim/lab-files: ReadWriteOnce, but Deployment/lab-web has up to 4",
            "X23 PersistentVolumeClaim/lab-files: ReadWriteOnce, but Deployment/lab-web is updated",
        ],
    ),
    (
        "a claim for one node with two workloads",
        |site| {
            site.delete("HorizontalPodAutoscaler/lab-web");
            *site.at(WEB, "/spec/strategy/type") = json!("Recreate");
            site.delete("PodDisruptionBudget/lab-web");
            *site.at(FILES, "/spec/accessModes/0") = json!("ReadWriteOnce");
            let volumes = json!([{"name": "tmp", "emptyDir": {}}, {"name": "files", "persistentVolumeClaim": {"claimName": "lab-files"}}]);
            site.set(JOB, POD, "volumes", volumes);
            site.push(
                JOB,
                "/spec/template/spec/containers/0/volumeMounts",
                json!({"name": "files", "mountPath": "/data"}),
            );
        },
        &[
            "X23 PersistentVolumeClaim/lab-files: ReadWriteOnce, but shared by Deployment/lab-web, Job/lab-init-1a2b3c4d",
        ],
    ),
    (
        "an unknown access mode",
        |site| *site.at(FILES, "/spec/accessModes/0") = json!("RWX"),
        &["X23 PersistentVolumeClaim/lab-files: accessModes"],
    ),
    (
        "the tag latest",
        |site| site.set(WEB, NGINX, "image", json!("nginx:latest")),
        &["X21 Deployment/lab-web: container nginx image"],
    ),
    (
        "no tag, but a port of a registry",
        |site| site.set(WEB, NGINX, "image", json!("registry:5000/nginx")),
        &["X21 Deployment/lab-web: container nginx image"],
    ),
    (
        "a digest cut short",
        |site| site.set(WEB, NGINX, "image", json!("nginx:1@sha256:0123")),
        &["X21 Deployment/lab-web: container nginx image"],
    ),
    (
        "no pull policy",
        |site| site.remove(WEB, NGINX, "imagePullPolicy"),
        &["X21 Deployment/lab-web: container nginx imagePullPolicy"],
    ),
    (
        "service links",
        |site| site.remove(JOB, POD, "enableServiceLinks"),
        &["X21 Job/lab-init-1a2b3c4d: enableServiceLinks"],
    ),
    (
        "no digest of the configuration",
        |site| site.remove(WEB, "/spec/template/metadata", "annotations"),
        &[
            "X21 Deployment/lab-web: a change of ConfigMap lab-invenio",
            "X21 Deployment/lab-web: a change of ConfigMap lab-nginx",
        ],
    ),
];
