//! Lines and columns of a [`Span`].

use std::ops::Range;

use super::Span;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A place in a text, as editors count: line and column from 1, columns in characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl Span {
    /// Where the span begins.
    pub fn first(&self) -> Position {
        position(&self.source.text, self.bytes().start)
    }

    /// Where the span has ended: one past its last character, on that character's line.
    pub fn past(&self) -> Position {
        let bytes = self.bytes();
        let text = &self.source.text;
        // A span over a whole line includes its break; its end is still wanted on that line.
        let kept = text[bytes.clone()].trim_end_matches(['\n', '\r']).len();
        position(text, bytes.start + kept)
    }

    /// The bytes, forced into the text and onto character boundaries, so that no later step can panic on a bad span.
    ///
    /// The end of a text is the end of its last line: nobody can go to the line after the last break.
    pub(super) fn bytes(&self) -> Range<usize> {
        let text = &self.source.text;
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let start = boundary(text, self.start);
        start..boundary(text, self.end).max(start)
    }
}

/// The last character boundary at or before `byte`.
fn boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

fn position(text: &str, byte: usize) -> Position {
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    // No editor shows or counts the mark.
    let line = before[line_start..].trim_start_matches(BYTE_ORDER_MARK);
    Position {
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{source, span};
    use super::*;

    fn at(line: usize, column: usize) -> Position {
        Position { line, column }
    }

    #[test]
    fn columns_count_characters() {
        let text = source("s", "a: é\nb: \"日本語\" # x\r\n\tc: 🦀z\n");
        assert_eq!(span(&text, "é").first(), at(1, 4));
        assert_eq!(span(&text, "é").past(), at(1, 5));
        assert_eq!(span(&text, "x").first(), at(2, 12));
        assert_eq!(span(&text, "z").first(), at(3, 6));
        assert_eq!(span(&text, "b: \"日本語\" # x\r\n").past(), at(2, 13));
    }

    #[test]
    fn the_byte_order_mark_has_no_column() {
        let text = source("s", "\u{feff}name: x\n");
        assert_eq!(span(&text, "name").first(), at(1, 1));
    }

    #[test]
    fn the_end_of_a_text_is_on_its_last_line() {
        for (text, expected) in [
            ("", at(1, 1)),
            ("ab\n", at(1, 3)),
            ("ab\r\n", at(1, 3)),
            ("ab\n\n", at(2, 1)),
            ("ab", at(1, 3)),
        ] {
            let end = Span {
                source: source("s", text),
                start: text.len(),
                end: text.len(),
            };
            assert_eq!((end.first(), end.past()), (expected, expected), "{text:?}");
        }
    }

    #[test]
    fn bad_spans_are_forced_into_the_text() {
        let text = source("s", "é\n");
        for (start, end) in [(1, 1), (9, 12), (2, 0), (0, usize::MAX)] {
            let bad = Span {
                source: text.clone(),
                start,
                end,
            };
            assert!(bad.bytes().end <= text.text.len());
            assert!(bad.first() <= bad.past());
        }
    }
}
