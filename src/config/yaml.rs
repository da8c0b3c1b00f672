//! YAML text to [`Node`]s: one document, a map with text keys, everything else an error with its place.
//!
//! Plain scalars follow the core schema of YAML 1.2: `yes`, `on` and `12:30` are text, `0123` is a number.

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::fault::{Build, error};
use super::layer::Layer;
use super::node::{Entry, Kind, Node, quote};
use crate::diag::{Diagnostic, Source, Span, codes};

mod offsets;
mod plain;
mod syntax;

use offsets::Offsets;

/// Lists and maps may lie this deep in each other.
const DEEPEST: usize = 64;
/// Values in one text, those that aliases repeat included.
const MOST_NODES: usize = 100_000;

/// Reads a whole file: one document whose top level is a map.
///
/// Gives every problem that can be found without guessing; after a syntax error nothing further is read.
pub fn parse(source: Arc<Source>) -> Result<Node, Vec<Diagnostic>> {
    let whole = Span {
        source: source.clone(),
        start: 0,
        end: 0,
    };
    let Some(node) = parse_value(source, 0)? else {
        return Err(vec![
            error(codes::SYNTAX, "the file is empty")
                .at(whole)
                .because("there is nothing to describe a site")
                .help("run `invgen init` to get a commented file to start from"),
        ]);
    };
    if matches!(node.value, Kind::Map(_)) {
        return Ok(node);
    }
    Err(vec![
        error(
            codes::SYNTAX,
            format!(
                "the file holds {}, but a map of keys is wanted",
                node.describe()
            ),
        )
        .at(node.span)
        .help("begin with keys and values, such as `name: lab`"),
    ])
}

/// Reads the one value that the text holds from byte `start` on; `None` when there is none.
pub fn parse_value(source: Arc<Source>, start: usize) -> Result<Option<Node>, Vec<Diagnostic>> {
    let text = source.text.get(start..).unwrap_or_default();
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        offsets: Offsets::new(text),
        source: source.clone(),
        start,
        problems: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    let value = reader.stream();
    match value {
        Ok(value) if reader.problems.is_empty() => Ok(value),
        Ok(_) | Err(Stop) => Err(reader.problems),
    }
}

/// Reading cannot go on; the reason is among the problems.
struct Stop;

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    offsets: Offsets<'t>,
    source: Arc<Source>,
    start: usize,
    problems: Vec<Diagnostic>,
    /// Complete nodes by anchor; `None` while one is being read.
    anchors: BTreeMap<usize, Option<Anchored>>,
    nodes: usize,
}

type Place = saphyr_parser::Span;

struct Anchored {
    node: Node,
    /// How many nodes it stands for, itself included.
    size: usize,
    /// How deep lists and maps lie in it; 0 for a scalar.
    height: usize,
}

impl<'t> Reader<'t> {
    fn stream(&mut self) -> Result<Option<Node>, Stop> {
        let mut root = None;
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::DocumentStart(_) if root.is_some() => {
                    let span = self.span(&place);
                    return self.stop(
                        error(codes::SYNTAX, "a second document begins here")
                            .at(span)
                            .because("only one document is read, so the rest would be ignored")
                            .help(
                                "keep one site in one file, and remove this `---` and what follows",
                            ),
                    );
                }
                Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Nothing => {}
                event => {
                    let before = self.nodes;
                    let node = self.node(event, &place, 0)?;
                    // A file of comments alone has a document too, with a scalar that is not written.
                    let written = self.nodes > before + 1
                        || !node.is_null()
                        || node.span.start < node.span.end;
                    root = written.then_some(node);
                    if root.is_none() {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Place), Stop> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            None => Ok((Event::StreamEnd, Place::default())),
            Some(Err(fault)) => {
                let at = self.start + self.offsets.byte(fault.marker().index());
                if fault.info() == "recursion limit exceeded" {
                    // The scanner looks ahead of the events, and gives up first when a line opens very many brackets.
                    let span = Span {
                        source: self.source.clone(),
                        start: at,
                        end: at,
                    };
                    return Err(self.too_deep(&span));
                }
                self.stop(syntax::explain(&self.source, at, fault.info()))
            }
        }
    }

