//! `README.md` of the chart: how it is installed and changed, and all of its values.

use std::fmt::Write as _;

use super::super::immutable::differing;
use super::definition::VERSION;
use super::notes::CERTIFICATE;
use super::outline::{Content, Node};
use super::wrap::paragraph;
use super::{Chart, Fault};
use crate::params::Name;
use crate::tree::{Value, yaml};

/// The file.
pub fn text(chart: &Chart, outline: &[Node]) -> Result<String, Fault> {
    let release = own(chart, "Release.Name")?;
    let namespace = own(chart, "Release.Namespace")?;
    let (name, app, version, base) = (chart.name, chart.app, chart.app_version, chart.base);
    let mut out = format!("# {name}\n");
    paragraph(
        &mut out,
        &format!(
            "A Helm chart for the site `{name}`: {app} {version} with all that it needs to run. invgen made it from the \
             site file. What none of the values below can change, the site file decides: change that and render the \
             chart again, rather than edit the chart."
        ),
    );
    paragraph(
        &mut out,
        &format!(
            "The commands are written for the release `{release}` in the namespace `{namespace}`, with the values of the \
             profile `{base}`."
        ),
    );
    install(&mut out, chart, &release, &namespace);
    secrets(&mut out, chart, &release)?;
    changes(&mut out, chart, &release, &namespace);
    immutable(&mut out, chart);
    profiles(&mut out, chart);
    out.push_str("\n## Values\n");
    paragraph(
        &mut out,
        "A value that is not in this list is refused, as is one of the wrong type; so is `null`. Maps are merged key by key \
         with what `values.yaml` has, and lists are replaced.",
    );
    out.push_str("\n| Value | Default | What it is |\n| --- | --- | --- |\n");
    for node in outline {
        rows(&mut out, node, chart)?;
    }
    Ok(out)
}

fn install(out: &mut String, chart: &Chart, release: &str, namespace: &str) {
    let mut steps = vec![(
        "The namespace, which lets in only pods without privileges.",
        format!(
            "kubectl create namespace {namespace}\n\
             for mode in enforce audit warn; do\n  \
             kubectl label namespace {namespace} pod-security.kubernetes.io/$mode=restricted \\\n    \
             pod-security.kubernetes.io/$mode-version={}\n\
             done",
            chart.pod_security_version
        ),
    )];
    steps.push((
        "The Secrets, once: keep the file where passwords are kept, and out of version control.",
        format!(
            "invgen secrets --profile {} -o ../{name}-secrets.yaml\nkubectl create -f ../{name}-secrets.yaml",
            chart.base,
            name = chart.name,
        ),
    ));
    if !chart.subcharts.is_empty() {
        steps.push((
            "The charts that it installs with it. This needs the network; they stay in the folder `charts`.",
            "helm dependency build .".to_owned(),
        ));
    }
    steps.push((
        "The site. The command ends when the Jobs have ended, which takes some minutes the first time.",
        command(chart, release, namespace),
    ));
    steps.push((
        "Whether it answers.",
        format!("helm test {release} -n {namespace} --logs"),
    ));
    out.push_str("\n## Install\n");
    for (number, (what, commands)) in steps.iter().enumerate() {
        let _ = write!(out, "\n{}. {what}\n\n   ```sh\n", number + 1);
        for line in commands.lines() {
            let _ = writeln!(out, "   {line}");
        }
        out.push_str("   ```\n");
    }
}

fn command(chart: &Chart, release: &str, namespace: &str) -> String {
    let timeout = chart
        .jobs
        .iter()
        .map(|job| job.deadline_seconds)
        .max()
        .map_or_else(String::new, |longest| {
            format!(" --timeout {}", duration(longest))
        });
    format!(
        "helm upgrade --install {release} . -n {namespace} -f values-{}.yaml{timeout}",
        chart.base
    )
}

