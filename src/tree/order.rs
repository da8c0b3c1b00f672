//! The order of keys in which a reviewer expects to read a Kubernetes object.
//!
//! Typed objects arrive with alphabetical keys: `command` above `image`, `status` above nothing at all. The table below gives,
//! for each kind of map, the keys that are put first and what their values are. Keys that it does not name follow in the order
//! they had; so do all keys of maps that it does not reach (labels, data, limits: whatever has keys of a user's choosing).

use serde_json::{Map, Value};

/// The keys of one kind of map in reading order, each with the shape of its value (or of the items, for a list).
struct Shape(&'static [(&'static str, Option<&'static Shape>)]);

macro_rules! shapes {
    ($($name:ident { $($key:tt $(: $shape:ident)?),* $(,)? })*) => {
        $(static $name: Shape = Shape(&[$((stringify!($key), shapes!(@of $($shape)?))),*]);)*
        /// Every shape of the table with its name.
        #[cfg(test)]
        static ALL: &[(&str, &Shape)] = &[$((stringify!($name), &$name)),*];
    };
    (@of) => { None };
    (@of $shape:ident) => { Some(&$shape) };
}

// `key: SHAPE` says how the value is ordered in turn; a key alone holds a scalar or a map that is left as it is.
// The shape of an object's `spec` follows from its kind: see `spec_of`.
shapes! {
    OBJECT {
        apiVersion, kind, metadata: METADATA, type, immutable, data, binaryData, stringData,
        secrets, imagePullSecrets, automountServiceAccountToken,
        roleRef: REFERENCE, subjects: REFERENCE, rules: POLICY_RULE, spec,
    }
    METADATA { name, generateName, namespace, labels, annotations, ownerReferences, finalizers }
    REFERENCE { apiVersion, apiGroup, kind, name, namespace }
    POLICY_RULE { apiGroups, resources, resourceNames, nonResourceURLs, verbs }
    SELECTOR { matchLabels, matchExpressions: EXPRESSION }
    EXPRESSION { key, operator, values }

    // Workloads
    DEPLOYMENT {
        replicas, revisionHistoryLimit, minReadySeconds, progressDeadlineSeconds, paused,
        strategy: STRATEGY, selector: SELECTOR, template: TEMPLATE,
    }
    STATEFUL_SET {
        serviceName, replicas, revisionHistoryLimit, minReadySeconds, podManagementPolicy, updateStrategy: STRATEGY,
        persistentVolumeClaimRetentionPolicy: RETENTION, ordinals, selector: SELECTOR, template: TEMPLATE,
        volumeClaimTemplates: CLAIM_TEMPLATE,
    }
    DAEMON_SET { revisionHistoryLimit, minReadySeconds, updateStrategy: STRATEGY, selector: SELECTOR, template: TEMPLATE }
    STRATEGY { type, rollingUpdate: ROLLING }
    ROLLING { maxSurge, maxUnavailable, partition }
    RETENTION { whenDeleted, whenScaled }
    CRON_JOB {
        schedule, timeZone, suspend, concurrencyPolicy, startingDeadlineSeconds,
        successfulJobsHistoryLimit, failedJobsHistoryLimit, jobTemplate: JOB_TEMPLATE,
    }
    JOB_TEMPLATE { metadata: METADATA, spec: JOB }
    JOB {
        suspend, parallelism, completions, completionMode, backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished,
        podFailurePolicy, podReplacementPolicy, manualSelector, selector: SELECTOR, template: TEMPLATE,
    }
    TEMPLATE { metadata: METADATA, spec: POD }
    CLAIM_TEMPLATE { apiVersion, kind, metadata: METADATA, spec: CLAIM }
    CLAIM {
        accessModes, storageClassName, volumeMode, volumeName, resources: RESOURCES, selector: SELECTOR,
        dataSource: REFERENCE, dataSourceRef: REFERENCE,
    }

    // Pods
    POD {
        serviceAccountName, automountServiceAccountToken, enableServiceLinks, imagePullSecrets: REFERENCE,
        priorityClassName, runtimeClassName, schedulerName, restartPolicy, activeDeadlineSeconds, terminationGracePeriodSeconds,
        hostNetwork, hostPID, hostIPC, hostUsers, hostname, subdomain, dnsPolicy, dnsConfig, hostAliases, shareProcessNamespace,
        securityContext: SECURITY, nodeName, nodeSelector, affinity: AFFINITY, tolerations: TOLERATION,
        topologySpreadConstraints: SPREAD,
        initContainers: CONTAINER, containers: CONTAINER, volumes: VOLUME,
    }
    CONTAINER {
        name, image, imagePullPolicy, restartPolicy, command, args, workingDir, env: ENV, envFrom: ENV_FROM, ports: CONTAINER_PORT,
        startupProbe: PROBE, readinessProbe: PROBE, livenessProbe: PROBE, lifecycle: LIFECYCLE,
        terminationMessagePath, terminationMessagePolicy,
        resources: RESOURCES, securityContext: SECURITY, volumeMounts: MOUNT, volumeDevices: DEVICE,
    }
    ENV { name, value, valueFrom: ENV_SOURCE }
    ENV_SOURCE { configMapKeyRef: KEY, secretKeyRef: KEY, fieldRef: FIELD, resourceFieldRef: RESOURCE_FIELD }
    ENV_FROM { prefix, configMapRef: KEY, secretRef: KEY }
    KEY { name, key, optional }
    FIELD { apiVersion, fieldPath }
    RESOURCE_FIELD { containerName, resource, divisor }
    CONTAINER_PORT { name, containerPort, protocol, hostIP, hostPort }
    PROBE {
        exec, httpGet: HTTP_GET, tcpSocket: SOCKET, grpc: GRPC, initialDelaySeconds, periodSeconds, timeoutSeconds,
        successThreshold, failureThreshold, terminationGracePeriodSeconds,
    }
    HTTP_GET { host, path, port, scheme, httpHeaders: ENV }
    SOCKET { host, port }
    GRPC { service, port }
    LIFECYCLE { postStart: HANDLER, preStop: HANDLER, stopSignal }
    HANDLER { exec, httpGet: HTTP_GET, tcpSocket: SOCKET, sleep }
    RESOURCES { requests, limits, claims }
    SECURITY {
        runAsNonRoot, runAsUser, runAsGroup, fsGroup, fsGroupChangePolicy, supplementalGroups, supplementalGroupsPolicy,
        privileged, allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities: CAPABILITIES, seccompProfile: SECCOMP,
    }
    CAPABILITIES { drop, add }
    SECCOMP { type, localhostProfile }
    MOUNT { name, mountPath, subPath, subPathExpr, readOnly, recursiveReadOnly, mountPropagation }
    DEVICE { name, devicePath }
    VOLUME {
        name, configMap: VOLUME_FILES, secret: VOLUME_FILES, projected: PROJECTED, downwardAPI: VOLUME_FILES,
        emptyDir: EMPTY_DIR, persistentVolumeClaim: VOLUME_CLAIM, ephemeral: EPHEMERAL,
    }
    VOLUME_FILES { name, secretName, optional, defaultMode, items: VOLUME_FILE }
    VOLUME_FILE { key, fieldRef: FIELD, resourceFieldRef: RESOURCE_FIELD, path, mode }
    PROJECTED { defaultMode, sources: PROJECTION }
    PROJECTION { configMap: VOLUME_FILES, secret: VOLUME_FILES, downwardAPI: VOLUME_FILES, serviceAccountToken: TOKEN }
    TOKEN { audience, expirationSeconds, path }
    EMPTY_DIR { medium, sizeLimit }
    VOLUME_CLAIM { claimName, readOnly }
    EPHEMERAL { volumeClaimTemplate: CLAIM_TEMPLATE }

    // Placement
    AFFINITY { nodeAffinity: NODE_AFFINITY, podAffinity: POD_AFFINITY, podAntiAffinity: POD_AFFINITY }
    NODE_AFFINITY {
        requiredDuringSchedulingIgnoredDuringExecution: NODE_SELECTOR,
        preferredDuringSchedulingIgnoredDuringExecution: PREFERENCE,
    }
    NODE_SELECTOR { nodeSelectorTerms: NODE_TERM }
    NODE_TERM { matchExpressions: EXPRESSION, matchFields: EXPRESSION }
    POD_AFFINITY {
        requiredDuringSchedulingIgnoredDuringExecution: POD_TERM,
        preferredDuringSchedulingIgnoredDuringExecution: PREFERENCE,
    }
    PREFERENCE { weight, preference: NODE_TERM, podAffinityTerm: POD_TERM }
    POD_TERM { topologyKey, labelSelector: SELECTOR, matchLabelKeys, mismatchLabelKeys, namespaces, namespaceSelector: SELECTOR }
    SPREAD {
        topologyKey, maxSkew, minDomains, whenUnsatisfiable, nodeAffinityPolicy, nodeTaintsPolicy,
        labelSelector: SELECTOR, matchLabelKeys,
    }
    TOLERATION { key, operator, value, effect, tolerationSeconds }

    // Network
    SERVICE {
        type, clusterIP, clusterIPs, ipFamilyPolicy, ipFamilies, externalName, loadBalancerClass, loadBalancerIP,
        externalTrafficPolicy, internalTrafficPolicy, sessionAffinity, publishNotReadyAddresses, selector, ports: SERVICE_PORT,
    }
    SERVICE_PORT { name, port, targetPort, nodePort, protocol, appProtocol }
    INGRESS { ingressClassName, tls: INGRESS_TLS, defaultBackend: INGRESS_BACKEND, rules: INGRESS_RULE }
    INGRESS_TLS { hosts, secretName }
    INGRESS_RULE { host, http: INGRESS_HTTP }
    INGRESS_HTTP { paths: INGRESS_PATH }
    INGRESS_PATH { path, pathType, backend: INGRESS_BACKEND }
    INGRESS_BACKEND { service: INGRESS_SERVICE, resource: REFERENCE }
    INGRESS_SERVICE { name, port: INGRESS_PORT }
    INGRESS_PORT { name, number }
    NETWORK_POLICY { podSelector: SELECTOR, policyTypes, ingress: NETWORK_RULE, egress: NETWORK_RULE }
    NETWORK_RULE { from: PEER, to: PEER, ports: NETWORK_PORT }
    PEER { namespaceSelector: SELECTOR, podSelector: SELECTOR, ipBlock: IP_BLOCK }
    IP_BLOCK { cidr, except }
    NETWORK_PORT { protocol, port, endPort }

    // Scaling, disruption and quota
    AUTOSCALER { scaleTargetRef: REFERENCE, minReplicas, maxReplicas, metrics: METRIC, behavior: SCALING }
    METRIC { type, resource: METRIC_SOURCE, containerResource: METRIC_SOURCE }
    METRIC_SOURCE { name, container, target: METRIC_TARGET }
    METRIC_TARGET { type, averageUtilization, averageValue, value }
    SCALING { scaleUp: SCALING_RULES, scaleDown: SCALING_RULES }
    SCALING_RULES { stabilizationWindowSeconds, selectPolicy, tolerance, policies: SCALING_POLICY }
    SCALING_POLICY { type, value, periodSeconds }
    DISRUPTION_BUDGET { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy, selector: SELECTOR }
    LIMIT_RANGE { limits: LIMIT }
    LIMIT { type, defaultRequest, default, min, max, maxLimitRequestRatio }
    QUOTA { hard, scopes, scopeSelector }
}

/// The shape of the `spec` of an object of this kind; none for kinds that the table does not know, such as custom resources.
fn spec_of(kind: &str) -> Option<&'static Shape> {
    Some(match kind {
        "CronJob" => &CRON_JOB,
        "DaemonSet" => &DAEMON_SET,
        "Deployment" => &DEPLOYMENT,
        "HorizontalPodAutoscaler" => &AUTOSCALER,
        "Ingress" => &INGRESS,
        "Job" => &JOB,
        "LimitRange" => &LIMIT_RANGE,
        "NetworkPolicy" => &NETWORK_POLICY,
        "PersistentVolumeClaim" => &CLAIM,
        "Pod" => &POD,
        "PodDisruptionBudget" => &DISRUPTION_BUDGET,
        "ResourceQuota" => &QUOTA,
        "Service" => &SERVICE,
        "StatefulSet" => &STATEFUL_SET,
        _ => return None,
    })
}