    fn node(&mut self, event: Event<'t>, place: &Place, depth: usize) -> Result<Node, Stop> {
        let span = self.span(place);
        self.count(1, &span)?;
        let (anchor, node) = match event {
            Event::Alias(id) => return self.alias(id, span, depth),
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, self.scalar(&text, style, tag.as_deref(), span))
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag_of_collection(tag.as_deref(), "seq", &span);
                self.open(anchor, depth, &span)?;
                (anchor, self.list(span, depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.tag_of_collection(tag.as_deref(), "map", &span);
                self.open(anchor, depth, &span)?;
                (anchor, self.map(span, depth)?)
            }
            _ => return self.stop(error(codes::SYNTAX, "a value is wanted here").at(span)),
        };
        if anchor != 0 {
            let (size, height) = extent(&node);
            // The copy that waits for aliases counts like a repetition, so that anchors in anchors cannot exhaust memory.
            self.count(size, &node.span)?;
            self.anchors.insert(
                anchor,
                Some(Anchored {
                    node: node.clone(),
                    size,
                    height,
                }),
            );
        }
        Ok(node)
    }

    fn open(&mut self, anchor: usize, depth: usize, span: &Span) -> Result<(), Stop> {
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        self.check_depth(depth, span)
    }

    fn check_depth(&mut self, depth: usize, span: &Span) -> Result<(), Stop> {
        if depth < DEEPEST {
            Ok(())
        } else {
            Err(self.too_deep(span))
        }
    }

    fn too_deep(&mut self, span: &Span) -> Stop {
        self.problems.push(
            error(
                codes::SYNTAX,
                format!("lists and maps lie more than {DEEPEST} deep in each other"),
            )
            .at(span.clone())
            .because("no site file needs that, and reading it could exhaust memory"),
        );
        Stop
    }

