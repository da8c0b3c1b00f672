//! `--set path=value` as a layer of its own.

use std::sync::Arc;

use super::fault::{Build, error};
use super::layer::Layer;
use super::node::{Entry, Kind, Node};
use super::path::{self, Segment, Written};
use super::yaml;
use crate::diag::{Diagnostic, Source, Span, codes};

const FORM: &str = "write `--set path=value`, such as `--set web.replicas=3`";

/// Reads one argument: dotted keys (any key as `["key"]`), `=`, and a value in YAML. Gives a map that holds only that value.
pub fn parse(argument: &str) -> Result<Node, Vec<Diagnostic>> {
    let name = format!("--set {}", argument.split('=').next().unwrap_or_default());
    let source = Arc::new(Source {
        name,
        text: argument.to_owned(),
    });
    let span = |start: usize, end: usize| Span {
        source: source.clone(),
        start,
        end,
    };
    let (segments, equals) = path::parse(argument).map_err(|fault| {
        let end = argument[fault.at..]
            .chars()
            .next()
            .map_or(fault.at, |c| fault.at + c.len_utf8());
        vec![
            error(
                codes::BAD_SET,
                format!("the path is malformed: {}", fault.message),
            )
            .at(span(fault.at, end))
            .help(FORM),
        ]
    })?;
    if !argument[equals..].starts_with('=') {
        return Err(vec![
            error(codes::BAD_SET, format!("`{argument}` has no `=`"))
                .at(span(0, argument.len()))
                .help(FORM),
        ]);
    }
    let keys = keys(&segments, &argument[..equals], &span)?;
    if keys.is_empty() {
        return Err(vec![
            error(codes::BAD_SET, "there is no path before `=`")
                .at(span(0, 1))
                .help(FORM),
        ]);
    }
    let value = yaml::parse_value(source.clone(), equals + 1)
        .map_err(|problems| bad_value(problems, argument))?;
    let end = argument.len();
    let value = value.unwrap_or_else(|| Node {
        value: Kind::Null,
        raw: String::new(),
        quoted: false,
        span: span(equals + 1, end),
        layer: Layer::Default,
    });
    Ok(keys
        .into_iter()
        .rev()
        .fold(value, |value, (key, (start, end))| {
            let whole = span(start, value.span.end.max(end));
            let entry = Entry {
                key,
                key_span: span(start, end),
                value,
            };
            Node {
                value: Kind::Map(vec![entry]),
                ..Node::empty_map(whole)
            }
        }))
}

type Key = (String, (usize, usize));

fn keys(
    segments: &[Written],
    path: &str,
    span: &impl Fn(usize, usize) -> Span,
) -> Result<Vec<Key>, Vec<Diagnostic>> {
    segments
        .iter()
        .map(|written| match &written.segment {
            Segment::Key(key) => Ok((key.clone(), written.range)),
            Segment::Index(_) => Err(vec![
                error(codes::BAD_SET, format!("`{path}` leads into a list"))
                    .at(span(written.range.0, written.range.1))
                    .because("lists are replaced as a whole: what an item's number means changes with the list below")
                    .help(format!("give the whole list: `--set '{}=[first, second]'`", &path[..written.range.0])),
            ]),
        })
        .collect()
}

fn bad_value(problems: Vec<Diagnostic>, argument: &str) -> Vec<Diagnostic> {
    let help = format!(
        "the value is YAML; for plain text write --set '{}=\"text\"'",
        argument.split('=').next().unwrap_or_default()
    );
    problems
        .into_iter()
        .map(|problem| Diagnostic {
            code: codes::BAD_SET,
            ..problem
        })
        .map(|problem| {
            if problem.help.is_none() {
                problem.help(help.clone())
            } else {
                problem
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