/// As Helm takes it, in the largest unit that fits.
fn duration(seconds: i64) -> String {
    match seconds {
        seconds if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

fn secrets(out: &mut String, chart: &Chart, release: &str) -> Result<(), Fault> {
    out.push_str("\n## Secrets\n");
    paragraph(
        out,
        &format!(
            "The chart reads these Secrets and makes none of them. A name that begins with `{release}` begins with the name \
             of the release, if that is another; the values `secrets.names` give other names."
        ),
    );
    out.push_str("\n| Secret | Key | What it is |\n| --- | --- | --- |\n");
    for secret in chart.secrets {
        let when = secret
            .when
            .map_or(Ok(String::new()), |switch| condition(chart, switch))?;
        for key in secret.keys {
            let _ = writeln!(
                out,
                "| {} | {} | {}{when} |",
                code(secret.usual),
                code(key.key),
                cell(key.purpose)
            );
        }
    }
    if let Some(definition) = chart.registry.definition(CERTIFICATE) {
        let name = code(definition.value.as_str().unwrap_or_default());
        let _ = writeln!(
            out,
            "| {name} | `tls.crt`, `tls.key` | The certificate and its key, unless an issuer of cert-manager makes them. |"
        );
    }
    Ok(())
}

/// The values on which a switch depends, as a sentence.
fn condition(chart: &Chart, switch: &str) -> Result<String, Fault> {
    let names = match chart.registry.get(switch) {
        Some(Name::Param(param)) => vec![param.path.as_str()],
        Some(Name::Definition(definition)) => definition
            .go
            .names()
            .into_iter()
            .map(|name| name.trim_end_matches('?'))
            .collect(),
        None => {
            return Err(Fault::NoName {
                name: switch.to_owned(),
            });
        }
    };
    let names: Vec<_> = names.into_iter().map(code).collect();
    Ok(format!(" Only with {}.", names.join(" and ")))
}

fn changes(out: &mut String, chart: &Chart, release: &str, namespace: &str) {
    out.push_str("\n## Change and upgrade\n");
    paragraph(
        out,
        "The command that installs also changes and upgrades: run it with the values that are to hold. To see all objects \
         before, run `helm template` with the same files.",
    );
    let _ = write!(
        out,
        "\n```sh\n{}\n```\n",
        command(chart, release, namespace)
    );
    let jobs: Vec<_> = chart
        .jobs
        .iter()
        .map(|job| format!("`{release}-{}`", job.component))
        .collect();
    if !jobs.is_empty() {
        paragraph(
            out,
            &format!(
                "The Jobs {} are hooks: Helm starts them after everything else, one after the other, waits for their end, \
                 and fails when one of them fails; `--timeout` is the longest that it waits for one. They are safe to run \
                 again, so after a failure the same command is what to run. What a Job did, `kubectl -n {namespace} logs \
                 job/…` shows until the next one replaces it. `helm rollback` brings back objects, and never takes back \
                 what a Job did to the data.",
                jobs.join(" and ")
            ),
        );
    }
    paragraph(
        out,
        &format!("The chart has the version {VERSION}. To publish it under a version of your own:"),
    );
    out.push_str("\n```sh\nhelm package . --version 1.2.3\n```\n");
}

/// What the cluster refuses to change, and which profiles differ in it.
fn immutable(out: &mut String, chart: &Chart) {
    if chart.immutable.is_empty() {
        return;
    }
    let list = |paths: &[String]| {
        paths
            .iter()
            .map(|path| code(path))
            .collect::<Vec<_>>()
            .join(", ")
    };
    paragraph(
        out,
        &format!(
            "The cluster refuses to change some fields of what is installed; these values are in them: {}. To change one, the \
             object must be deleted and made anew, and its data moved. A volume may grow by other means, where its storage \
             class allows it.",
            list(chart.immutable)
        ),
    );
    let differ: Vec<&str> = chart
        .profiles
        .iter()
        .filter(|(_, values)| !differing(chart.immutable, values, chart.values).is_empty())
        .map(|(name, _)| name.as_str())
        .collect();
    if !differ.is_empty() {
        let names: Vec<String> = differ.iter().map(|name| code(name)).collect();
        paragraph(
            out,
            &format!(
                "Profiles that differ from {} in one of them are {}: an upgrade does not lead from one to the other, so install \
                 each as a release of its own.",
                code(chart.base),
                names.join(", ")
            ),
        );
    }
}

fn profiles(out: &mut String, chart: &Chart) {
    out.push_str("\n## Profiles\n");
    paragraph(
        out,
        &format!(
            "`values.yaml` has the values of the profile `{}`. The other files have what differs from it:",
            chart.base
        ),
    );
    out.push('\n');
    for (profile, _) in chart.profiles {
        let _ = writeln!(out, "- `values-{profile}.yaml`");
    }
}

fn rows(out: &mut String, node: &Node, chart: &Chart) -> Result<(), Fault> {
    match &node.content {
        Content::Value(param) => {
            let value = chart.values.get(&param.path);
            let value = value.ok_or_else(|| Fault::NoValue {
                profile: chart.base.to_owned(),
                path: param.path.clone(),
            })?;
            row(out, &node.path, &shown(value), &node.docs);
        }
        Content::Section(children) => {
            for child in children {
                rows(out, child, chart)?;
            }
        }
        Content::Subchart(_, children) => {
            row(out, &node.path, "see `values.yaml`", &node.docs);
            for child in children {
                rows(out, child, chart)?;
            }
        }
    }
    Ok(())
}

fn row(out: &mut String, path: &str, default: &str, what: &str) {
    let _ = writeln!(out, "| {} | {default} | {} |", code(path), cell(what));
}

/// A value as YAML writes it on one line.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Array(_) | Value::Object(_) => value.to_string(),
        scalar => yaml::document(scalar).trim_end().to_owned(),
    };
    code(&text)
}

/// Code in a cell: a bar would end the cell, and as many backticks as stand in the text would end the code.
fn code(text: &str) -> String {
    let longest = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let ticks = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{ticks}{space}{}{space}{ticks}", text.replace('|', r"\|"))
}

fn cell(text: &str) -> String {
    text.replace('|', r"\|")
}

/// The site's own value of a name that is Helm's.
fn own(chart: &Chart, name: &str) -> Result<String, Fault> {
    match chart.registry.get(name) {
        Some(Name::Param(param)) => param.value.as_ref().and_then(Value::as_str),
        _ => None,
    }
    .map(ToOwned::to_owned)
    .ok_or_else(|| Fault::NoName {
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_in_the_largest_unit_that_fits() {
        for (seconds, text) in [(21600, "6h"), (900, "15m"), (5400, "90m"), (61, "61s")] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn code_keeps_bars_and_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a|b"), r"`a\|b`");
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
    }
}
