//! Named templates that several files use.

use std::collections::BTreeSet;

use super::Printer;
use crate::chart::sym::Key;
use crate::chart::tree::{Entry, Forest, Leaf, Node};
use crate::emit::File;
use crate::k8s::Marker;
use crate::params::Root;

/// Entries that many maps have, printed once.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Name of the template.
    pub name: &'static str,
    docs: &'static str,
    /// The entries.
    pub entries: Vec<Entry<Key>>,
}

impl Shared {
    /// Whether a map has all of them.
    pub fn is_in(&self, entries: &[Entry<Key>]) -> bool {
        self.entries.iter().all(|entry| entries.contains(entry))
    }
}

/// Labels of every object, and those by which pods are selected.
const LABELS: [(&str, &str, &[&str]); 2] = [
    (
        "labels",
        "Labels of every object.",
        &[
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/part-of",
            "app.kubernetes.io/managed-by",
        ],
    ),
    (
        "selectorLabels",
        "Labels that never change in the life of a release.",
        &["app.kubernetes.io/name", "app.kubernetes.io/instance"],
    ),
];

/// The groups of labels as the forest has them.
pub fn shared(forest: &Forest) -> Vec<Shared> {
    LABELS
        .into_iter()
        .filter_map(|(name, docs, keys)| {
            let entries = forest
                .objects
                .iter()
                .find_map(|object| group(&object.node, keys))?;
            Some(Shared {
                name,
                docs,
                entries,
            })
        })
        .collect()
}

/// The entries with these keys of the first map that has them all, and what users add to them.
fn group(node: &Node, keys: &[&str]) -> Option<Vec<Entry<Key>>> {
    match node {
        Node::Map(entries, _) => {
            let wanted = |entry: &&Entry<Key>| match &entry.key {
                Key::Name(name) => keys.contains(&name.as_str()),
                Key::Splice(name) => name == "labels" && keys.len() > 2,
            };
            let found: Vec<_> = entries.iter().filter(wanted).cloned().collect();
            if found.len() >= keys.len() {
                return Some(found);
            }
            entries.iter().find_map(|entry| group(&entry.node, keys))
        }
        Node::List(entries, _) => entries.iter().find_map(|entry| group(&entry.node, keys)),
        _ => None,
    }
}

/// Counts the bytes of a quantity, rounded up: digits before and up to three behind the point, times the unit.
const BYTES: &str = r#"{{- define "PREFIX.bytes" -}}
{{- $number := regexFind "^[0-9.]+" . }}
{{- $suffix := trimPrefix $number . }}
{{- $units := dict "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "P" 1000000000000000 "Pi" 1125899906842624 }}
{{- $unit := get $units $suffix | default 1 | int64 }}
{{- $parts := splitList "." $number }}
{{- $whole := first $parts | atoi }}
{{- $thousandths := 0 }}
{{- if gt (len $parts) 1 }}
{{- $thousandths = printf "%s000" (last $parts) | trunc 3 | atoi }}
{{- end }}
{{- if eq $suffix "m" }}
{{- div (add (mul $whole 1000) $thousandths 999999) 1000000 }}
{{- else }}
{{- add (mul $whole $unit) (div (add (mul $thousandths $unit) 999) 1000) }}
{{- end }}
{{- end }}
"#;

impl Printer<'_> {
    /// The file with all helpers that these files use.
    pub(super) fn helpers(&self, files: &[&File]) -> File {
        let mut used: Vec<String> = files.iter().map(|file| file.text.clone()).collect();
        let mut printed = Vec::new();
        for shared in &self.shared {
            let body = self.plain_map(&shared.entries, 0, Root::Dot);
            printed.push(self.define(shared.name, shared.docs, &body.join("\n")));
        }
        for names in self.checksums() {
            printed.push(self.checksum_helper(&names));
        }
        used.extend(printed.clone());
        let mut defined: BTreeSet<&str> = BTreeSet::new();
        loop {
            let next = self.registry.names().iter().find(|name| {
                let call = format!("include \"{}\" ", self.own(name.as_str()));
                !defined.contains(name.as_str())
                    && self.registry.definition(name.as_str()).is_some()
                    && used.iter().any(|text| text.contains(&call))
            });
            let Some(name) = next else { break };
            defined.insert(name.as_str());
            used.push(self.registry.body(name));
        }
        for definition in self.registry.definitions() {
            if let (true, Some(name)) = (
                defined.contains(definition.name.as_str()),
                self.registry.get(&definition.name),
            ) {
                printed.push(self.define(
                    &definition.name,
                    definition.docs,
                    &self.registry.body(name),
                ));
            }
        }
        let bytes = format!("include \"{}\" ", self.own("bytes"));
        if used.iter().any(|text| text.contains(&bytes)) {
            printed.push(format!(
                "{{{{/* A Kubernetes quantity in bytes. */}}}}\n{}",
                BYTES.replace("PREFIX", &self.registry.prefix)
            ));
        }
        File {
            path: "templates/_helpers.tpl".to_owned(),
            text: printed.join("\n"),
        }
    }

    fn define(&self, name: &str, docs: &str, body: &str) -> String {
        format!(
            "{{{{/* {docs} */}}}}\n{{{{- define \"{}\" -}}}}\n{body}\n{{{{- end }}}}\n",
            self.own(name)
        )
    }

    /// Every list of texts that some pod mounts.
    fn checksums(&self) -> BTreeSet<Vec<String>> {
        fn collect(node: &Node, all: &mut BTreeSet<Vec<String>>) {
            match node {
                Node::Map(entries, _) => {
                    for entry in entries {
                        collect(&entry.node, all);
                    }
                }
                Node::List(entries, _) => {
                    for entry in entries {
                        collect(&entry.node, all);
                    }
                }
                Node::Leaf(Leaf::Marker(Marker::Digest(names))) => {
                    all.insert(names.clone());
                }
                _ => {}
            }
        }
        let mut all = BTreeSet::new();
        for object in &self.forest.objects {
            collect(&object.node, &mut all);
        }
        all
    }

    fn checksum_helper(&self, names: &[String]) -> String {
        let texts: Vec<String> = names
            .iter()
            .map(|name| format!("({})", self.text_of(name, Root::Dot)))
            .collect();
        let name = self.checksum_name(names);
        let name = name
            .strip_prefix(&format!("{}.", self.registry.prefix))
            .unwrap_or(&name);
        let body = format!(
            "{{{{- list {} | join \"\\n\" | sha256sum }}}}",
            texts.join(" ")
        );
        self.define(
            name,
            "Changes with any text that the pods mount, so that they start anew.",
            &body,
        )
    }
}
