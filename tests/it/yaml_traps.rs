//! Strings that YAML readers are known to misread: written by our writer, read back by PyYAML (YAML 1.1) and by Helm's parser,
//! which is Kubernetes' own.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use invgen::tree::Value;
use invgen::tree::yaml::{document, stream};
use serde_json::json;

use crate::support::tools::{python, tool};

/// Each is tried as a value, as a key, as an item, and as the first and second key of a map in a list.
#[rustfmt::skip]
const TRAPS: &[&str] = &[
    // Truth values and nulls, in the casings that some reader knows
    "y", "Y", "n", "N", "yes", "Yes", "YES", "yEs", "no", "No", "NO", "nO", "on", "On", "ON", "oN", "off", "Off",
    "OFF", "oFF", "true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "fALSE", "null", "Null", "NULL",
    "nULL", "~", "", "nil", "None", "undefined", "t", "f", "T", "F",
    // Integers: signs, octal of both versions, hexadecimal, binary, underscores, separators
    "0", "-0", "+0", "1", "-1", "+1", "00", "007", "0123", "0o14", "0O14", "-0o7", "08", "0x1F", "0XAB", "-0x1",
    "0x", "0x_1", "0_x1", "-0_b1", "00x1", "0b101", "0B1", "-0b1", "0b", "1_000", "1_", "_1", "1__0", "1,000", "9223372036854775807",
    "18446744073709551616", "123456789012345678901234567890", "0x7fffffffffffffffffff",
    // Floats
    "1.", ".1", "1.5", "-.5", "+.5e1", "1e3", "1E3", "1e+3", "1e-3", "-1e3", "1.0e+30", "1e400", "1e", "e1",
    "685_230.15", ".", "..", ".e1", "._", ".inf", "-.inf", "+.Inf", ".INF", ".nan", ".NaN", ".NAN", "inf",
    "Infinity", "-inf", "nan", "NaN", "0x1p-2", "1.2.3", "1.33", "2026.11.0", "10.0.0.1", "::1", "fe80::1",
    // Base 60, dates, times
    "12:30", "12:30:45", "1:60", "190:20:30.15", "-1:2", "8080:80", "2026-11-21", "2026-1-1",
    "2026-11-21T10:00:00Z", "2026-11-21t10:00:00.5+01:00", "2026-11-21 10:00:00", "2026-11-21 10:00:00 +1",
    "10:00:00", "20261121",
    // Digests and identifiers that look like numbers
    "12e4567", "0e12345", "1234567e8", "deadbeef", "123abc", "1e3f", "3d", "5E", "1Gi", "500m",
    // Merge and value keys, indicators at the start
    "<<", "=", "==", "<", "-", "--", "---", "----", "--- a", "---a", "...", "... a", "....", "- x", "-x", "--x",
    "-\u{a0}x", "-1x", "-:", "?", "? x", "?x", ":", ": x", ":x", "::", ",", ",x", "[", "]", "[x]", "[]", "{", "}",
    "{x}", "{}", "{x: y}", "#", "# x", "#x", "&", "&a", "&a x", "*", "*a", "!", "!tag", "!!str x", "!<x>", "|",
    "|-", "|2", ">", ">-", "> x", "%", "%TAG", "%YAML 1.1", "@", "@x", "`", "`x`",
    // Indicators inside and at the end
    "key: value", "key:value", "key:", "key :", "a: b: c", "a:\tb", "a #b", "a# b", "a#b", "a\t#b", "a, b", "a[0]",
    "a{b}", "a - b", "a ? b", "a & b", "a | b", "a %", "100%", "a!", "a*", "http://x:80/?a=b#c", "x::y", "a ---",
    "a=b", "a<<b",
    // Quotes and backslashes
    "'", "\"", "''", "\"\"", "'x'", "\"x\"", "it's", "say \"x\"", "x'", "x\"", "\\", "\\\\", "\\n", "\\x41",
    "\\u0041", "a\\", "C:\\x", "\\\"", "'\"", "\"'", "\\'",
    // Templates and formats
    "{{ x }}", "{{- x -}}", "a {{ x }}", "a{{x}}b", "{{", "}}", "${x}", "$(x)", "$x", "%s", "%d", "a %v b",
    "%!d(string=x)", "{% x %}", "<% x %>",
    // Blanks
    " ", "  ", " x", "x ", " x ", "a  b", "\t", "\tx", "x\t", "a\tb", " \t ", "\u{a0}", "\u{a0}x", "x\u{a0}",
    "a\u{a0}b", "\u{3000}x", "\u{2003}", "a\u{2003}b",
    // Line ends
    "\n", "\n\n", " \n", "\n ", "a\n", "a\n\n", "a\n\n\n", "\na", "\n\na\n", "a\nb", "a\nb\n", "a\n\nb",
    "a\n \nb\n", "a \nb \n", " a\nb", "  a\n b\n", "\ta\nb\n", "a\n\tb\n", "\t\n\ta\n", "a\n  ", "a\n\t",
    "a\n   \n", "a\r\nb\r\n", "a\rb", "\r", "\r\n", "a\r", "\n\r", "# a\nb\n", "- a\n- b\n", "a: b\nc: d\n",
    "---\na\n", "a\n---\n", "a\n...\nb\n", "%TAG\na\n", "|\na\n", "\"\na\n", "{{ x }}\ny\n", "a\n# b", "a\n#",
    "\u{a0}\na\n", "é\n😀\n",
    // Other line ends, byte order marks, controls, and what is invisible
    "\u{85}", "a\u{85}b", "a\u{85}\nb\n", "\u{2028}", "a\u{2028}b", "a\n\u{2028}b", "\u{2029}", "a\u{2029}b\n",
    "\u{feff}", "\u{feff}x", "x\u{feff}", "a\u{feff}b", "a\n\u{feff}b\n", "\0", "a\0b", "a\n\0", "\u{1}", "\u{7}",
    "\u{8}", "\u{b}", "\u{c}", "\u{1b}[0m", "\u{1f}", "\u{7f}", "\u{80}", "\u{9f}", "\u{ad}", "\u{200b}",
    "\u{200d}", "\u{200e}", "\u{202e}x", "\u{2066}x", "\u{e000}", "\u{fffd}", "\u{fffe}", "\u{ffff}", "\u{10000}",
    "\u{1fffe}", "\u{10ffff}",
    // Other scripts
    "é", "e\u{301}", "ß", "Ελ", "Привет", "日本", "العربية", "עברית", "😀", "👩‍🔬", "😀: x", "é #x", "à:", "１２３", "Ｙ",
    "ﬀ",
];

