//! Diagnostics as a SARIF 2.1.0 log, which code scanning services read.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Diagnostic, Severity, Span, codes};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log, indented, with a line break at the end. Its rules are the codes that occur, in order.
pub(super) fn show(diagnostics: &[Diagnostic]) -> String {
    let codes: BTreeSet<_> = diagnostics.iter().map(|d| d.code).collect();
    let codes: Vec<_> = codes.into_iter().collect();
    let rules: Vec<_> = codes.iter().map(|code| rule(code)).collect();
    let results: Vec<_> = diagnostics.iter().map(|d| result(d, &codes)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "invgen",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: &str) -> Value {
    let known = codes::ALL.iter().find(|known| known.code == code);
    match known {
        Some(known) => json!({
            "id": code,
            "shortDescription": {"text": known.title},
            "fullDescription": {"text": known.meaning},
        }),
        None => json!({"id": code}),
    }
}

fn result(diagnostic: &Diagnostic, codes: &[&str]) -> Value {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": level,
        "message": {"text": message(diagnostic)},
        "locations": [location(diagnostic)],
    });
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().enumerate();
        result["relatedLocations"] = related
            .map(|(index, (span, label))| related_location(index, span, label))
            .collect();
    }
    if !diagnostic.profiles.is_empty() {
        result["properties"] = json!({"profiles": diagnostic.profiles});
    }
    result
}

/// Viewers show this text and little else, so reason and remedy belong to it.
fn message(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    lines.extend(diagnostic.reason.iter().map(|why| format!("Why: {why}")));
    lines.extend(diagnostic.help.iter().map(|help| format!("Help: {help}")));
    lines.join("\n")
}

fn location(diagnostic: &Diagnostic) -> Value {
    let mut location = Map::new();
    if let Some(span) = &diagnostic.span {
        place(span, &mut location);
    }
    if !diagnostic.path.is_empty() {
        let logical = json!([{"fullyQualifiedName": diagnostic.path, "kind": "member"}]);
        location.insert("logicalLocations".into(), logical);
    }
    Value::Object(location)
}

fn related_location(index: usize, span: &Span, label: &str) -> Value {
    let mut location = Map::new();
    location.insert("id".into(), json!(index + 1));
    place(span, &mut location);
    location.insert("message".into(), json!({"text": label}));
    Value::Object(location)
}

/// Adds file and region; a place in no file is named by its text's name as an artifact of no location.
fn place(span: &Span, location: &mut Map<String, Value>) {
    let (first, past) = (span.first(), span.past());
    let artifact = if span.source.is_file() {
        json!({"uri": uri(&span.source.name)})
    } else {
        json!({"description": {"text": span.source.name}})
    };
    let physical = json!({
        "artifactLocation": artifact,
        "region": {
            "startLine": first.line,
            "startColumn": first.column,
            "endLine": past.line,
            "endColumn": past.column,
        },
    });
    location.insert("physicalLocation".into(), physical);
}

/// A path as a URI reference: relative paths stay relative, all but unreserved characters and `/` are escaped.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for &byte in path.strip_prefix("./").unwrap_or(path).as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    uri
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16)
        .unwrap_or('0')
        .to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bare, full, source, span};
    use super::*;

    fn parsed(diagnostics: &[Diagnostic]) -> Value {
        serde_json::from_str(&show(diagnostics)).unwrap()
    }

    #[test]
    fn everything() {
        let log = parsed(&[full()]);
        assert_eq!(log["version"], "2.1.0");
        assert!(
            log["$schema"]
                .as_str()
                .unwrap()
                .ends_with("/sarif-schema-2.1.0.json")
        );
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
        let run = &log["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(run["tool"]["driver"]["name"], "invgen");
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "INV012");
        let expected = json!([{
            "ruleId": "INV012",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "`ReadWriteOnce` files with 3 web replicas\n\
                Why: a volume that one node may mount cannot serve pods on three nodes\n\
                Help: use `accessMode: ReadWriteMany`, or `web.replicas: 1`"},
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": {"uri": "site.yaml"},
                    "region": {"startLine": 3, "startColumn": 34, "endLine": 3, "endColumn": 47},
                },
                "logicalLocations": [{"fullyQualifiedName": "storage.files.accessMode", "kind": "member"}],
            }],
            "relatedLocations": [{
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "site.yaml"},
                    "region": {"startLine": 5, "startColumn": 13, "endLine": 5, "endColumn": 14},
                },
                "message": {"text": "three pods mount it"},
            }],
            "properties": {"profiles": ["staging", "prod"]},
        }]);
        assert_eq!(run["results"], expected);
    }

    #[test]
    fn rules_are_the_codes_that_occur_once_each_in_order() {
        let with = |code, severity| Diagnostic {
            code,
            ..bare(severity, "m", None)
        };
        let log = parsed(&[
            with("INV999", Severity::Warning),
            with(codes::MISSING_KEY, Severity::Error),
            with("INV999", Severity::Warning),
        ]);
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: Vec<_> = rules
            .iter()
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, [codes::MISSING_KEY, "INV999"]);
        assert_eq!(rules[0]["shortDescription"]["text"], "missing key");
        assert!(rules[0]["fullDescription"]["text"].is_string());
        let seen: Vec<_> = run["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| {
                (
                    r["ruleIndex"].as_u64().unwrap(),
                    r["level"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(seen, [(1, "warning"), (0, "error"), (1, "warning")]);
    }

    #[test]
    fn no_diagnostics_are_a_run_without_results() {
        assert_eq!(parsed(&[])["runs"][0]["results"], json!([]));
    }

    #[test]
    fn a_text_that_is_no_file_has_no_uri() {
        let profile = source("profile prod (built in)", "a: 1\n");
        let log = parsed(&[bare(Severity::Error, "m", Some(span(&profile, "a")))]);
        let artifact =
            &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(
            artifact,
            &json!({"description": {"text": "profile prod (built in)"}})
        );
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("./my site/é:1%.yaml"), "my%20site/%C3%A9%3A1%25.yaml");
        assert_eq!(uri("../up.yaml"), "../up.yaml");
        assert_eq!(uri("/srv/site.yaml"), "file:///srv/site.yaml");
    }
}
