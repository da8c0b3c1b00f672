//! Diagnostics for people.

use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Severity, Source, Span};

/// Columns after which a reason or a remedy is broken: what fits a terminal beside an editor.
const PROSE: usize = 92;
/// Columns after which a line of the site file is cut around the place of interest.
const LINE: usize = 120;

/// All diagnostics, each with its snippet, an empty line between them.
pub(super) fn show(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(LINE);
    let shown: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| without_frame(diagnostic, renderer.render(&[group(diagnostic)])))
        .collect();
    shown.join("\n")
}

/// Without a snippet, the renderer still begins one.
fn without_frame(diagnostic: &Diagnostic, shown: String) -> String {
    let is_framed = diagnostic.span.is_some() || !diagnostic.related.is_empty();
    let mut lines: Vec<&str> = shown.lines().collect();
    if !is_framed {
        lines.retain(|line| line.trim() != "|");
    }
    lines.push("");
    lines.join("\n")
}

/// How many there are: `2 errors, 1 warning`, `1 error`, or `no problems`.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let parts: Vec<_> = [(Severity::Error, "error"), (Severity::Warning, "warning")]
        .into_iter()
        .filter_map(|(severity, word)| {
            let count = diagnostics
                .iter()
                .filter(|d| d.severity == severity)
                .count();
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {word}{plural}"))
        })
        .collect();
    if parts.is_empty() {
        "no problems".into()
    } else {
        parts.join(", ")
    }
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    if diagnostic.span.is_none() && !diagnostic.path.is_empty() {
        group = group.element(Origin::path(format!("{} (not set)", diagnostic.path)));
    }
    group = group.elements(snippets(diagnostic));
    if let Some(reason) = &diagnostic.reason {
        group = group.element(Level::NOTE.with_name("why").message(wrap(reason)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(wrap(help)));
    }
    if !diagnostic.profiles.is_empty() {
        let name = match diagnostic.profiles.len() {
            1 => "in profile",
            _ => "in profiles",
        };
        let profiles = diagnostic.profiles.join(", ");
        group = group.element(Level::NOTE.with_name(name).message(profiles));
    }
    group
}

/// One snippet for each text that the diagnostic points into, the main one first.
fn snippets(diagnostic: &Diagnostic) -> Vec<Snippet<'_, Annotation<'_>>> {
    let mut sources: Vec<(&Arc<Source>, Vec<Annotation>)> = Vec::new();
    let main = diagnostic
        .span
        .iter()
        .map(|span| (span, AnnotationKind::Primary, main_label(diagnostic, span)));
    let related = diagnostic.related.iter().map(|(span, label)| {
        let label = Some(label.clone()).filter(|label| !label.is_empty());
        (span, AnnotationKind::Context, label)
    });
    for (span, kind, label) in main.chain(related) {
        let annotation = kind.span(visible(span)).label(label);
        match sources
            .iter_mut()
            .find(|(source, _)| Arc::ptr_eq(source, &span.source))
        {
            Some((_, annotations)) => annotations.push(annotation),
            None => sources.push((&span.source, vec![annotation])),
        }
    }
    sources
        .into_iter()
        .map(|(source, annotations)| {
            Snippet::source(without_mark(&source.text))
                .path(source.name.as_str())
                .annotations(annotations)
        })
        .collect()
}

/// What stands beside the main place: far below its parents a key says little, the whole path does. Where the key itself
/// is not written, the place is the key of a section around it, and that is said.
fn main_label(diagnostic: &Diagnostic, span: &Span) -> Option<String> {
    let path = diagnostic.path.as_str();
    let text = &span.source.text;
    let bytes = span.bytes();
    let is_key = text[bytes.end..].trim_start_matches(' ').starts_with(':');
    let key = text[bytes].trim_matches(['"', '\'']);
    if is_key && !path.is_empty() && !path.trim_end_matches("\"]").ends_with(key) {
        return Some(format!("{path} (not set here)"));
    }
    Some(path.to_owned()).filter(|path| path.contains(['.', '[']))
}

