//! Values as they are written in a Python text.

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use crate::plan::Gate;

/// A string as a Python string literal, quotes included.
///
/// It is written as Go writes JSON, which is valid Python, so that a Helm template can yield the same bytes with `toJson`.
pub fn python_string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            '\u{8}' => literal.push_str("\\b"),
            '\u{c}' => literal.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing into a String cannot fail.
                let _ = write!(literal, "\\u{:04x}", u32::from(character));
            }
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

/// A switch that is rendered as `True` or `False`.
#[derive(Clone, Copy, Debug)]
pub struct PyBool(pub Gate);

impl Serialize for PyBool {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0.is_on() { "True" } else { "False" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_as_go_writes_json() {
        assert_eq!(python_string("Lab “Ä” data"), "\"Lab “Ä” data\"");
        assert_eq!(python_string(r#"a"b\c"#), r#""a\"b\\c""#);
        assert_eq!(
            python_string("<R&D>\u{2028}\u{1}\n"),
            r#""\u003cR\u0026D\u003e\u2028\u0001\n""#
        );
        assert_eq!(python_string("{{ x }} %d"), r#""{{ x }} %d""#);
    }

    #[test]
    fn truth_is_spelt_as_python_spells_it() {
        assert_eq!(
            serde_json::to_value(PyBool(Gate::new(true))).unwrap(),
            "True"
        );
        assert_eq!(
            serde_json::to_value(PyBool(Gate::new(false))).unwrap(),
            "False"
        );
    }
}
