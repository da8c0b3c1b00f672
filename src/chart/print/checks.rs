//! What the schema of the values cannot refuse: the name of the release.

use super::Printer;
use crate::chart::sym::Key;
use crate::chart::tree::{Leaf, Node, Piece};
use crate::emit::File;
use crate::facts::{LONGEST_LABEL, LONGEST_STATEFUL_SET};

impl Printer<'_> {
    /// A template that yields nothing, or stops with the reason.
    pub(super) fn checks(&self) -> File {
        let most = self.longest_release();
        File {
            path: "templates/checks.yaml".to_owned(),
            text: format!(
                "{{{{- /* Yields no object: refuses a release whose objects could not be named. */ -}}}}
{{{{- if not (regexMatch \"^[a-z]([-a-z0-9]*[a-z0-9])?$\" .Release.Name) }}}}
{{{{- fail (printf \"the release is called %q: use lower-case letters, digits and hyphens, and begin with a letter\" .Release.Name) }}}}
{{{{- end }}}}
{{{{- if gt (len .Release.Name) {most} }}}}
{{{{- fail (printf \"the release is called %q: at most {most} characters leave room for the names of all objects\" .Release.Name) }}}}
{{{{- end }}}}
"
            ),
        }
    }

    /// Characters that a release's name may have, so that no object's name is too long.
    fn longest_release(&self) -> usize {
        self.forest
            .objects
            .iter()
            .filter_map(|object| {
                let set = leaf(&object.node, &["kind"])
                    == Some(&Leaf::Text(vec![Piece::Literal("StatefulSet".into())]));
                let most = if set {
                    LONGEST_STATEFUL_SET
                } else {
                    LONGEST_LABEL
                };
                match leaf(&object.node, &["metadata", "name"])? {
                    Leaf::Text(pieces) => match pieces.as_slice() {
                        [Piece::Ref(_), Piece::Literal(suffix)] => Some(most - suffix.len()),
                        _ => None,
                    },
                    _ => None,
                }
            })
            .min()
            .unwrap_or(LONGEST_LABEL)
    }
}

fn leaf<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Leaf> {
    let Some((first, rest)) = path.split_first() else {
        return match node {
            Node::Leaf(leaf) => Some(leaf),
            _ => None,
        };
    };
    let Node::Map(entries, _) = node else {
        return None;
    };
    let entry = entries
        .iter()
        .find(|entry| entry.key == Key::Name((*first).to_owned()))?;
    leaf(&entry.node, rest)
}
