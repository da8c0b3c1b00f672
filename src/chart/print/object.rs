//! Objects: maps and lists.

use super::Printer;
use super::lines::Guarded;
use super::scalar::escaped;
use crate::chart::probes::Part;
use crate::chart::sym::Key;
use crate::chart::tree::{Entry, Guard, Leaf, Literal, Node, Piece};
use crate::k8s::Marker;
use crate::params::Root;
use crate::tree::{Value, yaml};

/// Spaces of one level.
const STEP: usize = 2;

impl Printer<'_> {
    /// The lines of an object.
    pub(super) fn document(&self, node: &Node) -> Vec<String> {
        match node {
            Node::Map(entries, _) => self.map(entries, 0, Root::Dot),
            _ => Vec::new(),
        }
    }

    /// The lines of a map's entries.
    pub(super) fn map(&self, entries: &[Entry<Key>], indent: usize, root: Root) -> Vec<String> {
        let mut guarded = Vec::new();
        let mut rest: Vec<&Entry<Key>> = entries.iter().collect();
        if let Some(shared) = self.shared.iter().find(|shared| shared.is_in(entries)) {
            guarded.push(always(format!(
                "{}{{{{- include \"{}\" {} | nindent {indent} }}}}",
                " ".repeat(indent),
                self.own(shared.name),
                root.dot()
            )));
            rest.retain(|entry| !shared.entries.contains(entry));
        }
        guarded.extend(
            rest.into_iter()
                .map(|entry| self.entry(entry, indent, root)),
        );
        self.group(&guarded, indent, root)
    }

    /// The same, every entry by itself.
    pub(super) fn plain_map(
        &self,
        entries: &[Entry<Key>],
        indent: usize,
        root: Root,
    ) -> Vec<String> {
        let guarded: Vec<Guarded> = entries
            .iter()
            .map(|entry| self.entry(entry, indent, root))
            .collect();
        self.group(&guarded, indent, root)
    }

    fn entry(&self, entry: &Entry<Key>, indent: usize, root: Root) -> Guarded {
        let space = " ".repeat(indent);
        let key = match &entry.key {
            Key::Splice(name) => {
                return splice(&entry.guard, name, &self.registry.path(name, root), indent);
            }
            Key::Name(name) => key(name),
        };
        if let Some(section) = self.mirrored(&entry.node) {
            let path = self.registry.path(&section, root);
            let nested = indent + STEP;
            return Guarded {
                guard: entry.guard.clone(),
                lines: vec![
                    format!("{space}{key}:"),
                    format!("{space}  {{{{- toYaml {path} | nindent {nested} }}}}"),
                ],
                with: None,
            };
        }
        let (inner, stays, empty) = match &entry.node {
            Node::Map(entries, stays) => (guards(entries), *stays, "{}"),
            Node::List(entries, stays) => (guards(entries), *stays, "[]"),
            Node::Leaf(Leaf::Marker(Marker::Text(name))) => {
                return Guarded {
                    guard: entry.guard.clone(),
                    lines: vec![
                        format!("{space}{key}: |"),
                        format!(
                            "{space}  {{{{- {} | nindent {} }}}}",
                            self.text_of(name, root),
                            indent + STEP
                        ),
                    ],
                    with: None,
                };
            }
            Node::Leaf(Leaf::Text(pieces)) if block(pieces).is_some() => {
                let mut lines = vec![format!("{space}{key}: |")];
                lines.extend(indented(block(pieces).unwrap_or_default(), indent + STEP));
                return Guarded {
                    guard: entry.guard.clone(),
                    lines,
                    with: None,
                };
            }
            node => {
                let line = format!("{space}{key}: {}", self.leaf_of(node, root));
                return Guarded {
                    guard: entry.guard.clone(),
                    lines: vec![line],
                    with: None,
                };
            }
        };
        if inner.is_empty() {
            return Guarded {
                guard: entry.guard.clone(),
                lines: vec![format!("{space}{key}: {empty}")],
                with: None,
            };
        }
        let always_there = inner.iter().any(|guard| guard.is_empty());
        let same = inner.iter().all(|guard| *guard == inner[0]);
        if !always_there && same && !stays {
            return self.hoisted(entry, &key, inner[0], indent, root);
        }
        let mut lines = vec![format!("{space}{key}:")];
        lines.extend(self.nested(&entry.node, indent + STEP, root));
        if let [Literal { dim, on: true }] = entry.guard.as_slice()
            && holds_only(&entry.node, dim)
        {
            return Guarded {
                guard: entry.guard.clone(),
                with: Some(vec![
                    format!("{space}{key}:"),
                    format!("{space}  {{{{- toYaml . | nindent {} }}}}", indent + STEP),
                ]),
                lines,
            };
        }
        if !always_there {
            lines.insert(
                0,
                format!("{space}{{{{- if {} }}}}", self.any(&inner, root)),
            );
            if stays {
                lines.push(format!("{space}{{{{- else }}}}"));
                lines.push(format!("{space}{key}: {empty}"));
            }
            lines.push(format!("{space}{{{{- end }}}}"));
        }
        Guarded {
            guard: entry.guard.clone(),
            lines,
            with: None,
        }
    }

    /// A container whose children all have one condition: that becomes the container's.
    fn hoisted(
        &self,
        entry: &Entry<Key>,
        key: &str,
        inner: &Guard,
        indent: usize,
        root: Root,
    ) -> Guarded {
        let space = " ".repeat(indent);
        let node = unguarded(&entry.node);
        let mut lines = vec![format!("{space}{key}:")];
        lines.extend(self.nested(&node, indent + STEP, root));
        let with = match inner.as_slice() {
            [Literal { dim, on: true }] if holds_only(&node, dim) => Some(()),
            _ => None,
        };
        let mut guard = entry.guard.clone();
        guard.extend(
            inner
                .iter()
                .filter(|literal| !entry.guard.contains(literal))
                .cloned(),
        );
        Guarded {
            with: with.map(|()| {
                vec![
                    format!("{space}{key}:"),
                    format!("{space}  {{{{- toYaml . | nindent {} }}}}", indent + STEP),
                ]
            }),
            guard,
            lines,
        }
    }

    fn nested(&self, node: &Node, indent: usize, root: Root) -> Vec<String> {
        match node {
            Node::Map(entries, _) => self.map(entries, indent, root),
            Node::List(entries, _) => self.list(entries, indent, root),
            _ => Vec::new(),
        }
    }

    fn list(&self, entries: &[Entry<()>], indent: usize, root: Root) -> Vec<String> {
        let guarded: Vec<Guarded> = entries
            .iter()
            .map(|entry| match &entry.node {
                Node::Splice(name) => {
                    splice(&entry.guard, name, &self.registry.path(name, root), indent)
                }
                Node::Range(name, item) => self.range(&entry.guard, name, item, indent, root),
                node => Guarded {
                    guard: entry.guard.clone(),
                    lines: self.item(node, indent, root),
                    with: None,
                },
            })
            .collect();
        self.group(&guarded, indent, root)
    }

    /// A loop; over nothing it yields nothing, so it needs no condition of its own.
    fn range(&self, guard: &Guard, name: &str, item: &Node, indent: usize, root: Root) -> Guarded {
        let space = " ".repeat(indent);
        let path = self.registry.path(name, root);
        let mut lines = vec![format!("{space}{{{{- range {path} }}}}")];
        lines.extend(self.item(item, indent, Root::Dollar));
        lines.push(format!("{space}{{{{- end }}}}"));
        Guarded {
            guard: guard
                .iter()
                .filter(|literal| literal.dim != name)
                .cloned()
                .collect(),
            lines,
            with: None,
        }
    }

    fn item(&self, node: &Node, indent: usize, root: Root) -> Vec<String> {
        let space = " ".repeat(indent);
        let mut lines = match node {
            Node::Map(entries, _) if !entries.is_empty() => {
                // The dash needs a line that is always there.
                let (mut first, guarded): (Vec<_>, Vec<_>) = entries
                    .iter()
                    .cloned()
                    .partition(|entry| entry.guard.is_empty());
                let in_order = entries.first().is_some_and(|entry| entry.guard.is_empty());
                let entries = if in_order {
                    entries.clone()
                } else {
                    first.extend(guarded);
                    first
                };
                self.map(&entries, indent + STEP, root)
            }
            Node::List(entries, _) if !entries.is_empty() => {
                self.list(entries, indent + STEP, root)
            }
            Node::Map(..) => vec![format!("{space}  {{}}")],
            Node::List(..) => vec![format!("{space}  []")],
            Node::Leaf(Leaf::Text(pieces)) if block(pieces).is_some() => {
                let mut lines = vec![format!("{space}  |")];
                lines.extend(indented(block(pieces).unwrap_or_default(), indent + STEP));
                lines
            }
            leaf => vec![format!("{space}  {}", self.leaf_of(leaf, root))],
        };
        match lines.first_mut() {
            Some(first) if !first.trim_start().starts_with("{{-") => {
                first.replace_range(indent..=indent, "-");
            }
            _ => lines.insert(0, format!("{space}-")),
        }
        lines
    }

    fn leaf_of(&self, node: &Node, root: Root) -> String {
        match node {
            Node::Leaf(leaf) => self.scalar(leaf, root),
            _ => String::new(),
        }
    }

    /// The section of the values that a map repeats, key by key and wholly.
    fn mirrored(&self, node: &Node) -> Option<String> {
        let section = mirrored_place(node)?;
        let below = format!("{section}.");
        let listed = self
            .registry
            .params()
            .filter(|param| param.path.starts_with(&below))
            .count();
        (listed > 1 && leaves(node) == listed).then_some(section)
    }
}

