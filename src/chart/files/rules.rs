//! What the site file's rules refuse beyond the type of one value, as far as a schema can say it.
//!
//! Rules that compute (an autoscaler's bounds, quotas, memory of processes) are told to whoever renders the chart alone.

use serde_json::{Map, json};

use crate::facts::{CONTROLLERS, INGRESS_ANNOTATIONS, KUBERNETES_PREFIXES, OWN_ANNOTATIONS};
use crate::tree::Value;

/// Adds to the schema of one value what a rule says of it.
pub fn of_value(path: &str, schema: &mut Value) {
    let keys: Vec<_> = path.split('.').collect();
    match keys.as_slice() {
        ["labels"] => refuse_keys(schema, &labels_of_kubernetes()),
        ["annotations"] => {
            refuse_keys(schema, &annotations_of_kubernetes());
            refuse_keys(schema, &begins(OWN_ANNOTATIONS.iter().map(|(own, _)| *own)));
        }
        ["exposure", "ingress", "annotations"] => {
            let own = INGRESS_ANNOTATIONS.iter().map(|own| own.key);
            refuse_keys(schema, &format!("{}$", begins(own)));
        }
        [.., "image", "tag"] => refuse(
            schema,
            json!({"pattern": "^(.*[-_.])?[lL][aA][tT][eE][sS][tT]([-_.].*)?$"}),
        ),
        [.., "queues"] => schema["uniqueItems"] = true.into(),
        ["network", "egress", _, "ports"] => schema["minItems"] = 1.into(),
        ["services", "opensearch", "nodes"] => refuse(schema, json!({"const": 2})),
        ["scheduling", "tolerations"] => {
            schema["items"]["if"] = json!({"properties": {"operator": {"const": "Equal"}}});
            schema["items"]["then"] = json!({"required": ["value"]});
            schema["items"]["else"] = json!({"not": {"required": ["value"]}});
        }
        _ => {}
    }
}

/// Values by path, and what each must be.
type Conditions = Vec<(&'static str, Value)>;

/// A rule across values.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What it is about, for readers of the schema.
    pub comment: &'static str,
    /// When it holds: while all of these do.
    pub when: fn() -> Conditions,
    /// One of these must hold then.
    pub any: fn() -> Conditions,
}

/// All rules across values.
pub const RULES: [Rule; 4] = [
    Rule {
        comment: "The certificate comes from an issuer of cert-manager or from a Secret.",
        when: || {
            vec![
                ("exposure.ingress.enabled", is(true)),
                ("exposure.ingress.tls.enabled", is(true)),
            ]
        },
        any: || {
            vec![
                ("exposure.ingress.tls.issuer", given()),
                ("exposure.ingress.tls.secretName", given()),
            ]
        },
    },
    Rule {
        comment: "Network policies let in the ingress controller alone, so its namespace must be known.",
        when: || {
            vec![
                ("exposure.ingress.enabled", is(true)),
                ("network.policies", is(true)),
            ]
        },
        any: || {
            let classes: Vec<_> = CONTROLLERS.iter().map(|(class, _)| *class).collect();
            vec![
                ("exposure.ingress.className", json!({ "enum": classes })),
                ("exposure.ingress.controllerNamespace", given()),
            ]
        },
    },
    Rule {
        comment: "In production passwords and sessions do not cross the network in clear.",
        when: || {
            vec![
                ("environment", is("production")),
                ("exposure.ingress.enabled", is(true)),
            ]
        },
        any: || vec![("exposure.ingress.tls.enabled", is(true))],
    },
    Rule {
        comment: "In production the password for the mail server does not cross the network in clear.",
        when: || {
            vec![
                ("environment", is("production")),
                ("mail.enabled", is(true)),
                ("mail.encryption", is("none")),
            ]
        },
        any: || vec![("mail.username", is(""))],
    },
];

fn is(value: impl Into<Value>) -> Value {
    json!({"const": value.into()})
}

/// A text that is not empty.
pub fn given() -> Value {
    json!({"minLength": 1})
}

/// The schema of the whole in which the value at this path keeps to that schema.
pub fn at(path: &str, schema: Value) -> Value {
    path.rsplit('.')
        .fold(schema, |schema, key| json!({"properties": {key: schema}}))
}

/// One schema that says what several say, each made by [`at`].
pub fn all(schemas: impl IntoIterator<Item = Value>) -> Value {
    fn join(one: &mut Map<String, Value>, other: Map<String, Value>) {
        for (key, value) in other {
            match (one.get_mut(&key), value) {
                (Some(Value::Object(known)), Value::Object(value)) => join(known, value),
                (_, value) => {
                    one.insert(key, value);
                }
            }
        }
    }
    let mut result = Map::new();
    for schema in schemas {
        if let Value::Object(schema) = schema {
            join(&mut result, schema);
        }
    }
    result.into()
}

/// Adds one more thing that a value must not be.
fn refuse(schema: &mut Value, what: Value) {
    let known = schema["not"].take();
    schema["not"] = match known {
        Value::Null => what,
        known => match known["anyOf"].as_array() {
            Some(others) => {
                let all: Vec<_> = others.iter().cloned().chain([what]).collect();
                json!({ "anyOf": all })
            }
            None => json!({"anyOf": [known, what]}),
        },
    };
}

fn refuse_keys(schema: &mut Value, pattern: &str) {
    refuse(&mut schema["propertyNames"], json!({ "pattern": pattern }));
}

fn labels_of_kubernetes() -> String {
    // Two domains and all below them; the third prefix is below the first.
    let domains = &KUBERNETES_PREFIXES[..2];
    begins(domains.iter().copied()).replacen('^', r"^([^/]*\.)?", 1) + "/"
}

fn annotations_of_kubernetes() -> String {
    begins(KUBERNETES_PREFIXES) + "/"
}

fn begins(texts: impl IntoIterator<Item = &'static str>) -> String {
    let texts: Vec<_> = texts
        .into_iter()
        .map(|text| text.replace('.', r"\."))
        .collect();
    format!("^({})", texts.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_on_neighbours_share_their_sections() {
        let both = all([
            at("a.b", json!(1)),
            at("a.c.d", json!(2)),
            at("e", json!(3)),
        ]);
        let c = json!({"properties": {"d": 2}});
        let a = json!({"properties": {"b": 1, "c": c}});
        assert_eq!(both, json!({"properties": {"a": a, "e": 3}}));
    }

    #[test]
    fn refusals_add_up() {
        let mut schema = json!({"type": "string"});
        for word in ["a", "b", "c"] {
            refuse(&mut schema, json!({ "const": word }));
        }
        assert_eq!(
            schema["not"],
            json!({"anyOf": [{"const": "a"}, {"const": "b"}, {"const": "c"}]})
        );
    }

    #[test]
    fn patterns_are_made_of_the_lists_that_validation_has() {
        assert_eq!(
            labels_of_kubernetes(),
            r"^([^/]*\.)?(kubernetes\.io|k8s\.io)/"
        );
        assert_eq!(
            annotations_of_kubernetes(),
            r"^(kubernetes\.io|k8s\.io|app\.kubernetes\.io)/"
        );
    }
}
