//! One diagnostic type for every problem a user can cause, and the forms in which it is shown.

pub mod codes;

use std::sync::Arc;

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
