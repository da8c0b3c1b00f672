//! A site that is being checked, and problems with the places that belong to them.

use std::sync::Arc;

use crate::config::fault::{Build, error};
use crate::config::layer::Layer;
use crate::config::layers::{Merged, Origin};
use crate::config::load::Loaded;
use crate::config::path;
use crate::config::site::{Environment, Site};
use crate::diag::{Diagnostic, Severity, Span};

/// A key that has a part in a problem.
#[derive(Clone, Debug)]
pub struct Part {
    path: String,
    label: String,
    shown: Shown,
}

/// When a part that is not the main one is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// Wherever it is written, in the profile too.
    Always,
    /// When the user wrote it.
    IfOwn,
}

/// A key that has a part in a problem, shown also where the built-in profile wrote it.
pub fn part(path: impl Into<String>) -> Part {
    let path = path.into();
    Part {
        label: path.clone(),
        path,
        shown: Shown::Always,
    }
}

/// A key that has a part in a problem, shown only if the user wrote it.
pub fn own(path: impl Into<String>) -> Part {
    Part {
        shown: Shown::IfOwn,
        ..part(path)
    }
}

impl Part {
    /// With other words than its path beside it.
    pub fn saying(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

/// The path of an entry whose key somebody chose: `labels["example.org/team"]`, `workers.bulk`.
pub fn entry(map: &str, key: &str) -> String {
    if key.contains('.') {
        format!("{map}[{}]", serde_json::Value::from(key))
    } else {
        format!("{map}.{key}")
    }
}

/// A site that is being checked.
#[derive(Debug)]
pub struct Case<'a> {
    /// The site.
    pub site: &'a Site,
    merged: &'a Merged,
}

impl<'a> Case<'a> {
    /// A site in its profile.
    pub fn new(loaded: &'a Loaded) -> Self {
        Self {
            site: &loaded.site,
            merged: &loaded.merged,
        }
    }

    /// Whether the site is for other people's data.
    pub fn in_production(&self) -> bool {
        self.site.environment == Environment::Production
    }

    /// Whether the site is one person's trial.
    pub fn in_development(&self) -> bool {
        self.site.environment == Environment::Development
    }

    /// An error. The first part that the user wrote is where it is shown; the others are shown beside it.
    pub fn error(
        &self,
        code: &'static str,
        parts: &[Part],
        message: impl Into<String>,
    ) -> Diagnostic {
        let main = self.main(parts);
        let mut problem = error(code, message);
        let Some((index, part)) = main else {
            return problem;
        };
        let span = self.place(&part.path);
        let others = parts
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .filter_map(|(_, part)| self.beside(part));
        for (other, label) in others {
            let known = problem
                .related
                .iter()
                .map(|(known, _)| known)
                .chain(span.as_ref());
            if !known.into_iter().any(|known| same(known, &other)) {
                problem = problem.beside(other, label);
            }
        }
        problem.at(span).on(&part.path)
    }

    /// A warning, with places like an error's.
    pub fn warning(
        &self,
        code: &'static str,
        parts: &[Part],
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..self.error(code, parts, message)
        }
    }

    /// An error in production, a warning elsewhere.
    pub fn error_in_production(
        &self,
        code: &'static str,
        parts: &[Part],
        message: impl Into<String>,
    ) -> Diagnostic {
        if self.in_production() {
            self.error(code, parts, message)
        } else {
            self.warning(code, parts, message)
        }
    }

    /// The part to point at: the first that the user wrote, else the first that is in a section of theirs, else the first.
    fn main<'p>(&self, parts: &'p [Part]) -> Option<(usize, &'p Part)> {
        let numbered = || parts.iter().enumerate();
        numbered()
            .find(|(_, part)| self.written(&part.path).is_some())
            .or_else(|| numbered().find(|(_, part)| self.around(&part.path).is_some()))
            .or_else(|| numbered().next())
    }

    /// Where to show a problem with a path: its value, the section of the user's it would stand in, the profile's line, or
    /// the file's first key.
    fn place(&self, path: &str) -> Option<Span> {
        self.written(path)
            .map(|origin| origin.value)
            .or_else(|| self.around(path))
            .or_else(|| self.merged.origin(path).map(|origin| origin.value))
            .or_else(|| self.first_key())
    }

    fn beside(&self, part: &Part) -> Option<(Span, String)> {
        let origin = match part.shown {
            Shown::Always => self.merged.origin(&part.path),
            Shown::IfOwn => self.written(&part.path),
        };
        origin.map(|origin| (origin.value, part.label.clone()))
    }

    fn written(&self, path: &str) -> Option<Origin> {
        self.merged
            .origin(path)
            .filter(|origin| origin.layer >= Layer::Site)
    }

    /// The key of the innermost section around a path that the user wrote.
    fn around(&self, path: &str) -> Option<Span> {
        let (segments, _) = path::parse(path).ok()?;
        let inner = segments.len().saturating_sub(1);
        segments[..inner].iter().rev().find_map(|segment| {
            let origin = self.written(&path[..segment.range.1])?;
            Some(origin.key.unwrap_or(origin.value))
        })
    }

    fn first_key(&self) -> Option<Span> {
        let root = &self.merged.root;
        root.entries()
            .iter()
            .filter(|entry| {
                entry.value.layer >= Layer::Site
                    && Arc::ptr_eq(&entry.key_span.source, &root.span.source)
            })
            .map(|entry| &entry.key_span)
            .min_by_key(|span| span.start)
            .cloned()
    }
}

fn same(one: &Span, other: &Span) -> bool {
    Arc::ptr_eq(&one.source, &other.source) && (one.start, one.end) == (other.start, other.end)
}

/// Adds a problem, unless the same has been found at the same places: what `api` and named workers inherit is written
/// once and so wrong once.
pub fn add(found: &mut Vec<Diagnostic>, problem: Diagnostic) {
    let places = |problem: &Diagnostic| -> Vec<Span> {
        let related = problem.related.iter().map(|(span, _)| span.clone());
        problem.span.iter().cloned().chain(related).collect()
    };
    let new = places(&problem);
    let known = found.iter().any(|known| {
        let old = places(known);
        known.code == problem.code
            && !new.is_empty()
            && old.len() == new.len()
            && old.iter().zip(&new).all(|(one, other)| same(one, other))
    });
    if !known {
        found.push(problem);
    }
}
