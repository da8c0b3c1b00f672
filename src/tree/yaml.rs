//! The YAML writer.
//!
//! Block style throughout, two spaces a level, list items under their key, `{}` and `[]` for what is empty. A line is never
//! folded and no blank is added at a line's end. Which strings are quoted is decided in one place, `scalar.rs`.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

use super::scalar::{self, Form};

/// Spaces of one level.
const STEP: usize = 2;

/// Longest key in bytes, as written, that may stand before its colon; YAML allows 1024 characters.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// Writes one document, without a `---` line; it ends in exactly one newline.
///
/// Every value can be written, and reads back equal. A multi-line key is quoted on one line, and a key of more than a thousand
/// bytes takes YAML's explicit form (`? key`, then `: value` on the next line).
pub fn document(value: &Value) -> String {
    let mut out = String::with_capacity(2048);
    push_document(&mut out, value);
    out
}

/// Writes several documents with `---` lines between them; nothing at all for none.
pub fn stream<'a>(documents: impl IntoIterator<Item = &'a Value>) -> String {
    let mut out = String::new();
    for value in documents {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        push_document(&mut out, value);
    }
    out
}

fn push_document(out: &mut String, value: &Value) {
    match value {
        Value::Object(map) if !map.is_empty() => push_map(out, map, 0),
        Value::Array(items) if !items.is_empty() => push_list(out, items, 0),
        // Parsers disagree about what an indentation indicator counts from when there is no parent.
        Value::String(text) if indicator(text).is_some() => {
            scalar::push_quoted(out, text);
            out.push('\n');
        }
        _ => push_scalar(out, value, 0),
    }
}

/// The first line is expected to be indented already.
fn push_map(out: &mut String, map: &Map<String, Value>, indent: usize) {
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            push_indent(out, indent);
        }
        push_key(out, key, indent);
        match value {
            Value::Object(map) if !map.is_empty() => {
                out.push('\n');
                push_indent(out, indent + STEP);
                push_map(out, map, indent + STEP);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                push_indent(out, indent + STEP);
                push_list(out, items, indent + STEP);
            }
            _ => {
                out.push(' ');
                push_scalar(out, value, indent);
            }
        }
    }
}

/// The first line is expected to be indented already.
fn push_list(out: &mut String, items: &[Value], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            push_indent(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => push_map(out, map, indent + STEP),
            Value::Array(items) if !items.is_empty() => push_list(out, items, indent + STEP),
            _ => push_scalar(out, item, indent),
        }
    }
}

/// The key and its colon.
fn push_key(out: &mut String, key: &str, indent: usize) {
    let start = out.len();
    match scalar::key_form(key) {
        Form::Plain => out.push_str(key),
        Form::Quoted | Form::Literal => scalar::push_quoted(out, key),
    }
    if out.len() - start > LONGEST_SIMPLE_KEY {
        out.insert_str(start, "? ");
        out.push('\n');
        push_indent(out, indent);
    }
    out.push(':');
}

/// A value that needs no nested lines of its own, or a block of text; with the newline after it.
///
/// `indent` is that of the map or list it stands in.
fn push_scalar(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => push_number(out, number),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
        Value::String(text) => match scalar::form(text) {
            Form::Plain => out.push_str(text),
            Form::Quoted => scalar::push_quoted(out, text),
            Form::Literal => return push_literal(out, text, indent + STEP),
        },
    }
    out.push('\n');
}

/// YAML 1.1 takes a number with an exponent for a float only with a sign in it, which is there, and a point before it:
/// `1.0e+30`.
fn push_number(out: &mut String, number: &Number) {
    let start = out.len();
    // Writing into a string cannot fail.
    let _ = write!(out, "{number}");
    let Some(exponent) = out[start..].find('e').map(|at| start + at) else {
        return;
    };
    if !out[start..exponent].contains('.') {
        out.insert_str(exponent, ".0");
    }
}

