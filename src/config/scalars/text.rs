//! What all newtypes over text have in common.

/// Declares newtypes over `String`, each with the function that checks a text and says what is wrong with it.
macro_rules! text_types {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident { what: $what:literal, example: $example:literal, pattern: $pattern:expr, $(numbers: $numbers:literal,)? check: $check:path }
    )*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                $check(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl $crate::config::decode::Scalar for $name {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = $example;
            const PATTERN: Option<&'static str> = $pattern;
            $(const NUMBERS: bool = $numbers;)?
            const DESCRIPTION: &'static str = concat!($($doc),+).trim_ascii();
        }
    )*};
}

/// Refuses an empty text and one of more than `most` bytes.
pub(super) fn length(text: &str, most: usize) -> Result<(), String> {
    match text.len() {
        0 => Err("it is empty".to_owned()),
        length if length > most => Err(format!(
            "it has {length} characters, at most {most} are allowed"
        )),
        _ => Ok(()),
    }
}

/// Refuses a text with a character for which `allowed` does not hold, and names it.
pub(super) fn characters(text: &str, allowed: fn(char) -> bool, which: &str) -> Result<(), String> {
    match text.chars().find(|c| !allowed(*c)) {
        Some(found) => Err(format!("it holds {}; {which}", shown(found))),
        None => Ok(()),
    }
}

/// A character in a message.
pub(super) fn shown(character: char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        '`' => "a backtick".to_owned(),
        c if c.is_control() || c.is_whitespace() => format!("the character U+{:04X}", u32::from(c)),
        c => format!("`{c}`"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::config::decode::Scalar;

    /// Each text parses, shows itself as it is, and matches the type's pattern.
    pub fn good<T: Scalar>(texts: &[&str]) {
        for text in texts {
            let value: T = text
                .parse()
                .unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
            assert_eq!(value.to_string(), *text);
            assert!(
                matches_pattern::<T>(text),
                "{text:?} does not match the pattern of {}",
                T::WHAT
            );
        }
    }

    /// Each text is refused, with a message that says this.
    pub fn bad<T: Scalar>(texts: &[(&str, &str)]) {
        for (text, says) in texts {
            let Err(fault) = text.parse::<T>() else {
                panic!("{text:?} was accepted")
            };
            assert!(
                fault.contains(says),
                "{text:?}: {fault:?} does not say {says:?}"
            );
        }
    }

    /// Whether a JSON Schema with the type's pattern accepts the text.
    pub fn matches_pattern<T: Scalar>(text: &str) -> bool {
        let pattern = T::PATTERN.unwrap_or("");
        let schema = serde_json::json!({"type": "string", "pattern": pattern});
        jsonschema::draft7::is_valid(&schema, &text.into())
    }
}
