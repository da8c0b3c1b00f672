//! How a string is written: as it is, in double quotes, or as a block of lines.
//!
//! The rule is one for all readers. A string stays plain only if neither YAML 1.1 (PyYAML, Kubernetes, Helm) nor YAML 1.2
//! could take it for a number, a truth value, a null, a date or syntax; when in doubt it is quoted. Quoting never changes what
//! is read, so the rules here lean to quoting more than the specifications ask for.

/// The three ways to write a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Without quotes, on one line.
    Plain,
    /// In double quotes, on one line, escaped as in JSON.
    Quoted,
    /// As a literal block: `|` with a final newline, `|-` without.
    Literal,
}

/// The form for a value or list item. A map key is never a block: see [`key_form`].
pub(super) fn form(text: &str) -> Form {
    if is_literal(text) {
        Form::Literal
    } else {
        key_form(text)
    }
}

/// The form for a map key: plain or quoted.
pub(super) fn key_form(text: &str) -> Form {
    if is_plain(text) {
        Form::Plain
    } else {
        Form::Quoted
    }
}

/// Words that some reader turns into a truth value, a null, an infinity or "not a number", whatever their case.
const WORDS: [&str; 14] = [
    "y", "n", "on", "no", "yes", "off", "inf", "nan", "null", "true", ".inf", ".nan", "false",
    "infinity",
];

/// Whether a string without quotes is read as that string, as a value and as a key.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    starts_plain(bytes)
        && !is_word(text)
        && !looks_numeric(bytes)
        && has_plain_bytes(bytes)
        && (text.is_ascii() || has_plain_chars(text))
}

/// Refuses the empty string, indicators, blanks and document markers at the start.
///
/// `-` may begin a word (`--config`, `-c`): arguments of programs are common and stay readable.
fn starts_plain(bytes: &[u8]) -> bool {
    match bytes {
        [] | [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] => false,
        [b'-', next, ..] => next.is_ascii_alphanumeric() || *next == b'-',
        [first, ..] => {
            first.is_ascii_alphanumeric() || b"_/.$()+^;\\".contains(first) || !first.is_ascii()
        }
    }
}

fn is_word(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    unsigned.len() <= 8 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(unsigned))
}

/// Whether some reader could take it for a number, a base-60 number, a date or a time.
///
/// Everything made only of digits and the characters that occur in such values counts, and everything with the prefix of a
/// base. So `10Gi`, `500m` and `10.0.0.0/8` stay plain, while `1.33`, `2026.11.0` and `8080:80` are quoted alike.
fn looks_numeric(bytes: &[u8]) -> bool {
    let unsigned = match bytes {
        [b'-' | b'+', rest @ ..] => rest,
        _ => bytes,
    };
    match unsigned {
        [b'0', rest @ ..] if has_base(rest) => true,
        [first, ..] if first.is_ascii_digit() || b"._".contains(first) => unsigned
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"_.,:+-eEtTzZ ".contains(byte)),
        _ => bytes.len() == 1 && unsigned.is_empty(),
    }
}

/// Whether the letter of a base follows a zero; Go's reader ignores underscores everywhere in a number, as in `0_x1F`.
fn has_base(after_zero: &[u8]) -> bool {
    let letter = after_zero.iter().find(|byte| !b"0_".contains(byte));
    letter.is_some_and(|byte| b"xXoObB".contains(byte))
}

/// Refuses controls, a comment's or a mapping's sign inside, and a blank or a colon at the end.
fn has_plain_bytes(bytes: &[u8]) -> bool {
    let ends = bytes
        .last()
        .is_none_or(|last| *last == b' ' || *last == b':');
    let syntax = bytes.windows(2).any(|pair| pair == b": " || pair == b" #");
    !ends && !syntax && !bytes.iter().any(u8::is_ascii_control)
}

/// Refuses what must be escaped, and blanks of any script at either end, which nobody would see.
fn has_plain_chars(text: &str) -> bool {
    text.trim().len() == text.len() && !text.chars().any(needs_escape)
}

/// Whether a literal block carries the string exactly.
///
/// It holds at most one final newline, something other than blanks, and nothing that only an escape can say.
fn is_literal(text: &str) -> bool {
    text.contains('\n')
        && !text.ends_with("\n\n")
        && !text.trim().is_empty()
        && !text.chars().any(|char| needs_escape(char) && char != '\n')
}

