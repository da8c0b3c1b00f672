//! The real Helm in both of its versions: as the command, and as a program that renders one chart many times.

mod tests;

use super::tools::tool;
use serde::Deserialize;
use serde_json::Value;
use std::{
    fmt::Write as _,
    io::{Read, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

/// A version of Helm; `scripts/tools` pins the exact one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Three,
    Four,
}

pub const VERSIONS: [Version; 2] = [Version::Three, Version::Four];

/// What a chart is rendered with. The values are those of one file, given with `-f`.
#[derive(Clone, Debug)]
pub struct Case {
    pub release: String,
    pub namespace: String,
    pub values: Value,
}

/// What Helm makes of a chart.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Rendered {
    /// All that `helm template` prints, in no particular order, with hooks and tests, without `crds/`.
    ///
    /// A number that was printed with a fraction or an exponent is a float here, and so differs from the integer.
    pub objects: Vec<Value>,
    /// The text of `NOTES.txt`.
    pub notes: String,
}

/// The command itself, for `helm lint --strict`, `helm package` and `helm template`; `None` as for [`tool`].
pub fn cli(version: Version) -> Option<PathBuf> {
    tool(match version {
        Version::Three => "helm",
        Version::Four => "helm4",
    })
}

/// Renders the chart in a folder with each case: one result for each, in their order, `Err` with Helm's reason where it refuses.
///
/// A document in which a key appears twice is refused as well. `None` as for [`tool`].
///
/// # Panics
/// When Helm cannot load the chart at all, or leaves out a document because its `helm.sh/hook` is no event that Helm knows.
pub fn batch(
    version: Version,
    chart: &Path,
    cases: &[Case],
) -> Option<Vec<Result<Rendered, String>>> {
    let program = tool(match version {
        Version::Three => "helm3-batch",
        Version::Four => "helm4-batch",
    })?;
    Some(run(&program, chart, cases).unwrap_or_else(|error| panic!("{error}")))
}

/// Puts charts that make nothing in the place of those that `helm dependency build` would download for a chart.
///
/// # Panics
/// When the chart's `Chart.yaml` cannot be read.
pub fn put_parts(chart: &Path) {
    let about = std::fs::read_to_string(chart.join("Chart.yaml")).unwrap();
    let about: Value = serde_yaml::from_str(&about).unwrap();
    for part in about["dependencies"].as_array().into_iter().flatten() {
        let (name, version) = (&part["name"], &part["version"]);
        let own = chart.join("charts").join(name.as_str().unwrap());
        std::fs::create_dir_all(&own).unwrap();
        let text = format!("{{apiVersion: v2, name: {name}, version: {version}}}\n");
        std::fs::write(own.join("Chart.yaml"), text).unwrap();
    }
}

/// An answer is either what was rendered or the reason why not.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Rendered(Rendered),
    Refused { error: String },
}

fn run(
    program: &Path,
    chart: &Path,
    cases: &[Case],
) -> Result<Vec<Result<Rendered, String>>, String> {
    let mut child = Command::new(program)
        .arg(chart)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output, mut errors) = (
        child.stdin.take().unwrap(),
        child.stdout.take().unwrap(),
        child.stderr.take().unwrap(),
    );
    let (mut answers, mut complaint) = (String::new(), String::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            for case in cases {
                // It ends early only after a complaint, which is reported below.
                if writeln!(input, "{}", line(case)).is_err() {
                    break;
                }
            }
            drop(input);
        });
        scope.spawn(|| errors.read_to_string(&mut complaint).unwrap());
        output.read_to_string(&mut answers).unwrap();
    });
    if !child.wait().unwrap().success() {
        return Err(complaint);
    }
    let answers: Vec<_> = answers
        .lines()
        .map(|line| match serde_json::from_str(line).unwrap() {
            Answer::Rendered(rendered) => Ok(rendered),
            Answer::Refused { error } => Err(error),
        })
        .collect();
    assert_eq!(answers.len(), cases.len(), "answers and cases\n{complaint}");
    Ok(answers)
}

/// A case as a line of JSON.
///
/// Helm takes the values for YAML, in which some characters end a line or are forbidden when they stand for themselves.
fn line(case: &Case) -> String {
    let object = serde_json::json!({ "release": case.release, "namespace": case.namespace, "values": case.values });
    let mut line = String::new();
    for character in object.to_string().chars() {
        match u32::from(character) {
            code @ 0x7f..=0xffff => write!(line, "\\u{code:04x}").unwrap(),
            _ => line.push(character),
        }
    }
    line
}