/// Longer than any line width, any limit on keys and any buffer of a reader.
fn long() -> Vec<String> {
    vec![
        "x".repeat(129),
        "x".repeat(999),
        "x".repeat(1000),
        "x".repeat(1001),
        "x".repeat(1024),
        "x".repeat(5000),
        "é".repeat(1020),
        "\"".repeat(1020),
        "word ".repeat(400),
        "word ".repeat(400) + "end",
        "line\n".repeat(300),
        format!("{}: x", "k".repeat(1100)),
        format!("{}\n{}\n", "a ".repeat(900) + "a", "b".repeat(1500)),
    ]
}

/// Every string of up to three characters that YAML gives a meaning to.
fn short() -> Vec<String> {
    let characters: Vec<char> = " \n\ta0-:#.'\"?|~e".chars().collect();
    let mut strings = vec![String::new()];
    let mut from = 0;
    for _ in 0..3 {
        let until = strings.len();
        for index in from..until {
            for character in &characters {
                strings.push(format!("{}{character}", strings[index]));
            }
        }
        from = until;
    }
    strings
}

/// One document for each trap and place, and one in which all short strings stand together.
///
/// The outermost value is a map, because Helm's `fromYaml` reads nothing else.
fn cases() -> Vec<Value> {
    let traps = TRAPS.iter().map(|trap| (*trap).to_owned()).chain(long());
    let mut cases: Vec<Value> = traps
        .flat_map(|trap| {
            [
                json!({ "value": trap, "after": 1 }),
                json!({ &trap: "value", "after of key": 1 }),
                json!({ "nested": { &trap: { &trap: [trap] } } }),
                json!({ "items": [trap, [trap], "after"] }),
                json!({ "maps": [{ &trap: trap, "after of key": trap }, { "before of key": trap, &trap: {} }] }),
            ]
        })
        .collect();
    let keys: Value = short()
        .into_iter()
        .map(|text| (text, json!("value")))
        .collect();
    cases.push(json!({ "items": short(), "keys": keys }));
    cases
}

