//! Diagnostics put together in steps.

use crate::diag::{Diagnostic, Severity, Span};

/// An error with no place yet.
pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        message: message.into(),
        path: String::new(),
        span: None,
        related: Vec::new(),
        reason: None,
        help: None,
        profiles: Vec::new(),
    }
}

/// The steps.
pub trait Build: Sized {
    /// Where it is written.
    #[must_use]
    fn at(self, span: impl Into<Option<Span>>) -> Self;
    /// The dotted path it concerns.
    #[must_use]
    fn on(self, path: impl ToString) -> Self;
    /// Why it matters.
    #[must_use]
    fn because(self, reason: impl Into<String>) -> Self;
    /// What to write instead.
    #[must_use]
    fn help(self, help: impl Into<String>) -> Self;
    /// A further place.
    #[must_use]
    fn beside(self, span: Span, label: impl Into<String>) -> Self;
}

impl Build for Diagnostic {
    fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    fn on(mut self, path: impl ToString) -> Self {
        self.path = path.to_string();
        self
    }

    fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn beside(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}