/// The bytes to underline: a place over several lines is marked by its first line, because a whole mapping under a bar
/// hides what is wrong in it.
fn visible(span: &Span) -> std::ops::Range<usize> {
    let text = &span.source.text;
    let bytes = span.bytes();
    let part = &text[bytes.clone()];
    let first = part.split(['\n', '\r']).next().unwrap_or_default();
    let end = bytes.start + first.trim_end().len();
    let mark = text.len() - without_mark(text).len();
    bytes.start.saturating_sub(mark)..end.saturating_sub(mark)
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Breaks long lines at blanks; line breaks and indentation of the text itself stay.
fn wrap(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().map(wrap_line).collect();
    lines.join("\n")
}

fn wrap_line(line: &str) -> String {
    let indentation = line.len() - line.trim_start().len();
    let mut wrapped = line[..indentation].to_owned();
    let mut column = indentation;
    for (index, word) in line[indentation..].split(' ').enumerate() {
        let width = word.chars().count();
        if index > 0 && column + 1 + width > PROSE {
            wrapped.push('\n');
            wrapped.push_str(&line[..indentation]);
            column = indentation;
        } else if index > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += width;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::tests::{bare, full, source, span};
    use super::*;

    #[test]
    fn everything() {
        assert_snapshot!(show(&[full()], false), @r#"
        error[INV012]: `ReadWriteOnce` files with 3 web replicas
         --> site.yaml:3:34
          |
        3 |   files: {size: 1Ti, accessMode: ReadWriteOnce}
          |                                  ^^^^^^^^^^^^^ storage.files.accessMode
        4 | web:
        5 |   replicas: 3
          |             - three pods mount it
          |
          = why: a volume that one node may mount cannot serve pods on three nodes
          = help: use `accessMode: ReadWriteMany`, or `web.replicas: 1`
          = in profiles: staging, prod
        "#);
    }

    #[test]
    fn two_sources_and_one_profile() {
        let set = source("--set web.replicas=many", "many");
        let mut diagnostic = full();
        diagnostic
            .related
            .push((span(&set, "many"), "raised here".into()));
        diagnostic.profiles.truncate(1);
        assert_snapshot!(show(&[diagnostic], false), @r#"
        error[INV012]: `ReadWriteOnce` files with 3 web replicas
         --> site.yaml:3:34
          |
        3 |   files: {size: 1Ti, accessMode: ReadWriteOnce}
          |                                  ^^^^^^^^^^^^^ storage.files.accessMode
        4 | web:
        5 |   replicas: 3
          |             - three pods mount it
          |
         ::: --set web.replicas=many:1:1
          |
        1 | many
          | ---- raised here
          |
          = why: a volume that one node may mount cannot serve pods on three nodes
          = help: use `accessMode: ReadWriteMany`, or `web.replicas: 1`
          = in profile: staging
        "#);
    }

    #[test]
    fn several_one_without_a_place() {
        let mut nowhere = bare(Severity::Warning, "only local accounts can log in", None);
        nowhere.path = "auth.oidc".into();
        nowhere.help = Some(
            "add an identity provider:\n  auth:\n    oidc: {issuer: https://login.example.org}"
                .into(),
        );
        let site = source("site.yaml", "name: lab\nnames: x\n");
        let unknown = bare(
            Severity::Error,
            "unknown key `names`",
            Some(span(&site, "names")),
        );
        let file = bare(Severity::Error, "the file is empty", None);
        assert_snapshot!(show(&[unknown, nowhere, file], false), @r#"
        error[INV012]: unknown key `names`
         --> site.yaml:2:1
          |
        2 | names: x
          | ^^^^^

        warning[INV012]: only local accounts can log in
        --> auth.oidc (not set)
         = help: add an identity provider:
                   auth:
                     oidc: {issuer: https://login.example.org}

        error[INV012]: the file is empty
        "#);
    }

    #[test]
    fn tabs_wide_characters_and_long_lines_keep_their_column() {
        let tab = source("tab.yaml", "a:\n\tkey:\tvalue\n");
        let wide = source("wide.yaml", "titre: \"日本語 é\"   # commentaire\n");
        let long = source(
            "long.yaml",
            &format!("a: {}, here: {}\n", "x".repeat(400), "y".repeat(400)),
        );
        let all = [
            bare(Severity::Error, "tab", Some(span(&tab, "value"))),
            bare(Severity::Error, "wide", Some(span(&wide, "commentaire"))),
            bare(Severity::Error, "long", Some(span(&long, "here"))),
        ];
        assert_snapshot!(show(&all, false), @r#"
        error[INV012]: tab
         --> tab.yaml:2:7
          |
        2 |     key:    value
          |             ^^^^^

        error[INV012]: wide
         --> wide.yaml:1:20
          |
        1 | titre: "日本語 é"   # commentaire
          |                       ^^^^^^^^^^^

        error[INV012]: long
         --> long.yaml:1:406
          |
        1 | ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, here: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...
          |                                                         ^^^^
        "#);
    }

    #[test]
    fn blocks_and_ends_of_files_are_marked_where_they_begin() {
        let site = source(
            "site.yaml",
            "web:\r\n  processes: 4\r\n  threads: 2\r\nname: lab",
        );
        let end = Span {
            source: site.clone(),
            start: site.text.len(),
            end: site.text.len(),
        };
        let empty = source("empty.yaml", "");
        let nothing = Span {
            source: empty,
            start: 0,
            end: 0,
        };
        let all = [
            bare(
                Severity::Error,
                "block",
                Some(span(&site, "processes: 4\r\n  threads: 2\r\n")),
            ),
            bare(Severity::Error, "end", Some(end)),
            bare(Severity::Error, "empty file", Some(nothing)),
        ];
        assert_snapshot!(show(&all, false), @r#"
        error[INV012]: block
         --> site.yaml:2:3
          |
        2 |   processes: 4
          |   ^^^^^^^^^^^^

        error[INV012]: end
         --> site.yaml:4:10
          |
        4 | name: lab
          |          ^

        error[INV012]: empty file
         --> empty.yaml:1:1
          |
        1 |
          | ^
        "#);
    }

    #[test]
    fn any_span_in_any_text_is_shown_at_its_column() {
        let texts = [
            "",
            "\n",
            "a: 1",
            "\u{feff}a: é\r\n\tb:\t\"日本\" \u{202e}x\u{0}\r\n\n🦀: z\n",
        ];
        for text in texts {
            let text = source("site.yaml", text);
            for start in 0..=text.text.len() + 1 {
                for end in start.saturating_sub(1)..=text.text.len() + 1 {
                    let span = Span {
                        source: text.clone(),
                        start,
                        end,
                    };
                    let first = span.first();
                    let shown = show(&[bare(Severity::Error, "e", Some(span))], false);
                    let place = shown.lines().nth(1).unwrap().trim();
                    let expected = format!("--> site.yaml:{}:{}", first.line, first.column);
                    assert_eq!(place, expected, "{start}..{end} of {:?}", text.text);
                }
            }
        }
    }

    #[test]
    fn long_prose_is_broken_at_blanks() {
        let mut diagnostic = bare(Severity::Error, "too many connections", None);
        diagnostic.path = "services.postgresql.maxConnections".into();
        diagnostic.reason = Some(
            "4 processes × (5 pooled + 10 overflow) connections × 6 replicas = 360 connections from web, and 2 × 15 \
             × 3 = 90 from the workers, but PostgreSQL accepts 100, so requests fail with errors under load"
                .into(),
        );
        assert_snapshot!(show(&[diagnostic], false), @r#"
        error[INV012]: too many connections
        --> services.postgresql.maxConnections (not set)
         = why: 4 processes × (5 pooled + 10 overflow) connections × 6 replicas = 360 connections from web,
                and 2 × 15 × 3 = 90 from the workers, but PostgreSQL accepts 100, so requests fail with
                errors under load
        "#);
    }

    #[test]
    fn colour_is_the_callers_choice() {
        let plain = show(&[full()], false);
        let coloured = show(&[full()], true);
        assert!(!plain.contains('\u{1b}'));
        assert!(coloured.contains("\u{1b}["));
        let stripped: String = coloured
            .split("\u{1b}[")
            .enumerate()
            .map(|(index, part)| {
                if index == 0 {
                    part
                } else {
                    part.split_once('m').unwrap().1
                }
            })
            .collect();
        assert_eq!(stripped, plain);
    }

    #[test]
    fn the_summary_counts_and_agrees_in_number() {
        let error = bare(Severity::Error, "e", None);
        let warning = bare(Severity::Warning, "w", None);
        assert_eq!(summary(&[]), "no problems");
        assert_eq!(summary(std::slice::from_ref(&error)), "1 error");
        assert_eq!(
            summary(&[error.clone(), warning, error]),
            "2 errors, 1 warning"
        );
    }
}