/// Puts the keys of a Kubernetes object in reading order and drops what says nothing: nulls, and an empty `status`.
///
/// Takes any value; maps that the table does not know keep their order. Lists keep theirs always, and a null in a list stays,
/// because dropping it would move its neighbours. Applying it twice changes nothing more.
pub fn canonical(value: Value) -> Value {
    let Value::Object(mut map) = value else {
        return arrange(value, None);
    };
    if map.get("status").is_some_and(is_empty) {
        map.shift_remove("status");
    }
    let spec = map.get("kind").and_then(Value::as_str).and_then(spec_of);
    Value::Object(arrange_map(map, Some(&OBJECT), spec))
}

fn arrange(value: Value, shape: Option<&'static Shape>) -> Value {
    match value {
        Value::Object(map) => Value::Object(arrange_map(map, shape, None)),
        Value::Array(items) => items.into_iter().map(|item| arrange(item, shape)).collect(),
        scalar => scalar,
    }
}

/// `spec` is the shape of the value under `spec` where the table leaves it open.
fn arrange_map(
    map: Map<String, Value>,
    shape: Option<&'static Shape>,
    spec: Option<&'static Shape>,
) -> Map<String, Value> {
    let known = shape.map_or(&[][..], |shape| shape.0);
    let mut ranked: Vec<_> = map
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| {
            let rank = known
                .iter()
                .position(|(name, _)| *name == key)
                .unwrap_or(known.len());
            let listed = known.get(rank).and_then(|(_, shape)| *shape);
            let shape = if key == "spec" {
                listed.or(spec)
            } else {
                listed
            };
            (rank, key, arrange(value, shape))
        })
        .collect();
    ranked.sort_by_key(|(rank, ..)| *rank);
    ranked
        .into_iter()
        .map(|(_, key, value)| (key, value))
        .collect()
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::StatefulSet;
    use k8s_openapi::api::core::v1::{ConfigMap, Pod, Service};
    use k8s_openapi::api::networking::v1::NetworkPolicy;
    use proptest::prelude::*;
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::json;

    use super::*;
    use crate::tree::yaml::document;

    /// The value as a typed object serialises it, put in order and written.
    fn ordered<T: Serialize + DeserializeOwned>(value: Value) -> String {
        let typed: T = serde_json::from_value(value).unwrap();
        document(&canonical(serde_json::to_value(typed).unwrap()))
    }

    #[test]
    fn a_workload_ends_in_its_template_and_claims() {
        let written = ordered::<StatefulSet>(json!({
            "metadata": {
                "name": "db", "namespace": "lab", "labels": {"b": "2", "a": "1"}, "annotations": {"z": "", "name": ""},
            },
            "spec": {
                "replicas": 2,
                "serviceName": "db",
                "selector": {"matchLabels": {"a": "1"}},
                "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
                "template": {"metadata": {"labels": {"a": "1"}}},
                "volumeClaimTemplates": [{
                    "metadata": {"name": "data"},
                    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
                }],
            },
        }));
        insta::assert_snapshot!(written, @r#"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: db
          namespace: lab
          labels:
            a: "1"
            b: "2"
          annotations:
            name: ""
            z: ""
        spec:
          serviceName: db
          replicas: 2
          updateStrategy:
            type: RollingUpdate
            rollingUpdate:
              partition: 0
          selector:
            matchLabels:
              a: "1"
          template:
            metadata:
              labels:
                a: "1"
          volumeClaimTemplates:
            - apiVersion: v1
              kind: PersistentVolumeClaim
              metadata:
                name: data
              spec:
                accessModes:
                  - ReadWriteOnce
                resources:
                  requests:
                    storage: 1Gi
        "#);
    }

    #[test]
    fn a_pod_reads_from_who_it_is_to_what_it_mounts() {
        let container = json!({
            "name": "web", "image": "x", "command": ["sh"], "args": ["-c"],
            "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": true}}}],
            "ports": [{"containerPort": 80, "name": "http", "protocol": "TCP"}],
            "startupProbe": {"failureThreshold": 5, "exec": {"command": ["true"]}},
            "livenessProbe": {
                "periodSeconds": 5,
                "httpGet": {"path": "/ping", "port": "http", "httpHeaders": [{"name": "Host", "value": "x"}]},
            },
            "resources": {"limits": {"memory": "1Gi", "cpu": "1"}, "requests": {"cpu": "1"}},
            "securityContext": {
                "capabilities": {"drop": ["ALL"]}, "allowPrivilegeEscalation": false, "runAsNonRoot": true,
            },
            "volumeMounts": [{"mountPath": "/tmp", "name": "tmp", "readOnly": false}],
        });
        let written = ordered::<Pod>(json!({
            "metadata": {"name": "web"},
            "spec": {
                "containers": [container],
                "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi", "medium": "Memory"}}],
                "serviceAccountName": "web",
                "automountServiceAccountToken": false,
                "enableServiceLinks": false,
                "securityContext": {"fsGroup": 1, "seccompProfile": {"type": "RuntimeDefault"}},
            },
        }));
        insta::assert_snapshot!(written, @r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          serviceAccountName: web
          automountServiceAccountToken: false
          enableServiceLinks: false
          securityContext:
            fsGroup: 1
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: web
              image: x
              command:
                - sh
              args:
                - -c
              env:
                - name: A
                  valueFrom:
                    secretKeyRef:
                      name: s
                      key: k
                      optional: true
              ports:
                - name: http
                  containerPort: 80
                  protocol: TCP
              startupProbe:
                exec:
                  command:
                    - "true"
                failureThreshold: 5
              livenessProbe:
                httpGet:
                  path: /ping
                  port: http
                  httpHeaders:
                    - name: Host
                      value: x
                periodSeconds: 5
              resources:
                requests:
                  cpu: "1"
                limits:
                  cpu: "1"
                  memory: 1Gi
              securityContext:
                runAsNonRoot: true
                allowPrivilegeEscalation: false
                capabilities:
                  drop:
                    - ALL
              volumeMounts:
                - name: tmp
                  mountPath: /tmp
                  readOnly: false
          volumes:
            - name: tmp
              emptyDir:
                medium: Memory
                sizeLimit: 1Gi
        "#);
    }

    #[test]
    fn services_policies_and_config_maps() {
        let service = ordered::<Service>(json!({
            "metadata": {"name": "web"},
            "spec": {
                "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"}],
                "selector": {"type": "b", "a": "c"}, "type": "ClusterIP",
            },
            "status": {},
        }));
        insta::assert_snapshot!(service, @r#"
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          type: ClusterIP
          selector:
            a: c
            type: b
          ports:
            - name: http
              port: 80
              targetPort: http
              protocol: TCP
        "#);
        let policy = ordered::<NetworkPolicy>(json!({
            "metadata": {"name": "web"},
            "spec": {
                "egress": [{"ports": [{"port": 53, "protocol": "UDP"}], "to": [{"podSelector": {}, "namespaceSelector": {"matchLabels": {"a": "b"}}}]}],
                "ingress": [], "podSelector": {}, "policyTypes": ["Ingress"],
            },
        }));
        insta::assert_snapshot!(policy, @r#"
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: web
        spec:
          podSelector: {}
          policyTypes:
            - Ingress
          ingress: []
          egress:
            - to:
                - namespaceSelector:
                    matchLabels:
                      a: b
                  podSelector: {}
              ports:
                - protocol: UDP
                  port: 53
        "#);
        let config = ordered::<ConfigMap>(
            json!({"data": {"name": "x", "apiVersion": "y", "a": "z"}, "immutable": true, "metadata": {"name": "c"}}),
        );
        insta::assert_snapshot!(config, @r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: c
        immutable: true
        data:
          a: z
          apiVersion: "y"
          name: x
        "#);
    }

    #[test]
    fn unknown_kinds_and_keys_keep_their_order() {
        let value = json!({
            "zeta": 1, "spec": {"z": 1, "containers": [{"z": 1, "name": "x"}], "a": null}, "alpha": 2,
            "kind": "Cluster", "status": null, "apiVersion": "example.org/v1", "list": [null, {"b": null, "a": 1}],
        });
        assert_eq!(
            canonical(value).to_string(),
            r#"{"apiVersion":"example.org/v1","kind":"Cluster","spec":{"z":1,"containers":[{"z":1,"name":"x"}]},"zeta":1,"alpha":2,"list":[null,{"a":1}]}"#
        );
    }

    #[test]
    fn only_an_empty_status_is_dropped() {
        assert_eq!(
            canonical(json!({"status": {"phase": "Bound"}})),
            json!({"status": {"phase": "Bound"}})
        );
        assert_eq!(canonical(json!({"status": {}})), json!({}));
    }

    #[test]
    fn the_table_names_each_key_once() {
        for (name, shape) in ALL {
            let mut keys: Vec<_> = shape.0.iter().map(|(key, _)| *key).collect();
            keys.sort_unstable();
            let all = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), all, "{name}");
        }
    }

    fn without_nulls(value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key, without_nulls(value)))
                .collect(),
            Value::Array(items) => items.into_iter().map(without_nulls).collect(),
            scalar => scalar,
        }
    }

    fn tree() -> impl Strategy<Value = Value> {
        let keys: Vec<&str> = ALL
            .iter()
            .flat_map(|(_, shape)| shape.0.iter().map(|(key, _)| *key))
            .collect();
        let key = prop_oneof![
            proptest::sample::select(keys),
            Just("spec"),
            Just("other"),
            Just("containers")
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            Just(json!("Deployment")),
            Just(json!("Service")),
            any::<i8>().prop_map(Value::from)
        ];
        leaf.prop_recursive(6, 64, 8, move |inner| {
            let map =
                proptest::collection::vec((key.clone(), inner.clone()), 1..8).prop_map(|entries| {
                    entries
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect::<Value>()
                });
            prop_oneof![3 => map, 1 => proptest::collection::vec(inner, 0..3).prop_map(Value::from)]
        })
    }

    proptest! {
        #[test]
        fn nothing_but_nulls_is_lost_and_a_second_pass_changes_nothing(value in tree()) {
            let once = canonical(value.clone());
            prop_assert_eq!(&once, &without_nulls(value));
            prop_assert_eq!(canonical(once.clone()).to_string(), once.to_string());
        }
    }
}
