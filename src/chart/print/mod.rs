//! From the derived tree to template files.

mod checks;
mod helpers;
mod lines;
mod object;
mod scalar;
mod text;

use std::collections::BTreeSet;

use super::tree::{Forest, Guard, ObjectNode, Piece, TextNode};
use crate::emit::File;
use crate::params::{Go, Registry, Root};
use helpers::Shared;

/// Prints a forest.
pub struct Printer<'a> {
    registry: &'a Registry,
    forest: &'a Forest,
    /// Texts that are the same for every value: plain files of the chart.
    fixed: BTreeSet<&'a str>,
    /// Groups of labels that many objects have.
    shared: Vec<Shared>,
}

impl<'a> Printer<'a> {
    /// A printer of a forest.
    pub fn new(registry: &'a Registry, forest: &'a Forest) -> Self {
        Self {
            registry,
            forest,
            fixed: forest
                .texts
                .iter()
                .filter(|text| is_fixed(text))
                .map(|text| text.name.as_str())
                .collect(),
            shared: helpers::shared(forest),
        }
    }

    /// All templates, and the texts beside them. The helpers are those that they use, and that other files do.
    pub fn files(&self, others: &[File]) -> Vec<File> {
        let mut files: Vec<File> = self
            .forest
            .objects
            .iter()
            .map(|object| File {
                path: format!("templates/{}", object.path),
                text: self.object(object),
            })
            .collect();
        files.extend(self.forest.texts.iter().map(|text| self.text(text)));
        files.push(self.checks());
        let all: Vec<&File> = files.iter().chain(others).collect();
        let helpers = self.helpers(&all);
        files.push(helpers);
        files
    }

    /// A template of our own by name.
    fn own(&self, name: &str) -> String {
        format!("{}.{name}", self.registry.prefix)
    }

    /// A condition as `if` takes it.
    fn condition(&self, guard: &Guard, root: Root) -> String {
        let literals: Vec<String> = guard
            .iter()
            .map(|literal| {
                let go = Go::Name(literal.dim.clone());
                let condition = self.registry.condition(&go, root);
                if literal.on {
                    condition
                } else if let Some(equal) = condition.strip_prefix("(eq ") {
                    format!("(ne {equal}")
                } else if let Some(different) = condition.strip_prefix("(ne ") {
                    format!("(eq {different}")
                } else {
                    format!("not {condition}")
                }
            })
            .collect();
        match literals.as_slice() {
            [one] => lines::bare(one).to_owned(),
            all => {
                let all: Vec<String> = all
                    .iter()
                    .map(|literal| {
                        if literal.contains(' ') && !literal.starts_with('(') {
                            format!("({literal})")
                        } else {
                            literal.clone()
                        }
                    })
                    .collect();
                format!("and {}", all.join(" "))
            }
        }
    }

    fn object(&self, object: &ObjectNode) -> String {
        let mut printed = self.document(&object.node);
        if !object.guard.is_empty() {
            let condition = self.condition(&object.guard, Root::Dot);
            printed.insert(0, format!("{{{{- if {condition} }}}}"));
            printed.push("{{- end }}".to_owned());
        }
        let mut text = printed.join("\n");
        text.push('\n');
        text
    }
}

fn is_fixed(text: &TextNode) -> bool {
    text.blocks.iter().all(|block| {
        block.guard.is_empty()
            && block
                .lines
                .iter()
                .flatten()
                .all(|piece| matches!(piece, Piece::Literal(_)))
    })
}