/// A fixed text of several lines that a literal block can carry.
fn block(pieces: &[Piece]) -> Option<&str> {
    match pieces {
        [Piece::Literal(text)] => text
            .strip_suffix('\n')
            .filter(|lines| !text.starts_with([' ', '\n']) && !lines.ends_with('\n')),
        _ => None,
    }
}

fn indented(text: &str, indent: usize) -> impl Iterator<Item = String> + '_ {
    text.split('\n').map(move |line| match line {
        "" => String::new(),
        line => format!("{}{}", " ".repeat(indent), escaped(line)),
    })
}

/// Whether a container holds one map or list of the values and nothing else.
fn holds_only(node: &Node, name: &str) -> bool {
    match node {
        Node::Map(entries, _) => {
            matches!(entries.as_slice(), [only] if only.key == Key::Splice(name.to_owned()))
        }
        Node::List(entries, _) => {
            matches!(entries.as_slice(), [only] if only.node == Node::Splice(name.to_owned()))
        }
        _ => false,
    }
}

fn leaves(node: &Node) -> usize {
    match node {
        Node::Map(entries, _) => entries.iter().map(|entry| leaves(&entry.node)).sum(),
        _ => 1,
    }
}

fn always(line: String) -> Guarded {
    Guarded {
        guard: Guard::new(),
        lines: vec![line],
        with: None,
    }
}

