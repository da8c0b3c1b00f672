//! Lines under conditions.

use super::Printer;
use crate::chart::tree::{Guard, Literal};
use crate::params::Root;

/// Lines that are there when their guard holds.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// When.
    pub guard: Guard,
    /// The lines.
    pub lines: Vec<String>,
    /// The lines for `with`, where they are all about one map or list.
    pub with: Option<Vec<String>>,
}

impl Printer<'_> {
    /// Puts lines under their conditions; neighbours share what they have in common, and opposites an `else`.
    pub(super) fn group(&self, entries: &[Guarded], indent: usize, root: Root) -> Vec<String> {
        let space = " ".repeat(indent);
        let mut printed = Vec::new();
        let mut rest = entries;
        while let Some((first, others)) = rest.split_first() {
            if first.guard.is_empty() {
                printed.extend(first.lines.clone());
                rest = others;
                continue;
            }
            let mut common = first.guard.clone();
            let mut run = 1;
            while let Some(next) = rest.get(run) {
                let shared: Guard = common
                    .iter()
                    .filter(|literal| next.guard.contains(literal))
                    .cloned()
                    .collect();
                if shared.is_empty() {
                    break;
                }
                common = shared;
                run += 1;
            }
            if let (1, Some(with), [literal]) = (run, &first.with, common.as_slice()) {
                let path = self.registry.path(&literal.dim, root);
                printed.push(format!("{space}{{{{- with {path} }}}}"));
                printed.extend(with.clone());
                printed.push(format!("{space}{{{{- end }}}}"));
                rest = others;
                continue;
            }
            let condition = self.condition(&common, root);
            printed.push(format!("{space}{{{{- if {condition} }}}}"));
            printed.extend(self.group(&without(&rest[..run], &common), indent, root));
            rest = &rest[run..];
            if let [literal] = common.as_slice() {
                let opposite = vec![Literal {
                    dim: literal.dim.clone(),
                    on: !literal.on,
                }];
                let run = rest
                    .iter()
                    .take_while(|entry| entry.guard.contains(&opposite[0]))
                    .count();
                if run > 0 {
                    printed.push(format!("{space}{{{{- else }}}}"));
                    printed.extend(self.group(&without(&rest[..run], &opposite), indent, root));
                    rest = &rest[run..];
                }
            }
            printed.push(format!("{space}{{{{- end }}}}"));
        }
        printed
    }

    /// A condition that holds when any of these does.
    pub(super) fn any(&self, guards: &[&Guard], root: Root) -> String {
        let mut conditions: Vec<String> = Vec::new();
        for guard in opposites_joined(guards) {
            let condition = self.condition(&guard, root);
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        match conditions.as_slice() {
            [one] => one.clone(),
            all => {
                let all: Vec<String> = all
                    .iter()
                    .map(|condition| {
                        if condition.contains(' ') {
                            format!("({condition})")
                        } else {
                            condition.clone()
                        }
                    })
                    .collect();
                format!("or {}", all.join(" "))
            }
        }
    }
}

/// `a and b` or `a and not b` is `a`.
fn opposites_joined(guards: &[&Guard]) -> Vec<Guard> {
    let mut joined: Vec<Guard> = Vec::new();
    for guard in guards {
        let twin = joined.iter_mut().find(|other| {
            other.len() == guard.len()
                && other
                    .iter()
                    .zip(*guard)
                    .all(|(one, two)| one.dim == two.dim)
                && other
                    .iter()
                    .zip(*guard)
                    .filter(|(one, two)| one.on != two.on)
                    .count()
                    == 1
        });
        match twin {
            Some(other) => other.retain(|literal| guard.contains(literal)),
            None => joined.push((*guard).clone()),
        }
    }
    joined
}

fn without(entries: &[Guarded], common: &Guard) -> Vec<Guarded> {
    entries
        .iter()
        .map(|entry| Guarded {
            guard: entry
                .guard
                .iter()
                .filter(|literal| !common.contains(literal))
                .cloned()
                .collect(),
            ..entry.clone()
        })
        .collect()
}

/// An expression without the parentheses around the whole of it.
pub fn bare(expression: &str) -> &str {
    let mut depth = 0;
    for (index, character) in expression.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 && index + 1 < expression.len() {
            return expression;
        }
    }
    expression
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(expression)
}
