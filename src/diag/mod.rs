//! One diagnostic type for every problem a user can cause, and the forms in which it is shown.

pub mod codes;
mod format;
mod github;
mod json;
mod position;
mod sarif;
mod suggest;
mod text;

use std::sync::Arc;

pub use format::{Format, show};
pub use position::Position;
pub use suggest::nearest;
pub use text::summary;

/// A text that diagnostics point into: a site file, a built-in profile or the value of a `--set`.
#[derive(Debug)]
pub struct Source {
    /// What the user calls it: a path as given on the command line, `profile prod (built in)`, `--set web.replicas`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A stretch of a [`Source`], in bytes; `start <= end <= text.len()`, both on character boundaries.
#[derive(Clone, Debug)]
pub struct Span {
    /// The text pointed into.
    pub source: Arc<Source>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// How bad it is. Errors stop the command, warnings do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Work goes on.
    Warning,
}

/// One problem: where, what, why, and what to write instead.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Stable code, `INV0xx`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, one sentence without a final full stop, naming the value.
    pub message: String,
    /// Dotted path into the site file, such as `web.replicas` or `workers.bulk.queues[0]`; empty for the whole file.
    pub path: String,
    /// Where it is written; `None` when nothing was written (a default).
    pub span: Option<Span>,
    /// Further places that belong to it, each with a short label (the other half of a contradiction).
    pub related: Vec<(Span, String)>,
    /// Why it matters: what would happen on the cluster.
    pub reason: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// The profiles in which it appears, when not in all that were checked.
    pub profiles: Vec<String>,
}

impl Source {
    /// Whether [`name`](Self::name) is the path of a file, so that other programs may open it; a built-in profile and
    /// a `--set` have text but no file.
    pub fn is_file(&self) -> bool {
        !self.name.starts_with("--set ") && !self.name.ends_with("(built in)")
    }
}

/// Puts diagnostics in reading order: by source name, then by place in it; those without a place last.
///
/// Diagnostics of the same place keep their order.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    fn key(diagnostic: &Diagnostic) -> (bool, Option<(&str, usize)>) {
        let place = diagnostic
            .span
            .as_ref()
            .map(|span| (span.source.name.as_str(), span.start));
        (place.is_none(), place)
    }
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)));
}

impl Diagnostic {
    /// Whether another says the same of the same place; the profiles in which they appear do not count.
    pub fn is_same(&self, other: &Self) -> bool {
        self.message == other.message
            && self.path == other.path
            && self.severity == other.severity
            && (self.span.is_none() && other.span.is_none() || self.is_at_same_place(other))
            && self.code == other.code
    }

    /// Whether another has the same code and points at the same place in a text.
    pub fn is_at_same_place(&self, other: &Self) -> bool {
        let place = |diagnostic: &Self| {
            diagnostic
                .span
                .as_ref()
                .map(|span| (span.source.name.clone(), span.start, span.end))
        };
        self.code == other.code && self.span.is_some() && place(self) == place(other)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A span over the first occurrence of `part` in `source`.
    pub(crate) fn span(source: &Arc<Source>, part: &str) -> Span {
        let start = source.text.find(part).unwrap();
        Span {
            source: source.clone(),
            start,
            end: start + part.len(),
        }
    }

    pub(crate) fn source(name: &str, text: &str) -> Arc<Source> {
        Arc::new(Source {
            name: name.into(),
            text: text.into(),
        })
    }

    /// A diagnostic with nothing but code, severity, message and place.
    pub(crate) fn bare(severity: Severity, message: &str, span: Option<Span>) -> Diagnostic {
        Diagnostic {
            code: "INV012",
            severity,
            message: message.into(),
            path: String::new(),
            span,
            related: Vec::new(),
            reason: None,
            help: None,
            profiles: Vec::new(),
        }
    }

    /// A diagnostic with every field set: an error of two places.
    pub(crate) fn full() -> Diagnostic {
        let site = source(
            "site.yaml",
            "name: lab\nstorage:\n  files: {size: 1Ti, accessMode: ReadWriteOnce}\nweb:\n  replicas: 3\n",
        );
        Diagnostic {
            path: "storage.files.accessMode".into(),
            related: vec![(span(&site, "3"), "three pods mount it".into())],
            reason: Some(
                "a volume that one node may mount cannot serve pods on three nodes".into(),
            ),
            help: Some("use `accessMode: ReadWriteMany`, or `web.replicas: 1`".into()),
            profiles: vec!["staging".into(), "prod".into()],
            ..bare(
                Severity::Error,
                "`ReadWriteOnce` files with 3 web replicas",
                Some(span(&site, "ReadWriteOnce")),
            )
        }
    }

    #[test]
    fn order_is_by_place_and_stable() {
        let a = source("a.yaml", "one: 1\ntwo: 2\n");
        let b = source("b.yaml", "one: 1\n");
        let mut all = vec![
            bare(Severity::Error, "nowhere", None),
            bare(Severity::Error, "b one", Some(span(&b, "one"))),
            bare(Severity::Warning, "a two, first", Some(span(&a, "two"))),
            bare(Severity::Error, "a two, second", Some(span(&a, "two"))),
            bare(Severity::Warning, "a one", Some(span(&a, "one"))),
        ];
        sort(&mut all);
        let order: Vec<_> = all.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            order,
            ["a one", "a two, first", "a two, second", "b one", "nowhere"]
        );
    }
}