/// A literal block with its header; empty lines get no indentation.
fn push_literal(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    if let Some(indicator) = indicator(text) {
        out.push(indicator);
    }
    let lines = text.strip_suffix('\n').unwrap_or_else(|| {
        out.push('-');
        text
    });
    out.push('\n');
    for line in lines.split('\n') {
        if !line.is_empty() {
            push_indent(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// The digit that tells the block's indentation where a reader could not see it: the text begins with a blank or an empty line.
fn indicator(text: &str) -> Option<char> {
    let hidden = text.starts_with([' ', '\t', '\n']) && scalar::form(text) == Form::Literal;
    hidden.then_some('2')
}

fn push_indent(out: &mut String, indent: usize) {
    const SPACES: &str = "                                ";
    let mut left = indent;
    while left > 0 {
        let now = left.min(SPACES.len());
        out.push_str(&SPACES[..now]);
        left -= now;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn maps_lists_and_scalars() {
        let value = json!({
            "kind": "Ingress",
            "empty": {"map": {}, "list": []},
            "spec": {
                "tls": [{"hosts": ["data.example.org", "on"], "secretName": "tls"}],
                "rows": [[1, -2], [[true], {}], []],
            },
            "nothing": null,
            "0123": "0123",
        });
        insta::assert_snapshot!(document(&value), @r#"
        kind: Ingress
        empty:
          map: {}
          list: []
        spec:
          tls:
            - hosts:
                - data.example.org
                - "on"
              secretName: tls
          rows:
            - - 1
              - -2
            - - - true
              - {}
            - []
        nothing: null
        "0123": "0123"
        "#);
    }

    #[test]
    fn text_blocks_keep_their_lines() {
        for (text, expected) in [
            ("a\n\n  b \nc\n", "t: |\n  a\n\n    b \n  c\n"),
            ("a\nb", "t: |-\n  a\n  b\n"),
            ("  a\nb\n", "t: |2\n    a\n  b\n"),
            ("\n\ta", "t: |2-\n\n  \ta\n"),
            ("a\n\n", "t: \"a\\n\\n\"\n"),
            ("a\r\nb\r\n", "t: \"a\\r\\nb\\r\\n\"\n"),
        ] {
            assert_eq!(document(&json!({"t": text})), expected);
        }
        assert_eq!(
            document(&json!([["a\nb\n"], {"deep": "x\n\ny"}])),
            "- - |\n    a\n    b\n- deep: |-\n    x\n\n    y\n"
        );
    }

    #[test]
    fn numbers_are_read_as_numbers_by_yaml_1_1() {
        let written = |value: Value| document(&value);
        assert_eq!(written(json!(1_000_000)), "1000000\n");
        assert_eq!(written(json!(u64::MAX)), "18446744073709551615\n");
        assert_eq!(written(json!(i64::MIN)), "-9223372036854775808\n");
        assert_eq!(written(json!(0.5)), "0.5\n");
        assert_eq!(written(json!(3.0)), "3.0\n");
        assert_eq!(written(json!(1e30)), "1.0e+30\n");
        assert_eq!(written(json!(-2.5e-9)), "-2.5e-9\n");
        assert_eq!(written(json!(5e-324)), "5.0e-324\n");
    }

    #[test]
    fn long_and_multi_line_keys_are_legal() {
        let limit = "k".repeat(LONGEST_SIMPLE_KEY);
        assert_eq!(document(&json!({&limit: 1})), format!("{limit}: 1\n"));
        let long = limit + "k";
        let value = json!({"outer": {&long: {"a": 1}, "b": 2}, "two\nlines": ["x"]});
        assert_eq!(
            document(&value),
            format!("outer:\n  ? {long}\n  :\n    a: 1\n  b: 2\n\"two\\nlines\":\n  - x\n")
        );
        assert_eq!(read(&document(&value)), value);
    }

    #[test]
    fn a_document_may_be_a_scalar_or_empty() {
        for (value, expected) in [
            (json!({}), "{}\n"),
            (json!([]), "[]\n"),
            (json!(null), "null\n"),
            (json!("a\nb\n"), "|\n  a\n  b\n"),
            (json!(" a\nb\n"), "\" a\\nb\\n\"\n"),
        ] {
            assert_eq!(document(&value), expected);
            assert_eq!(read(expected), value);
        }
    }

    #[test]
    fn documents_of_a_stream_are_separated_not_framed() {
        assert_eq!(stream([]), "");
        assert_eq!(stream([&json!({"a": 1})]), "a: 1\n");
        assert_eq!(
            stream([&json!({"a": 1}), &json!(["---"])]),
            "a: 1\n---\n- \"---\"\n"
        );
    }

    fn read(text: &str) -> Value {
        serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// Texts of the characters that matter to YAML, in every arrangement, beside texts of any character.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => "[a0 \\-:#\\n\\t.~?&*!|>'\"%@`{}\\[\\],=<_ex+\\\\\r\u{85}\u{2028}\u{feff}\u{a0}é😀]{0,12}",
            1 => "(  ?|\t)?[a-c]{0,3}(\n{1,2} {0,3}[a-c#:]{0,3} ?){0,5}\n{0,2}",
            1 => ".*",
            1 => "[yYnNoOfFaAuUlLsStTrReE.+-]{1,5}",
            1 => "[-+]?[0-9]{0,4}[-_.:eETxob ]{0,2}[0-9]{0,4}[-:.Z]?[0-9]{0,2}",
        ]
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text().prop_map(Value::from),
            text().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 48, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::vec((text(), inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn what_is_written_is_read_back(value in tree()) {
            let written = document(&value);
            prop_assert!(written.ends_with('\n') && !written.ends_with("\n\n"), "{written:?}");
            prop_assert_eq!(read(&written), value);
        }
    }
}
