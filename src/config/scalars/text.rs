//! What all newtypes over text have in common.

/// Declares newtypes over `String`, each with the function that checks a text and says what is wrong with it.
macro_rules! text_types {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident { what: $what:literal, example: $example:literal, pattern: $pattern:expr, $(except: $except:expr,)? $(most: $most:expr,)? check: $check:path }
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
            $(const EXCEPT: Option<&'static str> = Some($except);)?
            $(const MOST: Option<usize> = Some($most);)?
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
    use crate::config::schema::standalone;

    /// Each text parses, shows itself as it is, and keeps to the type's schema.
    pub fn good<T: Scalar>(texts: &[&str]) {
        for text in texts {
            let value: T = text
                .parse()
                .unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
            assert_eq!(value.to_string(), *text);
            assert!(
                keeps_to_schema::<T>(text),
                "{text:?} is refused by the schema of {}",
                T::WHAT
            );
        }
    }

    /// Each text is refused, with a message that says this, and by the type's schema too.
    pub fn bad<T: Scalar>(texts: &[(&str, &str)]) {
        bad_by_parser::<T>(texts);
        for (text, _) in texts {
            assert!(
                !keeps_to_schema::<T>(text),
                "{text:?} is accepted by the schema of {}",
                T::WHAT
            );
        }
    }

    /// Each text is refused, with a message that says this; the type's schema may be less strict.
    pub fn bad_by_parser<T: Scalar>(texts: &[(&str, &str)]) {
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

    /// Whether the type's JSON Schema accepts the text.
    pub fn keeps_to_schema<T: Scalar>(text: &str) -> bool {
        let schema = standalone::<T>();
        jsonschema::draft7::is_valid(&schema, &text.into())
    }
}
