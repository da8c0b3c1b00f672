//! Reading rendered Kubernetes objects as plain values: pods, containers, ports and label selectors.

use serde_json::Value;
use std::collections::BTreeMap;

/// The string at a JSON pointer; empty when there is none.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The list at a JSON pointer; empty when there is none.
pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The entries of the map at a JSON pointer, in the order of the file.
pub fn entries<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let map = value.pointer(pointer).and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

/// The whole number at a JSON pointer.
pub fn number(value: &Value, pointer: &str) -> Option<i64> {
    value.pointer(pointer).and_then(Value::as_i64)
}

/// The kind of an object.
pub fn kind(object: &Value) -> &str {
    text(object, "/kind")
}

/// The name of an object.
pub fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// `Kind/name`, as messages name an object.
pub fn id(object: &Value) -> String {
    format!("{}/{}", kind(object), name(object))
}

/// The objects of one kind.
pub fn of_kind<'a>(objects: &'a [Value], wanted: &'a str) -> impl Iterator<Item = &'a Value> {
    objects.iter().filter(move |object| kind(object) == wanted)
}

/// Labels by key; values that are no strings are left out (another rule reports them).
pub type Labels<'a> = BTreeMap<&'a str, &'a str>;

/// The map of strings at a JSON pointer.
pub fn labels<'a>(value: &'a Value, pointer: &str) -> Labels<'a> {
    entries(value, pointer)
        .filter_map(|(key, value)| Some((key, value.as_str()?)))
        .collect()
}

/// Whether a label selector (`matchLabels` and `matchExpressions`) selects these labels. An empty selector selects all.
pub fn selects(selector: &Value, labels: &Labels) -> bool {
    let equal = entries(selector, "/matchLabels")
        .all(|(key, value)| labels.get(key).copied() == value.as_str());
    equal
        && list(selector, "/matchExpressions").iter().all(|term| {
            let found = labels.get(text(term, "/key")).copied();
            let listed = || {
                list(term, "/values")
                    .iter()
                    .any(|value| value.as_str() == found)
            };
            match text(term, "/operator") {
                "In" => found.is_some() && listed(),
                "NotIn" => found.is_none() || !listed(),
                "Exists" => found.is_some(),
                "DoesNotExist" => found.is_none(),
                _ => false,
            }
        })
}

/// Whether a plain map of labels, as a Service has it, selects these labels. An empty map selects nothing.
pub fn map_selects(selector: &Value, labels: &Labels) -> bool {
    let map = selector.as_object().filter(|map| !map.is_empty());
    map.is_some_and(|map| {
        map.iter()
            .all(|(key, value)| labels.get(key.as_str()).copied() == value.as_str())
    })
}

/// A pod template and the object that owns it.
pub struct Pod<'a> {
    pub owner: &'a Value,
    pub id: String,
    pub kind: &'a str,
    pub name: &'a str,
    pub namespace: &'a str,
    pub labels: Labels<'a>,
    pub template: &'a Value,
    pub spec: &'a Value,
}

/// A container of a pod. `init` containers end before the others start, unless they restart always (`sidecar`).
pub struct Container<'a> {
    pub name: &'a str,
    pub value: &'a Value,
    pub init: bool,
    pub sidecar: bool,
}

/// A declared container port.
pub struct Port<'a> {
    pub container: &'a str,
    pub name: &'a str,
    pub number: u16,
    pub protocol: &'a str,
}

/// The pod templates of all workloads, in the order of the objects.
pub fn pods(objects: &[Value]) -> Vec<Pod<'_>> {
    objects.iter().filter_map(pod).collect()
}

fn pod(owner: &Value) -> Option<Pod<'_>> {
    let template = match kind(owner) {
        "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => owner.pointer("/spec/template")?,
        "CronJob" => owner.pointer("/spec/jobTemplate/spec/template")?,
        "Pod" => owner,
        _ => return None,
    };
    Some(Pod {
        owner,
        id: id(owner),
        kind: kind(owner),
        name: name(owner),
        namespace: text(owner, "/metadata/namespace"),
        labels: labels(template, "/metadata/labels"),
        template,
        spec: template.pointer("/spec")?,
    })
}

impl<'a> Pod<'a> {
    /// The init containers, then the others.
    pub fn containers(&self) -> Vec<Container<'a>> {
        let of = |pointer, init| {
            list(self.spec, pointer).iter().map(move |value| Container {
                name: text(value, "/name"),
                value,
                init,
                sidecar: init && text(value, "/restartPolicy") == "Always",
            })
        };
        of("/initContainers", true)
            .chain(of("/containers", false))
            .collect()
    }

    /// Every declared port; a number that is no port is left out.
    pub fn ports(&self) -> Vec<Port<'a>> {
        self.containers()
            .iter()
            .flat_map(Container::ports)
            .collect()
    }

    /// Whether the pod serves until it is stopped, in contrast to the pod of a Job.
    pub fn serves(&self) -> bool {
        matches!(self.kind, "Deployment" | "StatefulSet" | "DaemonSet")
    }

    /// The value of `app.kubernetes.io/component`, else of `app.kubernetes.io/name`, else the name of the owner.
    pub fn component(&self) -> &'a str {
        let found = ["app.kubernetes.io/component", "app.kubernetes.io/name"]
            .map(|key| self.labels.get(key).copied());
        found.into_iter().flatten().next().unwrap_or(self.name)
    }
}

impl<'a> Container<'a> {
    /// The ports this container declares.
    pub fn ports(&self) -> Vec<Port<'a>> {
        let port = |value: &'a Value, container| {
            Some(Port {
                container,
                name: text(value, "/name"),
                number: u16::try_from(number(value, "/containerPort")?).ok()?,
                protocol: protocol(value),
            })
        };
        list(self.value, "/ports")
            .iter()
            .filter_map(|value| port(value, self.name))
            .collect()
    }
}

/// The protocol of a port in a container, a Service or a NetworkPolicy; TCP unless it says otherwise.
pub fn protocol(port: &Value) -> &str {
    Some(text(port, "/protocol"))
        .filter(|found| !found.is_empty())
        .unwrap_or("TCP")
}
