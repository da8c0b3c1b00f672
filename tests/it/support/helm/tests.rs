//! The harness itself, on a chart with a bit of everything.
//!
//! The chart asks for a Kubernetes that is newer than the one that Helm 3 assumes when it is not built like a release.

use super::{Case, Rendered, VERSIONS, Version, batch, cli, run, tool};
use crate::support::examples::documents;
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

const CHART: &[(&str, &str)] = &[
    (
        "Chart.yaml",
        "apiVersion: v2\nname: tiny\nversion: 0.1.0\nkubeVersion: \">=1.31.0-0\"\n\
         dependencies:\n  - {name: sub, version: 0.1.0, condition: sub.enabled}\n",
    ),
    (
        "values.yaml",
        "name: web\nnumber: 1000000\nmap: {a: x, b: x}\ntwice: false\nsub: {enabled: false}\n",
    ),
    (
        "values.schema.json",
        r#"{
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "number", "map", "twice", "sub"],
            "properties": {
                "name": {"type": "string"},
                "number": {"type": "integer"},
                "map": {"type": "object", "additionalProperties": {"type": "string"}},
                "twice": {"type": "boolean"},
                "sub": {"type": "object"},
                "global": {"type": "object"}
            }
        }"#,
    ),
    (
        "templates/_helpers.tpl",
        r#"{{- define "tiny.name" -}}{{ .Release.Name }}-{{ .Values.name }}{{- end }}"#,
    ),
    (
        "templates/NOTES.txt",
        "{{ .Release.Name }} is in {{ .Release.Namespace }}.\n",
    ),
    (
        "templates/values.yaml",
        r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: values
  namespace: {{ .Release.Namespace | quote }}
data:
  name: {{ include "tiny.name" . | quote }}
  right: {{ int64 .Values.number }}
  wrong: {{ .Values.number }}
  map: {{ toJson .Values.map | quote }}
  {{- if .Values.twice }}
  right: 5
  {{- end }}
---
# Nothing but a comment.
---
apiVersion: v1
kind: Secret
metadata: {name: second}
"#,
    ),
    (
        "templates/hook.yaml",
        "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: hook\n  annotations: {helm.sh/hook: 'post-install,post-upgrade'}\n",
    ),
    (
        "templates/tests/connection.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\n  annotations: {helm.sh/hook: test}\n",
    ),
    (
        "charts/sub/Chart.yaml",
        "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
    ),
    ("charts/sub/values.yaml", "port: 5432\n"),
    (
        "charts/sub/templates/service.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: sub}\nspec: {ports: [{port: {{ .Values.port }}}]}\n",
    ),
];

