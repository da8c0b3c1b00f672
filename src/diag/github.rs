//! Diagnostics as workflow commands, which GitHub shows beside the changed lines of a pull request.

use super::{Diagnostic, Severity};

/// One `::error …::…` or `::warning …::…` line for each diagnostic.
pub(super) fn show(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(command).collect()
}

fn command(diagnostic: &Diagnostic) -> String {
    let name = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let properties: Vec<_> = properties(diagnostic)
        .into_iter()
        .map(|(key, value)| format!("{key}={}", property(&value)))
        .collect();
    let message = data(&message(diagnostic));
    format!("::{name} {}::{message}\n", properties.join(","))
}

fn properties(diagnostic: &Diagnostic) -> Vec<(&'static str, String)> {
    let mut properties = Vec::new();
    if let Some(span) = diagnostic
        .span
        .as_ref()
        .filter(|span| span.source.is_file())
    {
        let (first, past) = (span.first(), span.past());
        properties.push(("file", span.source.name.clone()));
        properties.push(("line", first.line.to_string()));
        properties.push(("endLine", past.line.to_string()));
        // GitHub refuses columns on annotations over several lines.
        if first.line == past.line {
            properties.push(("col", first.column.to_string()));
            properties.push(("endColumn", past.column.to_string()));
        }
    }
    properties.push(("title", diagnostic.code.to_owned()));
    properties
}

/// What an annotation has no property for stands in its text.
fn message(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    if let Some(span) = diagnostic
        .span
        .as_ref()
        .filter(|span| !span.source.is_file())
    {
        lines.push(format!("in {}", span.source.name));
    } else if diagnostic.span.is_none() && !diagnostic.path.is_empty() {
        lines.push(format!("at {} (not set)", diagnostic.path));
    }
    for (span, label) in &diagnostic.related {
        let first = span.first();
        let name = &span.source.name;
        lines.push(format!("{name}:{}:{}: {label}", first.line, first.column));
    }
    lines.extend(diagnostic.reason.iter().map(|why| format!("why: {why}")));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    if !diagnostic.profiles.is_empty() {
        lines.push(format!("in profiles: {}", diagnostic.profiles.join(", ")));
    }
    lines.join("\n")
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bare, full, source, span};
    use super::*;

    #[test]
    fn everything() {
        assert_eq!(
            show(&[full()]),
            "::error file=site.yaml,line=3,endLine=3,col=34,endColumn=47,title=INV012::`ReadWriteOnce` files with 3 \
             web replicas%0Asite.yaml:5:13: three pods mount it%0Awhy: a volume that one node may mount cannot serve \
             pods on three nodes%0Ahelp: use `accessMode: ReadWriteMany`, or `web.replicas: 1`%0Ain profiles: \
             staging, prod\n"
        );
    }

    #[test]
    fn what_ends_a_property_or_a_line_is_escaped() {
        let odd = source("a,b:c%\n.yaml", "x: 1\n");
        let diagnostic = bare(
            Severity::Warning,
            "100 %, or: two\r\nlines",
            Some(span(&odd, "x")),
        );
        assert_eq!(
            show(&[diagnostic]),
            "::warning file=a%2Cb%3Ac%25%0A.yaml,line=1,endLine=1,col=1,endColumn=2,title=INV012::100 %25, or: \
             two%0D%0Alines\n"
        );
    }

    #[test]
    fn columns_are_left_out_over_several_lines() {
        let site = source("site.yaml", "a:\n  b: 1\n  c: 2\n");
        let block = bare(Severity::Error, "e", Some(span(&site, "b: 1\n  c: 2\n")));
        assert_eq!(
            show(&[block]),
            "::error file=site.yaml,line=2,endLine=3,title=INV012::e\n"
        );
    }

    #[test]
    fn a_place_outside_files_is_told_in_words() {
        let set = source("--set web.replicas=many", "many");
        let mut default = bare(Severity::Error, "e", None);
        default.path = "web.replicas".into();
        assert_eq!(
            show(&[
                bare(Severity::Error, "e", Some(span(&set, "many"))),
                default
            ]),
            "::error title=INV012::e%0Ain --set web.replicas=many\n::error title=INV012::e%0Aat web.replicas (not set)\n"
        );
    }
}