    fn count(&mut self, more: usize, span: &Span) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes <= MOST_NODES {
            return Ok(());
        }
        self.stop(
            error(
                codes::SYNTAX,
                format!("more than {MOST_NODES} values, counting what aliases repeat"),
            )
            .at(span.clone())
            .because("no site file needs that, and reading it could exhaust memory")
            .help("write fewer aliases (`*name`) of large values"),
        )
    }

    fn alias(&mut self, id: usize, span: Span, depth: usize) -> Result<Node, Stop> {
        let Some(Some(anchored)) = self.anchors.get(&id) else {
            return self.stop(
                error(
                    codes::SYNTAX,
                    "this alias repeats a value that contains the alias itself",
                )
                .at(span)
                .help("write the value out"),
            );
        };
        let (mut node, size, height) = (anchored.node.clone(), anchored.size, anchored.height);
        self.count(size - 1, &span)?;
        if depth + height > DEEPEST {
            return Err(self.too_deep(&span));
        }
        node.span = span;
        Ok(node)
    }

    fn list(&mut self, span: Span, depth: usize) -> Result<Node, Stop> {
        let span = with_dash(span);
        let mut items = Vec::new();
        loop {
            let (event, place) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(collection(Kind::List(items), self.until(span, &place)));
            }
            items.push(self.node(event, &place, depth + 1)?);
        }
    }

    fn map(&mut self, span: Span, depth: usize) -> Result<Node, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let (event, place) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(collection(Kind::Map(entries), self.until(span, &place)));
            }
            let key = self.node(event, &place, depth + 1)?;
            let (event, place) = self.next()?;
            let mut value = self.node(event, &place, depth + 1)?;
            if value.is_null() && value.span.start == value.span.end {
                // An empty value has no place of its own; the key has.
                value.span = key.span.clone();
            }
            let Some(key_text) = self.key(&key) else {
                continue;
            };
            if let Some(&first) = places.get(&key_text) {
                let first = entries[first].key_span.clone();
                self.problems.push(
                    error(
                        codes::DUPLICATE_KEY,
                        format!("the key `{key_text}` is written twice in this map"),
                    )
                    .at(key.span)
                    .beside(first, "first written here")
                    .because("one of the two values would be lost without a word")
                    .help("keep one of them, or put both contents under one key"),
                );
                continue;
            }
            places.insert(key_text.clone(), entries.len());
            entries.push(Entry {
                key: key_text,
                key_span: key.span,
                value,
            });
        }
    }

    /// The key's text; `None`, with a problem, when it is not one.
    fn key(&mut self, key: &Node) -> Option<String> {
        let problem = match &key.value {
            Kind::Text(text) if text == "<<" && !key.quoted => error(
                codes::SYNTAX,
                "the merge key `<<` is not supported",
            )
            .because("YAML 1.2 has no merge keys, and readers disagree about them")
            .help("write the keys out, or share a whole value with an anchor: `&name` and `*name`"),
            Kind::Text(text) => return Some(text.clone()),
            Kind::List(_) | Kind::Map(_) => {
                error(codes::SYNTAX, format!("{} stands as a key", key.describe()))
                    .because("keys are text")
                    .help("if this is a template placeholder such as `{{ … }}`, put it in quotes")
            }
            _ if key.raw.is_empty() => {
                error(codes::SYNTAX, "a key is missing before `:`").help("write `key: value`")
            }
            _ => error(
                codes::SYNTAX,
                format!("{} stands as a key, but keys are text", key.describe()),
            )
            .help(format!("write {} in quotes", quote(&key.raw))),
        };
        self.problems.push(problem.at(key.span.clone()));
        None
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Node {
        let quoted = style != ScalarStyle::Plain;
        let read = if quoted {
            Kind::Text(text.to_owned())
        } else {
            plain::read(text)
        };
        let value = match tag {
            None => read,
            Some(tag) => match plain::tagged(tag, text, read) {
                Ok(value) => value,
                Err(problem) => {
                    self.problems.push(problem.at(span.clone()));
                    Kind::Text(text.to_owned())
                }
            },
        };
        Node {
            value,
            raw: text.to_owned(),
            quoted,
            span,
            layer: Layer::Default,
        }
    }

    fn tag_of_collection(&mut self, tag: Option<&Tag>, core: &str, span: &Span) {
        let Some(tag) = tag else { return };
        if !(tag.is_yaml_core_schema() && tag.suffix == core) {
            self.problems.push(plain::unknown_tag(tag).at(span.clone()));
        }
    }

    fn span(&mut self, place: &Place) -> Span {
        let start = self.start + self.offsets.byte(place.start.index());
        let end = self.start + self.offsets.byte(place.end.index());
        let written = self
            .source
            .text
            .get(start..end.max(start))
            .unwrap_or_default();
        // The scanner lets block scalars and collections run on to the next token.
        let end = start + written.trim_end().len();
        Span {
            source: self.source.clone(),
            start,
            end,
        }
    }

    /// From the start of `span` to the end of `place`.
    fn until(&mut self, span: Span, place: &Place) -> Span {
        let end = self.start + self.offsets.byte(place.end.index());
        let written = self.source.text.get(span.start..end).unwrap_or_default();
        Span {
            end: span.start + written.trim_end().len(),
            ..span
        }
    }

    fn stop<T>(&mut self, problem: Diagnostic) -> Result<T, Stop> {
        self.problems.push(problem);
        Err(Stop)
    }
}

/// The scanner begins a list that is not indented below its key only after the first dash.
fn with_dash(span: Span) -> Span {
    let text = span.source.text.as_str();
    let before = text[..span.start].trim_end_matches(' ');
    let begins = text[span.start..].starts_with(['[', '-', '&', '!']);
    if before.ends_with('-') && !begins {
        Span {
            start: before.len() - 1,
            ..span
        }
    } else {
        span
    }
}

fn collection(value: Kind, span: Span) -> Node {
    Node {
        value,
        raw: String::new(),
        quoted: false,
        span,
        layer: Layer::Default,
    }
}

/// How many nodes a value stands for, itself included, and how deep lists and maps lie in it.
fn extent(node: &Node) -> (usize, usize) {
    let parts: Vec<(usize, usize)> = match &node.value {
        Kind::List(items) => items.iter().map(extent).collect(),
        Kind::Map(entries) => entries
            .iter()
            .map(|entry| extent(&entry.value))
            .map(|(size, height)| (1 + size, height))
            .collect(),
        _ => return (1, 0),
    };
    parts
        .into_iter()
        .fold((1, 1), |(size, height), (more, below)| {
            (size + more, height.max(1 + below))
        })
}

#[cfg(test)]
mod tests;