/// Writes each case as `<folder>/0000.yaml` and so on.
fn write(folder: &Path, cases: &[Value]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (index, case) in cases.iter().enumerate() {
        fs::write(folder.join(format!("{index:04}.yaml")), document(case))?;
    }
    Ok(())
}

/// Compares type by type: `serde_json` tells 1 from 1.0 and from "1".
fn compare(reader: &str, cases: &[Value], read: &[Value]) {
    assert_eq!(
        cases.len(),
        read.len(),
        "{reader} read another number of documents"
    );
    let wrong: Vec<String> = cases
        .iter()
        .zip(read)
        .filter_map(|(case, read)| difference(case, read))
        .collect();
    assert!(
        wrong.is_empty(),
        "{reader} misread {}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The innermost value that was read as another, with how it was written.
fn difference(wrote: &Value, read: &Value) -> Option<String> {
    if wrote == read {
        return None;
    }
    let inner = match (wrote, read) {
        (Value::Object(wrote), Value::Object(read))
            if wrote.keys().all(|key| read.contains_key(key)) =>
        {
            wrote
                .iter()
                .find_map(|(key, value)| difference(value, &read[key]))
        }
        (Value::Array(wrote), Value::Array(read)) if wrote.len() == read.len() => wrote
            .iter()
            .zip(read)
            .find_map(|(wrote, read)| difference(wrote, read)),
        _ => None,
    };
    inner.or_else(|| {
        Some(format!(
            "{wrote} was written as\n{}and read as {read}",
            document(wrote)
        ))
    })
}

#[test]
fn there_are_enough_traps_and_none_twice() {
    let mut traps = TRAPS.to_vec();
    traps.sort_unstable();
    let doubled: Vec<_> = traps.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    assert!(traps.len() >= 124, "{}", traps.len());
}

#[test]
fn pyyaml_reads_what_was_written() {
    // A key that is no string, and a value that JSON lacks, are shown with their Python type: they must not compare equal.
    const READER: &str = r#"
import json, pathlib, sys, yaml

def strict(value):
    if isinstance(value, dict):
        return {key if type(key) is str else f"{type(key).__name__} {key!r}": strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strict(item) for item in value]
    if value is None or type(value) in (str, bool, int, float):
        return value
    return {f"a {type(value).__name__}": repr(value)}

def read(load, path):
    try:
        return load(path.read_bytes())
    except yaml.YAMLError as error:
        return {"error": str(error)}

folder = pathlib.Path(sys.argv[1])
single = [strict(read(yaml.safe_load, path)) for path in sorted(folder.glob("*.yaml"))]
stream = [strict(value) for value in read(lambda text: list(yaml.safe_load_all(text)), folder / "stream")]
json.dump([single, stream], sys.stdout)
"#;
    let Some(python) = python() else { return };
    let cases = cases();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &cases).unwrap();
    fs::write(folder.path().join("stream"), stream(&cases)).unwrap();
    let output = Command::new(python)
        .args(["-c", READER])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let [single, stream]: [Vec<Value>; 2] = serde_json::from_slice(&output.stdout).unwrap();
    compare("PyYAML", &cases, &single);
    compare("PyYAML, in a stream,", &cases, &stream);
}

#[test]
fn helm_reads_what_was_written() {
    // In hexadecimal, because Helm parses the output of a template as YAML again.
    const TEMPLATE: &str = r#"
{{- $read := list }}
{{- range $path, $text := .Files.Glob "cases/*.yaml" }}
{{- $read = append $read ($.Files.Get $path | fromYaml) }}
{{- end }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: read
data:
  hex: {{ $read | toJson | printf "%x" | quote }}
"#;
    let Some(helm) = tool("helm") else { return };
    let cases = cases();
    let chart = tempfile::tempdir().unwrap();
    write(&chart.path().join("cases"), &cases).unwrap();
    fs::create_dir(chart.path().join("templates")).unwrap();
    fs::write(chart.path().join("templates/read.yaml"), TEMPLATE).unwrap();
    fs::write(
        chart.path().join("Chart.yaml"),
        "apiVersion: v2\nname: traps\nversion: 0.1.0\n",
    )
    .unwrap();
    let output = Command::new(helm)
        .args(["template", "traps"])
        .arg(chart.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    let hex = printed.split('"').nth(1).unwrap();
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    let read: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
    compare("Helm", &cases, &read);
}
