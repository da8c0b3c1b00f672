//! Slips of the pen in good site files: whatever becomes of them, they are read or refused, and nothing breaks.

use std::path::Path;
use std::sync::Arc;

use invgen::config::load::{Loaded, parse};
use invgen::diag::{Diagnostic, Format, Severity, Source, show};
use invgen::{render, validate};

use crate::support::examples::examples;

/// A slip at a line: gives the lines after it, or `None` where it changes nothing.
type Slip = fn(&[&str], usize) -> Option<Vec<String>>;

const SLIPS: [(&str, Slip); 9] = [
    ("the line is lost", |lines, at| {
        let mut all = owned(lines);
        all.remove(at);
        Some(all)
    }),
    ("the line stands twice", |lines, at| {
        let mut all = owned(lines);
        all.insert(at, lines[at].to_owned());
        Some(all)
    }),
    ("the line is indented", |lines, at| {
        changed(lines, at, format!("  {}", lines[at]))
    }),
    ("the line is moved out", |lines, at| {
        let line = lines[at].strip_prefix("  ")?;
        changed(lines, at, line.to_owned())
    }),
    ("the line is indented by a tab", |lines, at| {
        changed(lines, at, format!("\t{}", lines[at].trim_start()))
    }),
    ("two lines change places", |lines, at| {
        let mut all = owned(lines);
        (at + 1 < all.len()).then(|| all.swap(at, at + 1))?;
        Some(all)
    }),
    ("the value is that of the next line", |lines, at| {
        let (key, _) = lines[at].split_once(": ")?;
        let (_, value) = lines.get(at + 1)?.split_once(": ")?;
        changed(lines, at, format!("{key}: {value}"))
    }),
    ("the value is lost", |lines, at| {
        let (key, _) = lines[at].split_once(": ")?;
        changed(lines, at, format!("{key}:"))
    }),
    ("the last character is lost", |lines, at| {
        let mut line = lines[at].to_owned();
        line.pop()?;
        changed(lines, at, line)
    }),
];

/// Values of every kind, in the place of each value.
const VALUES: [&str; 12] = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e400",
    "\"\"",
    "text",
    "[]",
    "{}",
    "[[{a: b}]]",
    "99999999999999999999",
];

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}

fn changed(lines: &[&str], at: usize, line: String) -> Option<Vec<String>> {
    let mut all = owned(lines);
    let old = std::mem::replace(&mut all[at], line);
    (old != all[at]).then_some(all)
}

/// Reads, checks and renders a text in a profile. What is wrong has to be shown in every form.
fn survives(text: &str, profile: &str) {
    let source = Arc::new(Source {
        name: "site.yaml".to_owned(),
        text: text.to_owned(),
    });
    let loaded: Result<Loaded, Vec<Diagnostic>> =
        parse(source).and_then(|parsed| parsed.load(Some(profile), &[]));
    let problems = match loaded {
        Err(problems) => {
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.severity == Severity::Error),
                "refused without an error:\n{text}"
            );
            problems
        }
        Ok(loaded) => {
            let problems = validate::validate(&loaded);
            if problems
                .iter()
                .all(|problem| problem.severity == Severity::Warning)
            {
                let files = render::manifests(&loaded.site).unwrap_or_else(|fault| {
                    panic!("a valid site is not rendered: {fault}\n{text}")
                });
                assert!(!files.is_empty());
            }
            problems
        }
    };
    for format in [Format::Text, Format::Json, Format::Sarif, Format::Github] {
        let _ = show(&problems, format, true);
    }
}

fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<_> = examples()
        .into_iter()
        .map(|name| {
            let text =
                std::fs::read_to_string(root.join(format!("examples/{name}/site.yaml"))).unwrap();
            (name, text)
        })
        .collect();
    let starter = std::fs::read_to_string(root.join("templates/starter/site.yaml")).unwrap();
    all.push(("starter".to_owned(), starter));
    all
}

#[test]
fn slips_in_lines_are_read_or_refused() {
    for (_, text) in texts() {
        let lines: Vec<&str> = text.lines().collect();
        let matter = (0..lines.len()).filter(|at| {
            let line = lines[*at].trim_start();
            !line.is_empty() && !line.starts_with('#')
        });
        for at in matter {
            for (_, slip) in SLIPS {
                if let Some(slipped) = slip(&lines, at) {
                    survives(&(slipped.join("\n") + "\n"), "staging");
                }
            }
        }
    }
}

#[test]
fn values_of_any_kind_are_read_or_refused() {
    for (_, text) in texts() {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some((key, _)) = line
                .split_once(':')
                .filter(|_| !line.trim_start().starts_with('#'))
            else {
                continue;
            };
            for value in VALUES {
                if let Some(slipped) = changed(&lines, at, format!("{key}: {value}")) {
                    survives(&(slipped.join("\n") + "\n"), "prod");
                }
            }
        }
    }
}

#[test]
fn texts_cut_short_are_read_or_refused() {
    for (_, text) in texts() {
        for end in (0..text.len())
            .step_by(11)
            .filter(|end| text.is_char_boundary(*end))
        {
            survives(&text[..end], "dev");
        }
    }
}
