//! What each value and section is for, and where it stands: as the site file's own schema says.
//!
//! Three things are said in another way than in a site file: what a site file leaves out is an empty text in a chart; lists
//! of named parts are maps by name; and a chart knows no inheritance between sections.

use crate::config::schema::json_schema;
use crate::config::site::Site;
use crate::params::{Kind, Param};
use crate::tree::Value;

/// Sentences for sections of which the site file says what is not so in a chart; `*` stands for any one key.
const SECTIONS: [(&str, &str); 11] = [
    (
        "api",
        "The REST API in a Deployment of its own; without it the web pods serve it.",
    ),
    (
        "workers",
        "Further Celery workers, each with queues of its own.",
    ),
    ("workers.*", "One of the further workers."),
    ("nginx.image", "The image of nginx."),
    ("services.*.image", "The image of the service."),
    ("exposure.ingress", "An Ingress for the site's domain."),
    (
        "exposure.ingress.tls",
        "HTTPS, with a certificate from cert-manager or from a Secret.",
    ),
    (
        "mail",
        "Outgoing mail. Without any, no account can be confirmed and no password reset.",
    ),
    (
        "auth.local",
        "Accounts with a password kept by the application itself.",
    ),
    ("guardrails", "Limits of the namespace."),
    (
        "secrets.names",
        "Names of existing Secrets. An empty one is the usual name: that of the release, a dash and the key here.",
    ),
];

/// Longest list of words that a sentence names.
const MOST_WORDS: usize = 8;

/// The schema of the site file, to look things up in.
#[derive(Debug)]
pub struct Docs(Value);

/// What the site file says of a place.
struct Found<'d> {
    /// Its schema.
    schema: &'d Value,
    /// Its number among the keys of its section; `None` for a name that the site chose.
    position: Option<usize>,
}

impl Docs {
    /// Those of the site file.
    pub fn of_site_file() -> Self {
        Self(json_schema::<Site>("site", &[]))
    }

    /// The number of a key among those of its section, as the site file is usually written.
    pub fn position(&self, path: &str) -> Option<usize> {
        self.find(path)?.position
    }

    /// The number of the key that begins this one, for a value that a chart writes in another way: `waitSeconds` is `wait`.
    pub fn position_of_stem(&self, path: &str) -> Option<usize> {
        let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
        key.char_indices()
            .rev()
            .filter(|(_, letter)| letter.is_ascii_uppercase())
            .find_map(|(end, _)| {
                let stem = &key[..end];
                if section.is_empty() {
                    self.position(stem)
                } else {
                    self.position(&format!("{section}.{stem}"))
                }
            })
    }

    /// The sentence for a section.
    pub fn section(&self, path: &str) -> Option<String> {
        let own = SECTIONS.iter().find(|(place, _)| matches(place, path));
        own.map(|(_, sentence)| (*sentence).to_owned())
            .or_else(|| self.described(path))
    }

    /// The sentences for a value: what it is for, and what it may be where that is short.
    pub fn value(&self, param: &Param) -> Option<String> {
        let mut text = match param.shape.docs {
            Some(docs) => docs.to_owned(),
            None => self.described(&param.path)?,
        };
        if param.shape.optional {
            if text.contains("if not set") {
                text = text.replace("if not set", "if empty");
            } else {
                text.push_str(" May be empty.");
            }
        }
        if let Some(words) = param.shape.schema["enum"].as_array()
            && words.len() <= MOST_WORDS
        {
            let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
            text = format!("{text} One of: {}.", words.join(", "));
        }
        if let Some(switch) = &param.shape.when
            && param.kind == Kind::Text
            && !param.shape.optional
        {
            let section = |path: &str| path.rsplit_once('.').map(|(section, _)| section.to_owned());
            let switch = match switch.rsplit_once('.') {
                Some((_, key)) if section(switch) == section(&param.path) => key,
                _ => switch,
            };
            text = format!("{text} Needed while `{switch}` is true.");
        }
        Some(text)
    }