fn splice(guard: &Guard, name: &str, path: &str, indent: usize) -> Guarded {
    let space = " ".repeat(indent);
    let alone = matches!(guard.as_slice(), [Literal { dim, on: true }] if dim == name);
    Guarded {
        guard: guard.clone(),
        lines: vec![format!(
            "{space}{{{{- toYaml {path} | nindent {indent} }}}}"
        )],
        with: alone.then(|| vec![format!("{space}{{{{- toYaml . | nindent {indent} }}}}")]),
    }
}

fn guards<K>(entries: &[Entry<K>]) -> Vec<&Guard> {
    entries.iter().map(|entry| &entry.guard).collect()
}

fn unguarded(node: &Node) -> Node {
    fn bare<K: Clone>(entries: &[Entry<K>]) -> Vec<Entry<K>> {
        entries
            .iter()
            .map(|entry| Entry {
                guard: Guard::new(),
                ..entry.clone()
            })
            .collect()
    }
    match node {
        Node::Map(entries, stays) => Node::Map(bare(entries), *stays),
        Node::List(entries, stays) => Node::List(bare(entries), *stays),
        other => other.clone(),
    }
}

/// A key as the YAML writer has it.
fn key(name: &str) -> String {
    let line = yaml::document(&Value::Object(
        [(name.to_owned(), Value::Null)].into_iter().collect(),
    ));
    line.trim_end().trim_end_matches(": null").to_owned()
}

fn mirrored_place(node: &Node) -> Option<String> {
    let Node::Map(entries, _) = node else {
        return None;
    };
    let mut place: Option<String> = None;
    for entry in entries {
        let Key::Name(key) = &entry.key else {
            return None;
        };
        let path = match &entry.node {
            Node::Map(..) => mirrored_place(&entry.node)?,
            Node::Leaf(Leaf::Text(pieces)) => match pieces.as_slice() {
                [Piece::Ref(found)] if found.part == Part::Whole => found.name.clone(),
                _ => return None,
            },
            _ => return None,
        };
        let own = path.strip_suffix(&format!(".{key}"))?.to_owned();
        if !entry.guard.is_empty() || place.get_or_insert_with(|| own.clone()) != &own {
            return None;
        }
    }
    place
}
