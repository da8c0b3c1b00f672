//! References to configuration and Secrets, host names in it, and secrets that should not be in it.

use super::{DB, Fault, POD, WEB};
use serde_json::json;

const NGINX_CONF: &str = "/data/nginx.conf";
const CFG: &str = "/data/invenio.cfg";
const NGINX: &str = "ConfigMap/lab-nginx";
const INVENIO: &str = "ConfigMap/lab-invenio";
const ENV: &str = "/spec/template/spec/containers/1/env";

pub const FAULTS: &[Fault] = &[
    (
        "a ConfigMap that is not there",
        |site| *site.at(WEB, "/spec/template/spec/volumes/1/configMap/name") = json!("lab-ngnix"),
        &[
            "X04 Deployment/lab-web: volume nginx names ConfigMap `lab-ngnix`",
            "X04 ConfigMap/lab-nginx: is used by nothing",
        ],
    ),
    (
        "a mount of a key that is not there",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/0/volumeMounts/1/subPath",
            ) = json!("ngnix.conf");
        },
        &[
            "X04 Deployment/lab-web: volume nginx uses key `ngnix.conf` of ConfigMap lab-nginx",
            "X04 ConfigMap/lab-nginx: key `nginx.conf` is used by nothing",
        ],
    ),
    (
        "a mount of a file that the items do not make",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/containers/1/volumeMounts/3/subPath",
            ) = json!("invenio.cfg");
        },
        &["X04 Deployment/lab-web: container uwsgi mounts `invenio.cfg` of volume invenio"],
    ),
    (
        "an item of a key that is not there",
        |site| {
            *site.at(WEB, "/spec/template/spec/volumes/2/configMap/items/0/key") =
                json!("site.cfg");
        },
        &[
            "X04 Deployment/lab-web: volume invenio uses key `site.cfg`",
            "X04 ConfigMap/lab-invenio: key `invenio.cfg` is used by nothing",
        ],
    ),
    (
        "a variable from a key that is not there",
        |site| *site.at(WEB, &format!("{ENV}/4/valueFrom/configMapKeyRef/key")) = json!("queue"),
        &[
            "X04 Deployment/lab-web: container uwsgi variable QUEUES uses key `queue`",
            "X04 ConfigMap/lab-invenio: key `queues` is used by nothing",
        ],
    ),
    (
        "a key that nothing uses",
        |site| site.set(NGINX, "/data", "mime.types", json!("x")),
        &["X04 ConfigMap/lab-nginx: key `mime.types` is used by nothing"],
    ),
    (
        "variables from a ConfigMap that is not there",
        |site| {
            site.set(
                WEB,
                "/spec/template/spec/containers/1",
                "envFrom",
                json!([{"configMapRef": {"name": "lab-env"}}]),
            );
        },
        &["X04 Deployment/lab-web: container uwsgi envFrom names ConfigMap `lab-env`"],
    ),
    (
        "a Secret that is not there",
        |site| *site.at(WEB, &format!("{ENV}/2/valueFrom/secretKeyRef/name")) = json!("lab-db"),
        &[
            "X04 Deployment/lab-web: container uwsgi variable POSTGRES_PASSWORD names Secret `lab-db`",
        ],
    ),
    (
        "a key of a Secret that is not there",
        |site| *site.at(WEB, &format!("{ENV}/2/valueFrom/secretKeyRef/key")) = json!("pass"),
        &[
            "X04 Deployment/lab-web: container uwsgi variable POSTGRES_PASSWORD uses key `pass` of Secret lab-database",
        ],
    ),
    (
        "a Secret that nothing uses",
        |site| site.promise("lab-smtp", "password"),
        &["X04 Secret/lab-smtp: is used by nothing"],
    ),
    (
        "a key of a Secret that nothing uses",
        |site| site.promise("lab-keys", "old"),
        &["X04 Secret/lab-keys: key `old` is used by nothing"],
    ),
    (
        "a pull secret that is not there",
        |site| *site.at("ServiceAccount/lab-web", "/imagePullSecrets/0/name") = json!("lab-pull"),
        &[
            "X04 ServiceAccount/lab-web: imagePullSecrets names Secret `lab-pull`",
            "X04 Secret/lab-registry: is used by nothing",
        ],
    ),
    (
        "a certificate that is not there",
        |site| *site.at("Ingress/lab-web", "/spec/tls/0/secretName") = json!("lab-cert"),
        &[
            "X04 Ingress/lab-web: spec.tls names Secret `lab-cert`",
            "X04 Secret/lab-tls: is used by nothing",
        ],
    ),
    (
        "a claim that is not there",
        |site| {
            *site.at(
                WEB,
                "/spec/template/spec/volumes/4/persistentVolumeClaim/claimName",
            ) = json!("lab-file");
        },
        &[
            "X04 Deployment/lab-web: volume files names PersistentVolumeClaim `lab-file`",
            "X04 PersistentVolumeClaim/lab-files: is used by nothing",
        ],
    ),
    (
        "a storage class that is not there",
        |site| *site.at(DB, "/spec/volumeClaimTemplates/0/spec/storageClassName") = json!("fast"),
        &["X04 StatefulSet/lab-postgresql: claim data names storage class `fast`"],
    ),
    (
        "an account that is not there",
        |site| site.delete("ServiceAccount/lab-beat"),
        &["X04 Deployment/lab-beat: serviceAccountName `lab-beat`"],
    ),
    (
        "an account that nothing uses",
        |site| site.copy("ServiceAccount/lab-beat", "lab-spare"),
        &["X04 ServiceAccount/lab-spare: is used by nothing"],
    ),
    (
        "the default account",
        |site| {
            site.remove(
                "CronJob/lab-report",
                "/spec/jobTemplate/spec/template/spec",
                "serviceAccountName",
            );
        },
        &[
            "X04 CronJob/lab-report: serviceAccountName ``",
            "X04 ServiceAccount/lab-report: is used by nothing",
        ],
    ),
    (
        "an upstream that is no Service",
        |site| site.append(NGINX, NGINX_CONF, "upstream api { server lab-api:5000; }\n"),
        &["X11 ConfigMap/lab-nginx: key `nginx.conf` names host `lab-api`"],
    ),
    (
        "an upstream with a port that is not there",
        |site| site.append(NGINX, NGINX_CONF, "upstream api { server lab-web:5000; }\n"),
        &["X11 ConfigMap/lab-nginx: key `nginx.conf` names lab-web:5000"],
    ),
    (
        "a URL of another namespace",
        |site| {
            site.append(
                INVENIO,
                CFG,
                "X = 'http://lab-web.lab.svc.cluster.local:8080'\n",
            );
        },
        &[
            "X11 ConfigMap/lab-invenio: key `invenio.cfg` names host `lab-web.lab.svc.cluster.local`",
        ],
    ),
    (
        "a URL with the default port",
        |site| site.append(INVENIO, CFG, "X = 'http://lab-web/ping'\n"),
        &["X11 ConfigMap/lab-invenio: key `invenio.cfg` names lab-web:80"],
    ),
    (
        "a replica that is not there",
        |site| {
            site.append(
                INVENIO,
                CFG,
                "X = 'lab-postgresql-1.lab-postgresql-headless:5432'\n",
            );
        },
        &[
            "X11 ConfigMap/lab-invenio: key `invenio.cfg` names host `lab-postgresql-1.lab-postgresql-headless`",
        ],
    ),
    (
        "a bare name that is nothing of ours",
        |site| site.append(INVENIO, CFG, "CACHE_HOST = \"lab-redis\"\n"),
        &["X11 ConfigMap/lab-invenio: key `invenio.cfg` names host `lab-redis`"],
    ),
    (
        "a variable with a host that is not there",
        |site| *site.at(WEB, &format!("{ENV}/0/value")) = json!("lab-postgres"),
        &[
            "X11 Deployment/lab-web: container uwsgi variable POSTGRES_HOST names",
            "X11 Deployment/lab-web: variables POSTGRES_HOST and POSTGRES_PORT name",
        ],
    ),
    (
        "a variable with a port that is not there",
        |site| *site.at(WEB, &format!("{ENV}/1/value")) = json!("5433"),
        &["X11 Deployment/lab-web: variables POSTGRES_HOST and POSTGRES_PORT name"],
    ),
    (
        "a host in a command that is not there",
        |site| {
            *site.at(WEB, "/spec/template/spec/initContainers/0/command/2") =
                json!("pg_isready -h lab-db");
        },
        &["X11 Deployment/lab-web: container wait arguments names host `lab-db`"],
    ),
    (
        "localhost for a service elsewhere",
        |site| site.append(INVENIO, CFG, "X = 'localhost:5432'\n"),
        &[
            "X11 ConfigMap/lab-invenio: key `invenio.cfg` names localhost:5432, but that port is of Service/lab-postgresql",
        ],
    ),
    (
        "a password in a variable",
        |site| {
            site.push(
                WEB,
                ENV,
                json!({"name": "REDIS_PASSWORD", "value": "hunter2"}),
            );
        },
        &["X20 Deployment/lab-web: container uwsgi variable REDIS_PASSWORD"],
    ),
    (
        "a password in a URL",
        |site| {
            *site.at(WEB, &format!("{ENV}/3/value")) =
                json!("postgresql://lab:hunter2@lab-postgresql/lab");
        },
        &[
            "X20 Deployment/lab-web: container uwsgi variable INVENIO_SQLALCHEMY_DATABASE_URI holds a URL",
        ],
    ),
    (
        "a key in the configuration",
        |site| site.append(INVENIO, CFG, "SECRET_KEY = 'changeme'\n"),
        &["X20 ConfigMap/lab-invenio: key `invenio.cfg` assigns a literal to `SECRET_KEY`"],
    ),
    (
        "a token in YAML",
        |site| site.append(INVENIO, CFG, "api-token: abcdef\n"),
        &["X20 ConfigMap/lab-invenio: key `invenio.cfg` assigns a literal to `api-token`"],
    ),
    (
        "a directive with a password",
        |site| site.append(NGINX, NGINX_CONF, "requirepass hunter2\n"),
        &["X20 ConfigMap/lab-nginx: key `nginx.conf` assigns a literal to `requirepass`"],
    ),
    (
        "a private key",
        |site| site.append(NGINX, NGINX_CONF, "-----BEGIN PRIVATE KEY-----\n"),
        &["X20 ConfigMap/lab-nginx: key `nginx.conf` holds a private key"],
    ),
    (
        "a password among the arguments",
        |site| {
            site.push(
                "Job/lab-init-1a2b3c4d",
                "/spec/template/spec/containers/0/args",
                json!("--password=hunter2"),
            );
        },
        &["X20 Job/lab-init-1a2b3c4d: container main arguments assigns a literal to `--password`"],
    ),
    (
        "a Secret with values",
        |site| {
            site.outside.secrets.remove("lab-keys");
            site.add(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "lab-keys"}, "data": {"secret-key": "YWJj"}}));
        },
        &["X20 Secret/lab-keys: a Secret with values"],
    ),
    (
        "a Secret that is not base64",
        |site| {
            site.outside.secrets.remove("lab-keys");
            site.add(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "lab-keys"}, "data": {"secret-key": "not base64"}}));
        },
        &[
            "X20 Secret/lab-keys: a Secret with values",
            "X25 Secret/lab-keys: data `secret-key`",
        ],
    ),
    (
        "a Secret that is too large",
        |site| {
            site.outside.secrets.remove("lab-keys");
            let large = "QUJD".repeat(350_000);
            site.add(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "lab-keys"}, "data": {"secret-key": large}}));
        },
        &[
            "X20 Secret/lab-keys: a Secret with values",
            "X25 Secret/lab-keys: holds 1050000 bytes",
        ],
    ),
    (
        "a pull secret of a pod that is not there",
        |site| site.set(WEB, POD, "imagePullSecrets", json!([{"name": "lab-pull"}])),
        &["X04 Deployment/lab-web: imagePullSecrets names Secret `lab-pull`"],
    ),
];