    /// The site file's own default for a value.
    pub fn default(&self, path: &str) -> Option<Value> {
        let schema = self.find(path)?.schema;
        self.expanded(schema)
            .into_iter()
            .map(|part| &part["default"])
            .find(|default| !default.is_null())
            .cloned()
    }

    fn described(&self, path: &str) -> Option<String> {
        let schema = self.find(path)?.schema;
        self.expanded(schema)
            .into_iter()
            .find_map(|part| part["description"].as_str())
            .map(|text| text.replace("<name>", "<release>"))
    }

    fn find(&self, path: &str) -> Option<Found<'_>> {
        let top = Found {
            schema: &self.0,
            position: None,
        };
        path.split('.')
            .try_fold(top, |found, key| self.below(found.schema, key))
    }

    fn below<'d>(&'d self, schema: &'d Value, key: &str) -> Option<Found<'d>> {
        let parts = self.expanded(schema);
        let mut before = Vec::new();
        for part in &parts {
            for (name, schema) in part["properties"].as_object().into_iter().flatten() {
                if name == key {
                    return Some(Found {
                        schema,
                        position: Some(before.len()),
                    });
                }
                if !before.contains(&name) {
                    before.push(name);
                }
            }
        }
        // A map by name, or a list whose items have one.
        parts
            .iter()
            .flat_map(|part| [&part["additionalProperties"], &part["items"]])
            .find(|schema| schema.is_object())
            .map(|schema| Found {
                schema,
                position: None,
            })
    }

    /// A schema and all that it refers to or chooses from, itself first.
    fn expanded<'d>(&'d self, schema: &'d Value) -> Vec<&'d Value> {
        let mut all = Vec::new();
        self.expand(schema, &mut all);
        all
    }

    fn expand<'d>(&'d self, schema: &'d Value, all: &mut Vec<&'d Value>) {
        all.push(schema);
        if let Some(target) = schema["$ref"].as_str() {
            let target = self.0.pointer(target.trim_start_matches('#'));
            if let Some(target) = target {
                self.expand(target, all);
            }
        }
        for combined in ["allOf", "anyOf"] {
            for part in schema[combined].as_array().into_iter().flatten() {
                self.expand(part, all);
            }
        }
    }
}

/// Whether a path is at a place of [`SECTIONS`].
fn matches(place: &str, path: &str) -> bool {
    let (place, path) = (place.split('.'), path.split('.'));
    place.clone().count() == path.clone().count()
        && place
            .zip(path)
            .all(|(one, other)| one == "*" || one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_our_own_stand_for_others_of_the_site_file() {
        let docs = Docs::of_site_file();
        for (place, sentence) in SECTIONS {
            let path = place
                .replace("services.*", "services.redis")
                .replace('*', "bulk");
            let theirs = docs.described(&path).unwrap();
            assert_ne!(theirs, sentence, "{place}");
            assert_eq!(docs.section(&path).as_deref(), Some(sentence), "{place}");
        }
    }

    #[test]
    fn sentences_are_found_through_references_choices_maps_and_lists() {
        let docs = Docs::of_site_file();
        let said = |path| docs.section(path).unwrap_or_default();
        assert_eq!(said("domain"), "Public host name of the site.");
        assert_eq!(
            said("services.redis.size"),
            "Size of the volume, which keeps sessions over a restart."
        );
        assert_eq!(said("workers.bulk.concurrency"), said("worker.concurrency"));
        assert_eq!(said("network.egress.smtp.ports"), "TCP ports.");
        assert_eq!(
            said("api.resources.limits.ephemeral-storage"),
            "Local disk for logs and temporary files."
        );
        assert_eq!(docs.section("web.novel"), None);
        assert_eq!(docs.section("novel"), None);
    }

    #[test]
    fn keys_that_a_chart_writes_with_a_unit_stand_where_the_site_file_has_them() {
        let docs = Docs::of_site_file();
        let wait = docs.position("setup.wait");
        assert!(wait.is_some());
        assert_eq!(docs.position_of_stem("setup.waitSeconds"), wait);
        assert_eq!(docs.position("setup.waitSeconds"), None);
        assert_eq!(docs.position_of_stem("setup.expires"), None);
        assert!(docs.position("web") < docs.position("worker"));
    }
}
