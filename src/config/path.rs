//! Dotted paths into the site file: `web.replicas`, `workers.bulk.queues[0]`, `nodeSelector["kubernetes.io/os"]`.

use std::fmt;

use super::layer::Layer;
use super::node::Entry;
use crate::diag::Span;

/// The place a decoder is at, linked to the places around it.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
    written: Option<(&'a Span, Layer)>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The whole file; `written` is the place to show when something is missing at the top.
    pub fn root(written: Option<(&'a Span, Layer)>) -> Self {
        Self {
            parent: None,
            step: Step::Root,
            written,
        }
    }

    /// An entry that is written below `self`.
    #[must_use]
    pub fn entry(&'a self, entry: &'a Entry) -> Self {
        Self {
            parent: Some(self),
            step: Step::Key(&entry.key),
            written: Some((&entry.key_span, entry.value.layer)),
        }
    }

    /// A key that is not written below `self`.
    #[must_use]
    pub fn absent(&'a self, key: &'a str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Key(key),
            written: None,
        }
    }

    /// An item of the list at `self`, from 0.
    #[must_use]
    pub fn item(&'a self, index: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Index(index),
            written: None,
        }
    }

    /// Whether this is the whole file.
    pub fn is_root(&self) -> bool {
        matches!(self.step, Step::Root)
    }

    /// The last key, if the last step is one.
    pub fn last_key(&self) -> Option<&'a str> {
        if let Step::Key(key) = self.step {
            Some(key)
        } else {
            None
        }
    }

    /// The key under which a missing neighbour would be added: the innermost one that the user wrote, else any that is written.
    pub fn place(&self) -> Option<&'a Span> {
        self.written_by(Layer::Site)
            .or_else(|| self.written_by(Layer::Default))
    }

    fn written_by(&self, lowest: Layer) -> Option<&'a Span> {
        match self.written {
            Some((span, layer)) if layer >= lowest => Some(span),
            _ => self.parent.and_then(|parent| parent.written_by(lowest)),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) if !is_bare(key) => write!(f, "[{}]", serde_json::Value::from(key)),
            Step::Key(key) if self.parent.is_none_or(Path::is_root) => f.write_str(key),
            Step::Key(key) => write!(f, ".{key}"),
        }
    }
}

/// Whether a key stands in a path without quotes.
fn is_bare(key: &str) -> bool {
    !key.is_empty()
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/'))
}

/// One step of a written path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Into a map.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

/// A step with the bytes of the text it is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The step.
    pub segment: Segment,
    /// First byte and one past the last.
    pub range: (usize, usize),
}

/// Why a path cannot be read, and the byte where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Byte offset into the path.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

/// Reads a path as [`Path`] shows it: bare keys with dots between, `["any key"]`, `[0]`. Reads up to a `=` outside of brackets
/// and returns where it stopped; an empty path has no segments.
pub fn parse(text: &str) -> Result<(Vec<Written>, usize), Malformed> {
    let bytes = text.as_bytes();
    let mut segments = Vec::new();
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b'=' {
        let start = at;
        if bytes[at] == b'[' {
            let (segment, end) = bracket(text, at)?;
            at = end;
            segments.push(Written {
                segment,
                range: (start, end),
            });
            continue;
        }
        if !segments.is_empty() {
            if bytes[at] != b'.' {
                return Err(Malformed {
                    at,
                    message: "a `.` or a `[` is wanted between two keys".to_owned(),
                });
            }
            at += 1;
        }
        let start = at;
        while at < bytes.len() && !matches!(bytes[at], b'.' | b'[' | b'=') {
            at += 1;
        }
        if start == at {
            return Err(Malformed {
                at: start.min(text.len()),
                message: "a key is missing here".to_owned(),
            });
        }
        segments.push(Written {
            segment: Segment::Key(text[start..at].to_owned()),
            range: (start, at),
        });
    }
    Ok((segments, at))
}

fn bracket(text: &str, start: usize) -> Result<(Segment, usize), Malformed> {
    let unclosed = || Malformed {
        at: start,
        message: "this `[` is not closed".to_owned(),
    };
    let inside = &text[start + 1..];
    if inside.starts_with('"') {
        let mut values = serde_json::Deserializer::from_str(inside).into_iter::<String>();
        let Some(Ok(key)) = values.next() else {
            return Err(Malformed {
                at: start + 1,
                message: "this quoted key is not closed".to_owned(),
            });
        };
        let end = start + 1 + values.byte_offset();
        return if text.as_bytes().get(end) == Some(&b']') {
            Ok((Segment::Key(key), end + 1))
        } else {
            Err(unclosed())
        };
    }
    let length = inside.find(']').ok_or_else(unclosed)?;
    let index = inside[..length].parse().map_err(|_| Malformed {
        at: start + 1,
        message: "in brackets stands an index such as `[0]` or a key in double quotes".to_owned(),
    })?;
    Ok((Segment::Index(index), start + length + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps(text: &str) -> Vec<Segment> {
        parse(text)
            .unwrap()
            .0
            .into_iter()
            .map(|written| written.segment)
            .collect()
    }

    #[test]
    fn reads_keys_indices_and_quoted_keys() {
        let key = |key: &str| Segment::Key(key.to_owned());
        assert_eq!(
            steps("workers.bulk.queues[0]"),
            [
                key("workers"),
                key("bulk"),
                key("queues"),
                Segment::Index(0)
            ]
        );
        assert_eq!(
            steps(r#"nodeSelector["kubernetes.io/os"].x"#),
            [key("nodeSelector"), key("kubernetes.io/os"), key("x")]
        );
        assert_eq!(parse("a.b=c.d").unwrap().1, 3);
        for (bad, at) in [
            (".a", 0),
            ("a..b", 2),
            ("a.", 2),
            ("a[", 1),
            ("a[x]", 2),
            ("a[0]b", 4),
            (r#"a["x"#, 2),
        ] {
            assert_eq!(parse(bad).unwrap_err().at, at, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn shown_paths_read_back(keys in proptest::collection::vec(".*", 1..4), index in 0_usize..9) {
            let root = Path::root(None);
            let first = root.absent(&keys[0]);
            let item = first.item(index);
            let last = item.absent(&keys[keys.len() - 1]);
            let wanted = [Segment::Key(keys[0].clone()), Segment::Index(index), Segment::Key(keys[keys.len() - 1].clone())];
            prop_assert_eq!(steps(&last.to_string()), wanted);
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
