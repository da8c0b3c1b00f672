//! What Bitnami's charts make of our values, as far as the rest of a site meets it: pods, Services and NetworkPolicies.
//!
//! This stands in for the charts, which the repository does not hold. `bitnami::real` holds it against the real ones.

use serde_json::{Value, json};

/// A chart's values, and where it is installed.
struct Chart<'a> {
    name: &'a str,
    values: &'a Value,
    namespace: &'a str,
}

/// What the chart of this name makes.
///
/// # Panics
/// When nobody knows the chart.
pub fn objects(chart: &str, values: &Value, namespace: &str) -> Vec<Value> {
    let it = Chart {
        name: chart,
        values,
        namespace,
    };
    match chart {
        "postgresql" => it.postgresql(),
        "redis" => it.redis(),
        "rabbitmq" => it.rabbitmq(),
        other => panic!("no stand-in for the chart {other}"),
    }
}

/// Name and number of a port.
type Port = (&'static str, u16);

impl Chart<'_> {
    fn at(&self, path: &str) -> &Value {
        let pointer = format!("/{}", path.replace('.', "/"));
        self.values.pointer(&pointer).unwrap_or(&Value::Null)
    }

    fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_default()
    }

    fn is(&self, path: &str) -> bool {
        self.at(path) == true
    }

    /// The name of an object.
    fn called(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.text("fullnameOverride"))
    }

    fn selector(&self, component: Option<&str>) -> Value {
        let mut labels = json!({
            "app.kubernetes.io/name": self.name,
            "app.kubernetes.io/instance": self.at("commonLabels")["app.kubernetes.io/instance"],
        });
        if let Some(component) = component {
            labels["app.kubernetes.io/component"] = component.into();
        }
        labels
    }

    fn pods(&self, component: Option<&str>) -> Value {
        json!({"podSelector": {"matchLabels": self.selector(component)}})
    }

    fn object(&self, kind: &str, name: &str, spec: Value) -> Value {
        json!({"kind": kind, "metadata": {"name": name, "namespace": self.namespace}, "spec": spec})
    }

    fn service(&self, suffix: &str, ports: &[Port], selector: Value) -> Value {
        let ports: Vec<Value> = ports
            .iter()
            .map(|(name, port)| json!({"name": name, "port": port}))
            .collect();
        let spec = json!({"ports": ports, "selector": selector});
        self.object("Service", &self.called(suffix), spec)
    }

    fn stateful_set(
        &self,
        suffix: &str,
        component: Option<&str>,
        replicas: &Value,
        ports: &[Port],
        (secret, keys): (&str, &[&str]),
    ) -> Value {
        let mut labels = self.at("commonLabels").clone();
        for (key, value) in self.selector(component).as_object().unwrap() {
            labels[key] = value.clone();
        }
        labels["app.kubernetes.io/managed-by"] = "Helm".into();
        labels["helm.sh/chart"] = self.name.into();
        let ports: Vec<Value> = ports
            .iter()
            .map(|(name, port)| json!({"name": name, "containerPort": port}))
            .collect();
        let items: Vec<Value> = keys
            .iter()
            .map(|key| json!({"key": key, "path": key}))
            .collect();
        let spec = json!({
            "containers": [{"name": self.name, "ports": ports}],
            "volumes": [{"name": "secrets", "secret": {"secretName": secret, "items": items}}],
            "imagePullSecrets": self.at("global.imagePullSecrets").as_array().into_iter().flatten()
                .map(|name| json!({"name": name})).collect::<Vec<_>>(),
        });
        let template = json!({"metadata": {"labels": labels}, "spec": spec});
        let spec = json!({"replicas": replicas, "template": template});
        self.object("StatefulSet", &self.called(suffix), spec)
    }

    /// A policy, with the rules that our values add; none where they switch it off.
    fn policy(
        &self,
        name: &str,
        section: &str,
        selector: Value,
        mut ingress: Vec<Value>,
        mut egress: Vec<Value>,
    ) -> Option<Value> {
        let at = |key: &str| format!("{section}networkPolicy.{key}");
        if !self.is(&at("enabled")) {
            return None;
        }
        assert_eq!(self.at(&at("allowExternal")), false);
        assert_eq!(self.at(&at("allowExternalEgress")), false);
        let more = |key: &str| self.at(&at(key)).as_array().cloned().unwrap_or_default();
        ingress.extend(more("extraIngress"));
        egress.extend(more("extraEgress"));
        let spec = json!({
            "podSelector": {"matchLabels": selector},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": ingress,
            "egress": egress,
        });
        Some(self.object("NetworkPolicy", name, spec))
    }

    /// Pods that carry a label which lets them in; none of ours do.
    fn client(name: &str) -> Value {
        let label = format!("{name}-client");
        json!({"podSelector": {"matchLabels": {label: "true"}}})
    }

    fn postgresql(&self) -> Vec<Value> {
        let replicated = self.text("architecture") == "replication";
        let mut servers = vec![(
            "primary",
            "primary",
            if replicated { "-primary" } else { "" },
            "read",
        )];
        if replicated {
            servers.push(("readReplicas", "read", "-read", "primary"));
        }
        let metrics = self.is("metrics.enabled");
        let keys: Vec<&str> = self
            .at("auth.secretKeys")
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, key)| key.as_str())
            .collect();
        let secret = (self.text("auth.existingSecret"), keys.as_slice());
        let mut all = Vec::new();
        for (section, component, suffix, other) in servers {
            let port = [("tcp-postgresql", 5432)];
            let metrics_port = [("http-metrics", 9187)].into_iter().filter(|_| metrics);
            let ports: Vec<Port> = port.into_iter().chain(metrics_port.clone()).collect();
            let one = json!(1);
            let replicas = match component {
                "primary" => &one,
                _ => self.at("readReplicas.replicaCount"),
            };
            all.push(self.stateful_set(suffix, Some(component), replicas, &ports, secret));
            let selector = || self.selector(Some(component));
            all.push(self.service(suffix, &port, selector()));
            all.push(self.service(&format!("{suffix}-hl"), &port, selector()));
            all.extend(
                metrics_port
                    .map(|port| self.service(&format!("{suffix}-metrics"), &[port], selector())),
            );
            let from = [self.pods(None), Self::client(&self.called(suffix))];
            let inside: Vec<Value> = ports
                .iter()
                .map(|(_, port)| json!({"port": port}))
                .collect();
            all.extend(self.policy(
                &self.called(suffix),
                &format!("{section}."),
                selector(),
                vec![json!({"ports": inside, "from": from})],
                vec![
                    json!({"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}),
                    json!({"ports": [{"port": 5432}], "to": [self.pods(Some(other))]}),
                ],
            ));
        }
        all
    }

    fn redis(&self) -> Vec<Value> {
        let replicated = self.text("architecture") == "replication";
        let sentinel = self.is("sentinel.enabled");
        let metrics = self.is("metrics.enabled");
        let redis = [("tcp-redis", 6379)];
        let sentinels = [("tcp-sentinel", 26379)].into_iter().filter(|_| sentinel);
        let both: Vec<Port> = redis.into_iter().chain(sentinels.clone()).collect();
        let container: Vec<Port> = [("redis", 6379)]
            .into_iter()
            .chain(sentinels.map(|_| ("redis-sentinel", 26379)))
            .chain(metrics.then_some(("metrics", 9121)))
            .collect();
        let key = self.text("auth.existingSecretPasswordKey");
        let keys = [key];
        let secret = (self.text("auth.existingSecret"), keys.as_slice());
        let set = |suffix, component, replicas: &Value| {
            self.stateful_set(suffix, Some(component), replicas, &container, secret)
        };
        let replicas = self.at("replica.replicaCount");

        let mut all = vec![self.service("-headless", &both, self.selector(None))];
        if sentinel {
            assert!(self.is("sentinel.masterService.enabled") && self.is("rbac.create"));
            assert!(self.is("replica.automountServiceAccountToken"));
            all.push(set("-node", "node", replicas));
            all.push(self.service("", &both, self.selector(Some("node"))));
            // One of the nodes has the label; which one, changes.
            let mut master = self.selector(None);
            master["isMaster"] = "true".into();
            all.push(self.service("-master", &redis, master));
        } else {
            all.push(set("-master", "master", &json!(1)));
            all.push(self.service("-master", &redis, self.selector(Some("master"))));
            if replicated {
                all.push(set("-replicas", "replica", replicas));
                all.push(self.service("-replicas", &redis, self.selector(Some("replica"))));
            }
        }
        if metrics {
            all.push(self.service("-metrics", &[("http-metrics", 9121)], self.selector(None)));
        }
        let ports: Vec<Value> = both.iter().map(|(_, port)| json!({"port": port})).collect();
        let client = Self::client(&self.called(""));
        let mut ingress = vec![json!({"ports": ports, "from": [client, self.pods(None)]})];
        if metrics {
            let labels = self.at("networkPolicy.metrics.ingressNSMatchLabels");
            assert!(labels.is_object() && self.at("networkPolicy.metrics.allowExternal") == false);
            let from = json!([{"namespaceSelector": {"matchLabels": labels}}]);
            ingress.push(json!({"ports": [{"port": 9121}], "from": from}));
        }
        let mut egress = Vec::new();
        if replicated {
            egress.push(json!({"ports": [{"port": 53, "protocol": "UDP"}]}));
            egress.push(json!({"ports": ports, "to": [self.pods(None)]}));
        }
        all.extend(self.policy(&self.called(""), "", self.selector(None), ingress, egress));
        all
    }

    fn rabbitmq(&self) -> Vec<Value> {
        let metrics = self.is("metrics.enabled");
        let ports = [
            ("amqp", 5672),
            ("epmd", 4369),
            ("dist", 25672),
            ("http-stats", 15672),
        ];
        let container = [
            ("amqp", 5672),
            ("dist", 25672),
            ("stats", 15672),
            ("epmd", 4369),
            ("metrics", 9419),
        ];
        let keys = [
            self.text("auth.existingSecretPasswordKey"),
            self.text("auth.existingSecretErlangKey"),
        ];
        let secret = self.text("auth.existingPasswordSecret");
        assert_eq!(secret, self.text("auth.existingErlangSecret"));
        let mut open: Vec<Port> = ports.to_vec();
        open.extend(metrics.then_some(("metrics", 9419)));
        let mut all = vec![
            self.stateful_set(
                "",
                None,
                self.at("replicaCount"),
                &container,
                (secret, &keys),
            ),
            self.service("", &open, self.selector(None)),
            self.service("-headless", &ports, self.selector(None)),
        ];
        let inner = [4369, 5672, 5671, 25672, 15672].map(|port| json!({"port": port}));
        let mut served = inner.to_vec();
        served.extend(metrics.then(|| json!({"port": 9419})));
        assert_eq!(self.at("networkPolicy.addExternalClientAccess"), false);
        let from = [self.pods(None), self.pods(None)];
        assert_eq!(
            self.at("rbac.create"),
            false,
            "the API server would be open"
        );
        all.extend(self.policy(
            &self.called(""),
            "",
            self.selector(None),
            vec![json!({"ports": served, "from": from})],
            vec![
                json!({"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}),
                json!({"ports": inner, "to": [self.pods(None)]}),
            ],
        ));
        all
    }
}