/// Whether a character cannot stand for itself: readers drop, change or refuse it, or a reviewer cannot see it.
///
/// That is controls (but a tab may stand in a block), U+0085 and the line separators that YAML 1.1 takes for line ends, the
/// byte order mark, the two non-characters outside YAML's range, and the marks that reorder or hide text on a screen.
pub(super) fn needs_escape(char: char) -> bool {
    let plain = matches!(char, '\t' | ' '..='~');
    let control = matches!(char, '\0'..='\u{9f}');
    let line_end_or_order = matches!(char, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let hidden = matches!(char, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}');
    let outside = matches!(char, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !plain && (control || line_end_or_order || hidden || outside)
}

/// Appends the string in double quotes; the escapes are JSON's, which every YAML reader knows.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    let mut copied = 0;
    for (at, char) in text.char_indices() {
        let short = match char {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ if needs_escape(char) => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        copied = at + char.len_utf8();
        if short.is_empty() {
            out.push_str("\\u");
            let code = u32::from(char) as usize;
            for shift in [12, 8, 4, 0] {
                out.push(char::from(HEX[(code >> shift) & 0xf]));
            }
        } else {
            out.push_str(short);
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_usually_holds_stays_plain() {
        for text in [
            "lab",
            "apps/v1",
            "registry.lab.example.org/rdm/lab-rdm:2026.11.0",
            "https://data.lab.example.org/api?q=1&size=10#top",
            "10Gi",
            "500m",
            "10.0.0.0/8",
            "30d",
            "--config=/etc/uwsgi.ini",
            "-c",
            "$(POD_NAME).search",
            ".well-known",
            "a, b [c] {d}",
            "it's 100%",
            "Universität Münster",
            "日本",
            "e3",
            "nose",
            "1password",
            "a{{ b }}",
        ] {
            assert_eq!(form(text), Form::Plain, "{text:?}");
        }
    }

    #[test]
    fn what_some_reader_takes_for_something_else_is_quoted() {
        #[rustfmt::skip]
        let texts = [
            "", "~", "y", "N", "On", "oFF", "Yes", "null", "TRUE", "-.inf", ".NaN", "+inf", "0", "-1", "+1", "0123",
            "0o7", "0xFF", "0_x1", "0b1", "1_000", "_1", "1e3", "1E-3", ".5", "5.", ".", "1,000", "12:30", "190:20:30.15",
            "2026-11-21", "2026-11-21T10:00:00Z", "2026-11-21 10:00:00 +1", "1.33", "=", "<<", "-", "--- a", "---",
            "...", "- a", "? a", "?", ": a", ":a", "a:", "a: b", "a #b", "# a", " a", "a ", "a\tb", "\u{a0}a",
            "a\u{3000}", "{{ a }}", "[a]", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a`", "'a'", "\"a\"", ",a",
            "a\u{85}b", "a\u{2028}b", "\u{feff}a", "a\u{7f}", "a\rb", "a\r\nb\n", "\n", "a\n\n", " \n ",
            "a\u{202e}b", "a\u{2066}b", "a\u{200b}b", "a\u{200e}b", "a\u{ad}b",
        ];
        for text in texts {
            assert_eq!(form(text), Form::Quoted, "{text:?}");
        }
    }

    #[test]
    fn several_lines_are_a_block_except_in_a_key() {
        for text in [
            "a\nb",
            "a\nb\n",
            " a\n",
            "\na\n",
            "a\n\n\nb",
            "a \n\tb\n",
            "\u{a0}\na",
        ] {
            assert_eq!(form(text), Form::Literal, "{text:?}");
            assert_eq!(key_form(text), Form::Quoted, "{text:?}");
        }
    }

    #[test]
    fn quotes_escape_as_json_does() {
        let text = "\0a\"b\\c\nd\re\tf\u{1b}\u{7f}\u{85}\u{2028}\u{feff}\u{ffff}é😀";
        let mut quoted = String::new();
        push_quoted(&mut quoted, text);
        assert_eq!(
            quoted,
            r#""\u0000a\"b\\c\nd\re\tf\u001b\u007f\u0085\u2028\ufeff\uffffé😀""#
        );
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
    }
}
