//! The stable codes of diagnostics: one table, from which documentation and SARIF rules are made.

/// What a code stands for.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// `INV` and three digits; never given to anything else later.
    pub code: &'static str,
    /// A few words, for lists of rules.
    pub title: &'static str,
    /// One sentence: when it is reported.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every code, in ascending order.
        pub const ALL: &[Code] = &[$(Code { code: $code, title: $title, meaning: $meaning }),*];
    };
}

codes! {
    UNREADABLE = "INV001", "unreadable file", "A file cannot be read, is too large or is not UTF-8.";
    SYNTAX = "INV002", "YAML syntax", "A text is not one YAML document with a map of text keys.";
    DUPLICATE_KEY = "INV003", "duplicate key", "A map holds the same key twice.";
    UNKNOWN_KEY = "INV004", "unknown key", "A key means nothing at the place where it is written.";
    WRONG_TYPE = "INV005", "wrong type", "A value is of another type than the key takes.";
    INVALID_VALUE = "INV006", "invalid value", "A value has the right type but is out of range, malformed or not among the choices.";
    MISSING_KEY = "INV007", "missing key", "A key that has no default is written neither in the site file nor in the profile.";
    BAD_SET = "INV008", "bad --set", "The argument of `--set` is not `path=value`, or its path leads nowhere.";
    UNKNOWN_PROFILE = "INV009", "unknown profile", "The profile asked for is neither built in nor defined by the site file.";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_well_formed_ascending_and_explained() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
        for code in ALL {
            let digits = code.code.strip_prefix("INV").expect(code.code);
            assert!(
                digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()),
                "{}",
                code.code
            );
            assert!(
                !code.title.is_empty() && code.meaning.ends_with('.'),
                "{}",
                code.code
            );
        }
    }
}
