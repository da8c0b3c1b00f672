//! The correct site of `base.yaml`, and small edits to it.

use crate::support::examples::documents;
use crate::support::integrity::Outside;
use crate::support::kube::{id, kind};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static BASE: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut list = documents(include_str!("base.yaml")).unwrap().remove(0);
    let mut objects: Vec<Value> = list.as_array_mut().unwrap().drain(..).collect();
    objects.iter_mut().for_each(complete);
    objects
});

pub struct Site {
    pub objects: Vec<Value>,
    pub outside: Outside,
}

impl Site {
    pub fn new() -> Self {
        let keys = |keys: &[&str]| {
            keys.iter()
                .map(|key| (*key).to_owned())
                .collect::<BTreeSet<_>>()
        };
        let secrets = [
            ("lab-registry", keys(&[".dockerconfigjson"])),
            ("lab-database", keys(&["password"])),
            ("lab-keys", keys(&["secret-key"])),
            ("lab-tls", keys(&["tls.crt", "tls.key"])),
        ];
        let outside = Outside {
            secrets: BTreeMap::from(secrets.map(|(name, keys)| (name.to_owned(), keys))),
            storage_classes: keys(&["cephfs", "rbd"]),
            foreign_pods: keys(&["acme.cert-manager.io/http01-solver"]),
            ..Outside::default()
        };
        Site {
            objects: BASE.clone(),
            outside,
        }
    }

    pub fn object(&mut self, wanted: &str) -> &mut Value {
        self.objects
            .iter_mut()
            .find(|object| id(object) == wanted)
            .unwrap_or_else(|| panic!("no {wanted}"))
    }

    /// The value at a JSON pointer of an object, which must exist.
    pub fn at(&mut self, wanted: &str, pointer: &str) -> &mut Value {
        self.object(wanted)
            .pointer_mut(pointer)
            .unwrap_or_else(|| panic!("{wanted} has no {pointer}"))
    }

    pub fn set(&mut self, wanted: &str, parent: &str, key: &str, value: Value) {
        self.at(wanted, parent)
            .as_object_mut()
            .unwrap()
            .insert(key.to_owned(), value);
    }

    pub fn remove(&mut self, wanted: &str, parent: &str, key: &str) {
        self.at(wanted, parent)
            .as_object_mut()
            .unwrap()
            .remove(key)
            .unwrap();
    }

    pub fn push(&mut self, wanted: &str, list: &str, value: Value) {
        self.at(wanted, list).as_array_mut().unwrap().push(value);
    }

    /// Appends to the text at a pointer.
    pub fn append(&mut self, wanted: &str, pointer: &str, more: &str) {
        let text = self.at(wanted, pointer);
        *text = format!("{}{more}", text.as_str().unwrap()).into();
    }

    /// Another object with the labels and the namespace of the site.
    pub fn add(&mut self, mut object: Value) {
        complete(&mut object);
        self.objects.push(object);
    }

    pub fn delete(&mut self, wanted: &str) {
        self.object(wanted);
        self.objects.retain(|object| id(object) != wanted);
    }

    /// Lists a key of a Secret among what exists outside the tree.
    pub fn promise(&mut self, secret: &str, key: &str) {
        self.outside
            .secrets
            .entry(secret.to_owned())
            .or_default()
            .insert(key.to_owned());
    }

    /// Takes an item out of the list at a JSON pointer.
    pub fn take(&mut self, wanted: &str, list: &str, at: usize) {
        self.at(wanted, list).as_array_mut().unwrap().remove(at);
    }

    /// Adds a copy of an object under another name.
    pub fn copy(&mut self, wanted: &str, name: &str) {
        let mut copy = self.object(wanted).clone();
        copy["metadata"]["name"] = name.into();
        self.objects.push(copy);
    }
}

/// Adds the namespace and the labels, and the selector where the kind has one.
fn complete(object: &mut Value) {
    let component = object.as_object_mut().unwrap().remove("component");
    let mut labels = json!({
        "app.kubernetes.io/name": "invenio-rdm",
        "app.kubernetes.io/instance": "lab",
        "app.kubernetes.io/version": "13",
        "app.kubernetes.io/part-of": "lab",
        "app.kubernetes.io/managed-by": "invgen",
    });
    if let Some(component) = component {
        labels["app.kubernetes.io/component"] = component.clone();
        let own =
            json!({"app.kubernetes.io/instance": "lab", "app.kubernetes.io/component": component});
        let template = match kind(object) {
            "Service" => {
                object["spec"]["selector"] = own;
                None
            }
            "Deployment" | "StatefulSet" => {
                object["spec"]["selector"] = json!({"matchLabels": own});
                object.pointer_mut("/spec/template")
            }
            "CronJob" => object.pointer_mut("/spec/jobTemplate/spec/template"),
            _ => object.pointer_mut("/spec/template"),
        };
        if let Some(template) = template {
            template["metadata"]["labels"] = labels.clone();
        }
    }
    object["metadata"]["labels"] = labels;
    if kind(object) != "Namespace" {
        object["metadata"]["namespace"] = "lab-rdm".into();
    }
}
