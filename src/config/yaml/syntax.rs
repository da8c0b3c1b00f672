//! Syntax errors in words that help: what the scanner said, and the slip that most often causes it.

use std::sync::Arc;

use crate::config::fault::{Build, error};
use crate::diag::{Diagnostic, Source, Span, codes};

/// The diagnostic for a scanner's message at a byte of the text.
pub fn explain(source: &Arc<Source>, at: usize, info: &str) -> Diagnostic {
    let text = source.text.as_str();
    let at = at.min(text.len());
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let here = tab_in_indentation(line).map(|offset| line_start + offset);
    let ahead = || {
        info.contains("tab")
            .then(|| text[at..].find('\t').map(|offset| at + offset))
            .flatten()
    };
    if let Some(tab) = here.or_else(ahead) {
        return error(codes::SYNTAX, "a tab stands in the indentation")
            .at(character(source, tab))
            .because("YAML counts spaces; how wide a tab is, nobody knows")
            .help("indent with spaces");
    }
    let fault = error(codes::SYNTAX, format!("this is not YAML: {info}")).at(character(source, at));
    match slip(line, info) {
        Some(help) => fault.help(help),
        None => fault
            .because("the scanner could not go on from here; the slip is often a little before"),
    }
}

fn tab_in_indentation(line: &str) -> Option<usize> {
    let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
    line[..indentation].find('\t')
}

/// The character at a byte, or the last one of the text.
fn character(source: &Arc<Source>, at: usize) -> Span {
    let text = source.text.as_str();
    let length = text[at..]
        .chars()
        .next()
        .filter(|c| !matches!(c, '\n' | '\r'))
        .map_or(0, char::len_utf8);
    Span {
        source: source.clone(),
        start: at,
        end: at + length,
    }
}

fn slip(line: &str, info: &str) -> Option<&'static str> {
    let content = line.trim_start();
    let value = content
        .split_once(": ")
        .map_or(content, |(_, value)| value.trim_start());
    let value = value.strip_prefix("- ").unwrap_or(value);
    if info.contains("unknown anchor") {
        return Some(
            "an alias `*name` repeats a value that carries the anchor `&name` further up; put text that begins with `*` in quotes",
        );
    }
    if value.starts_with(['@', '`', '%', '&', '*', '!', '|', '>']) {
        return Some(
            "a value that begins with a sign (`@`, `` ` ``, `%`, `&`, `*`, `!`) stands in quotes",
        );
    }
    if value.starts_with("{{") {
        return Some("put the placeholder in quotes: \"{{ … }}\"");
    }
    if info.contains("mapping values are not allowed") {
        return Some(
            "a value that contains `: ` stands in quotes; keys of one map begin in the same column",
        );
    }
    if info.contains("quoted scalar") {
        return Some("a quote opened here is not closed");
    }
    if info.contains("flow")
        || info.contains("illegal placement")
        || info.contains("','")
        || info.contains("']'")
        || info.contains("'}'")
    {
        return Some("a `[` or `{` is not closed, or a comma is missing");
    }
    if info.contains("expected") || info.contains("simple key") || info.contains("indent") {
        return Some(
            "keys of one map begin in the same column and are followed by a colon and a space; list items begin with a hyphen and a space",
        );
    }
    None
}
