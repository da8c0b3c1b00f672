//! The choice between the forms.

use super::{Diagnostic, github, json, sarif, text};

/// A form in which diagnostics are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: message, snippet, reason and remedy.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, which code scanning services read.
    Sarif,
    /// Workflow commands that GitHub turns into annotations.
    Github,
}

/// The diagnostics in the given form, in the given order, ending in a line break unless empty.
///
/// JSON and SARIF are whole documents even when there is no diagnostic. `colour` asks for ANSI colours and concerns
/// [`Format::Text`] alone; the caller knows the terminal.
pub fn show(diagnostics: &[Diagnostic], format: Format, colour: bool) -> String {
    match format {
        Format::Text => text::show(diagnostics, colour),
        Format::Json => json::show(diagnostics),
        Format::Sarif => sarif::show(diagnostics),
        Format::Github => github::show(diagnostics),
    }
}