/// The chart above; a file that is named again is replaced.
fn chart(changes: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in CHART.iter().chain(changes) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn case(values: Value) -> Case {
    Case {
        release: "lab".to_owned(),
        namespace: "rdm".to_owned(),
        values,
    }
}

/// Renders the chart above with each set of values.
fn batch_of<const N: usize>(
    version: Version,
    values: [Value; N],
) -> Option<[Result<Rendered, String>; N]> {
    let answers = batch(version, chart(&[]).path(), &values.map(case))?;
    Some(answers.try_into().unwrap())
}

fn names(rendered: &Rendered) -> Vec<&str> {
    let mut names: Vec<_> = rendered
        .objects
        .iter()
        .map(|object| object["metadata"]["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    names
}

/// The data of the ConfigMap in which the chart shows its values.
fn data(rendered: &Rendered) -> &Value {
    let shown = |object: &&Value| object["metadata"]["name"] == "values";
    &rendered.objects.iter().find(shown).unwrap()["data"]
}

#[test]
fn hooks_and_tests_are_rendered_and_a_dependency_that_is_switched_off_is_not() {
    for version in VERSIONS {
        let values = [json!({}), json!({"sub": {"enabled": true, "port": 1}})];
        let Some(answers) = batch_of(version, values) else {
            return;
        };
        let [off, on] = answers.map(Result::unwrap);
        assert_eq!(names(&off), ["hook", "second", "test", "values"]);
        assert_eq!(names(&on), ["hook", "second", "sub", "test", "values"]);
        let service = on.objects.iter().find(|object| object["kind"] == "Service");
        assert_eq!(service.unwrap()["spec"], json!({"ports": [{"port": 1}]}));
        assert_eq!(off.notes, "lab is in rdm.\n");
        assert_eq!(data(&off)["name"], "lab-web");
    }
}

#[test]
fn an_integer_that_was_printed_as_a_float_is_no_integer() {
    for version in VERSIONS {
        let Some(answers) = batch_of(version, [json!({})]) else {
            return;
        };
        let [rendered] = answers.map(Result::unwrap);
        let data = data(&rendered);
        assert_eq!(data["right"], json!(1_000_000));
        assert_eq!(data["wrong"], json!(1e6));
        assert_ne!(data["wrong"], data["right"]);
    }
}

#[test]
fn a_key_that_appears_twice_is_refused() {
    for version in VERSIONS {
        let Some(answers) = batch_of(version, [json!({"twice": true})]) else {
            return;
        };
        let [error] = answers.map(Result::unwrap_err);
        for part in ["key \"right\" already set", "tiny/templates/values.yaml"] {
            assert!(error.contains(part), "{error}");
        }
    }
}

#[test]
fn null_removes_a_default_and_the_schema_refuses_a_name_and_a_type_that_it_does_not_know() {
    for version in VERSIONS {
        let values = [
            json!({"map": {"a": null}}),
            json!({"name": null}),
            json!({"nmae": "x"}),
            json!({"number": "5"}),
        ];
        let Some([inside, absent, misspelt, text]) = batch_of(version, values) else {
            return;
        };
        assert_eq!(data(&inside.unwrap())["map"], r#"{"b":"x"}"#);
        for (refused, key) in [(absent, "name"), (misspelt, "nmae"), (text, "number")] {
            let error = refused.unwrap_err();
            assert!(error.contains("specifications of the schema"), "{error}");
            assert!(error.contains(key), "{error}");
        }
    }
}

#[test]
fn strings_reach_the_chart_as_they_are() {
    let strings = [
        "\\ \" ' {{ .Values }} %d # : -",
        "on",
        "1e3",
        "a\tb\nc\r\n",
        "\0\u{1b}\u{85}\u{a0}\u{ad}\u{2028}\u{2029}\u{feff}\u{fffd}",
        "é日本😀\u{10ffff}",
    ];
    let values = strings.map(|text| json!({"map": {"a": text}}));
    for version in VERSIONS {
        let Some(answers) = batch_of(version, values.clone()) else {
            return;
        };
        for (text, rendered) in strings.iter().zip(answers.map(Result::unwrap)) {
            let map = data(&rendered)["map"].as_str().unwrap();
            let map: Value = serde_json::from_str(map).unwrap();
            assert_eq!(map["a"], *text);
        }
    }
}

#[test]
fn what_yaml_forbids_passes_the_schema_only_in_helm_4() {
    for version in VERSIONS {
        for forbidden in ["\u{7f}", "\u{80}", "\u{9f}", "\u{fffe}", "\u{ffff}"] {
            let Some([answer]) = batch_of(version, [json!({"map": {"a": forbidden}})]) else {
                return;
            };
            match version {
                // It writes the values as YAML and reads them again.
                Version::Three => assert!(answer.unwrap_err().contains("control characters")),
                Version::Four => assert!(data(&answer.unwrap())["map"].is_string()),
            }
        }
    }
}

#[test]
fn answers_are_in_the_order_of_the_cases() {
    for version in VERSIONS {
        let numbers: Vec<_> = (0..200)
            .map(|number| {
                let values = if number % 7 == 0 {
                    json!({"number": number.to_string()})
                } else {
                    json!({"number": number})
                };
                case(values)
            })
            .collect();
        let Some(answers) = batch(version, chart(&[]).path(), &numbers) else {
            return;
        };
        for (number, answer) in answers.iter().enumerate() {
            match answer {
                Ok(rendered) => assert_eq!(data(rendered)["right"], json!(number)),
                Err(error) => assert!(number % 7 == 0, "{number}: {error}"),
            }
        }
    }
}

#[test]
fn what_cannot_be_rendered_at_all_is_told() {
    let missing = chart(&[]);
    fs::remove_dir_all(missing.path().join("charts")).unwrap();
    // Helm leaves such an object out without a word on its output.
    let hook = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: lost\n  annotations: {helm.sh/hook: post-instal}\n";
    let unknown = chart(&[("templates/hook.yaml", hook)]);
    for program in ["helm3-batch", "helm4-batch"] {
        let Some(program) = tool(program) else {
            return;
        };
        for (chart, complaint) in [(&missing, "sub"), (&unknown, "lost")] {
            let error = run(&program, chart.path(), &[case(json!({}))]).unwrap_err();
            assert!(error.contains(complaint), "{error}");
        }
    }
}

#[test]
fn the_command_gives_the_same() {
    let charts = [
        chart(&[]),
        // For a Kubernetes that neither version knows: all is refused.
        chart(&[(
            "Chart.yaml",
            "apiVersion: v2\nname: tiny\nversion: 0.1.0\nkubeVersion: \">=1.99.0-0\"\n",
        )]),
    ];
    let values = [
        json!({}),
        json!({"number": 7, "map": {"a": null, "c": "1e3"}}),
        json!({"sub": {"enabled": true}}),
        json!({"name": 5}),
        json!({"name": "\"\\"}),
        json!({"sub": "text"}),
    ];
    for (version, chart) in VERSIONS
        .into_iter()
        .flat_map(|version| charts.each_ref().map(|chart| (version, chart.path())))
    {
        let cases = values.clone().map(case);
        let Some((answers, helm)) = batch(version, chart, &cases).zip(cli(version)) else {
            return;
        };
        for (case, answer) in cases.iter().zip(answers) {
            let (printed, errors, accepted) = template(&helm, chart, case);
            match answer {
                Ok(rendered) => {
                    assert!(accepted, "{version:?} {case:?}: {errors}");
                    let printed = documents(&printed).unwrap().into_iter();
                    let printed: Vec<_> = printed.filter(|object| !object.is_null()).collect();
                    assert_eq!(sorted(&rendered.objects), sorted(&printed), "{version:?}");
                }
                Err(error) => {
                    assert!(!accepted, "{version:?} {case:?}: {error}");
                    assert!(errors.contains(error.trim()), "{error}\nand\n{errors}");
                }
            }
        }
    }
}

/// What `helm template` prints, what it complains of, and whether it accepts the case.
fn template(helm: &Path, chart: &Path, case: &Case) -> (String, String, bool) {
    let values = tempfile::NamedTempFile::new().unwrap();
    fs::write(values.path(), case.values.to_string()).unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(helm)
        .args(["template", &case.release, "--namespace", &case.namespace])
        .arg(chart)
        .arg("--values")
        .arg(values.path())
        .output()
        .unwrap();
    (
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
        status.success(),
    )
}

/// The objects as texts in a fixed order.
fn sorted(objects: &[Value]) -> Vec<String> {
    let mut texts: Vec<_> = objects.iter().map(text).collect();
    texts.sort();
    texts
}

/// A value with its keys in alphabetical order.
fn text(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
