//! Diagnostics for programs: `{"diagnostics": [...]}`.

use serde::Serialize;

use super::{Diagnostic, Severity, Span};

#[derive(Serialize)]
struct Document<'a> {
    diagnostics: Vec<Item<'a>>,
}

/// Every field is always there, `null` when unknown, so that readers need no guards.
#[derive(Serialize)]
struct Item<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    path: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    reason: Option<&'a str>,
    help: Option<&'a str>,
    related: Vec<Related<'a>>,
    profiles: &'a [String],
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

/// The document, indented, with a line break at the end.
///
/// Lines and columns count from 1, columns in characters; `endColumn` is one past the last character. `file` is the name
/// of the text, which for a built-in profile or a `--set` is no path.
pub(super) fn show(diagnostics: &[Diagnostic]) -> String {
    let document = Document {
        diagnostics: diagnostics.iter().map(item).collect(),
    };
    // Strings, numbers and lists always serialise.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn item(diagnostic: &Diagnostic) -> Item<'_> {
    Item {
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        path: &diagnostic.path,
        place: diagnostic.span.as_ref().map(place).unwrap_or_default(),
        reason: diagnostic.reason.as_deref(),
        help: diagnostic.help.as_deref(),
        related: diagnostic.related.iter().map(related).collect(),
        profiles: &diagnostic.profiles,
    }
}

fn related((span, label): &(Span, String)) -> Related<'_> {
    Related {
        message: label,
        place: place(span),
    }
}

fn place(span: &Span) -> Place<'_> {
    let (first, past) = (span.first(), span.past());
    Place {
        file: Some(&span.source.name),
        line: Some(first.line),
        column: Some(first.column),
        end_line: Some(past.line),
        end_column: Some(past.column),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{bare, full};
    use super::*;

    fn parsed(diagnostics: &[Diagnostic]) -> Value {
        serde_json::from_str(&show(diagnostics)).unwrap()
    }

    #[test]
    fn everything() {
        let expected = json!({"diagnostics": [{
            "code": "INV012",
            "severity": "error",
            "message": "`ReadWriteOnce` files with 3 web replicas",
            "path": "storage.files.accessMode",
            "file": "site.yaml", "line": 3, "column": 34, "endLine": 3, "endColumn": 47,
            "reason": "a volume that one node may mount cannot serve pods on three nodes",
            "help": "use `accessMode: ReadWriteMany`, or `web.replicas: 1`",
            "related": [{
                "message": "three pods mount it",
                "file": "site.yaml", "line": 5, "column": 13, "endLine": 5, "endColumn": 14,
            }],
            "profiles": ["staging", "prod"],
        }]});
        assert_eq!(parsed(&[full()]), expected);
    }

    #[test]
    fn what_is_unknown_is_null() {
        let item = &parsed(&[bare(Severity::Warning, "w", None)])["diagnostics"][0];
        assert_eq!(item["severity"], "warning");
        for key in [
            "file",
            "line",
            "column",
            "endLine",
            "endColumn",
            "reason",
            "help",
        ] {
            assert_eq!(item.get(key), Some(&Value::Null), "{key}");
        }
    }

    #[test]
    fn no_diagnostics_are_still_a_document() {
        assert_eq!(parsed(&[]), json!({"diagnostics": []}));
    }
}
