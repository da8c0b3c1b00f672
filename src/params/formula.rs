//! Operations: each is written once, as arithmetic and as the template that does the same in a chart.

use super::go::Go;
use super::term::Term;
use crate::facts::MIB;
use crate::texts::literal::python_string;

/// A computed value, which needs a name before it can be placed.
#[derive(Clone, Debug)]
#[must_use]
pub struct Formula<T> {
    pub(super) value: T,
    pub(super) go: Go,
    /// Whether it may hold quotes and backslashes.
    pub(super) free: bool,
}

impl<T: Clone> From<&Term<T>> for Formula<T> {
    fn from(term: &Term<T>) -> Self {
        Self {
            value: term.value.clone(),
            go: term.go(),
            free: term.free,
        }
    }
}

impl From<&str> for Formula<String> {
    fn from(literal: &str) -> Self {
        Self {
            value: literal.to_owned(),
            go: Go::quoted(literal),
            free: false,
        }
    }
}

/// Texts one behind the other.
pub fn text<const N: usize>(parts: [Formula<String>; N]) -> Formula<String> {
    let mut format = String::new();
    let mut arguments = Vec::new();
    let mut value = String::new();
    let mut free = false;
    for part in parts {
        value.push_str(&part.value);
        free |= part.free;
        match part.go {
            Go::Literal(literal) => {
                format.push_str(&literal[1..literal.len() - 1].replace('%', "%%"));
            }
            go => {
                format.push_str("%s");
                arguments.push(go);
            }
        }
    }
    arguments.insert(0, Go::Literal(format!("\"{format}\"")));
    Formula {
        value,
        go: Go::Call("printf", arguments),
        free,
    }
}

/// One of two texts.
pub fn either(
    condition: impl Into<Formula<bool>>,
    yes: impl Into<Formula<String>>,
    no: impl Into<Formula<String>>,
) -> Formula<String> {
    let (condition, yes, no) = (condition.into(), yes.into(), no.into());
    Formula {
        free: yes.free || no.free,
        value: if condition.value { yes.value } else { no.value },
        go: Go::Call("ternary", vec![yes.go, no.go, condition.go]),
    }
}

impl Formula<String> {
    /// The text as a Python literal, quotes included.
    pub fn python(self) -> Self {
        Self {
            value: python_string(&self.value),
            go: Go::Call("toJson", vec![self.go]),
            free: true,
        }
    }

    /// The text, or another one when it is empty.
    pub fn or(self, other: impl Into<Self>) -> Self {
        let other = other.into();
        Self {
            free: self.free || other.free,
            value: if self.value.is_empty() {
                other.value
            } else {
                self.value
            },
            go: Go::Call("default", vec![other.go, self.go]),
        }
    }

    /// What a table has for the text, else nothing.
    pub fn looked_up(self, table: &[(&str, &str)]) -> Self {
        let found = table.iter().find(|(key, _)| *key == self.value);
        let entries = table
            .iter()
            .flat_map(|(key, value)| [Go::quoted(key), Go::quoted(value)])
            .collect();
        Self {
            value: found.map_or_else(String::new, |(_, value)| (*value).to_owned()),
            go: Go::Call("get", vec![Go::Call("dict", entries), self.go]),
            free: false,
        }
    }

    /// The text as a label value: at most 63 characters, letters or digits at both ends.
    pub fn label_value(self) -> Self {
        let cut: String = self.value.chars().take(63).collect();
        Self {
            value: cut
                .trim_matches(|letter: char| !letter.is_ascii_alphanumeric())
                .to_owned(),
            go: Go::Call(
                "regexReplaceAll",
                vec![
                    Go::quoted("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$"),
                    Go::Call("trunc", vec![Go::Literal("63".into()), self.go]),
                    Go::quoted(""),
                ],
            ),
            free: false,
        }
    }

    /// Whether it is this word.
    pub fn is(self, word: &str) -> Formula<bool> {
        Formula {
            value: self.value == word,
            go: Go::Call("eq", vec![self.go, Go::quoted(word)]),
            free: false,
        }
    }

    /// Whether it is another word.
    pub fn is_not(self, word: &str) -> Formula<bool> {
        Formula {
            value: self.value != word,
            go: Go::Call("ne", vec![self.go, Go::quoted(word)]),
            free: false,
        }
    }

    /// A Kubernetes quantity in whole bytes, rounded up. A text that is none counts as nothing; the schema refuses it.
    pub fn bytes(self) -> Formula<i64> {
        let bytes = self
            .value
            .parse::<crate::config::scalars::Quantity>()
            .map_or(0, |quantity| quantity.bytes());
        Formula {
            value: i64::try_from(bytes).unwrap_or(i64::MAX),
            go: Go::Bytes(Box::new(self.go)),
            free: false,
        }
    }

    /// A Kubernetes quantity in whole MiB, rounded down.
    pub fn mebibytes(self) -> Formula<i64> {
        self.bytes().over(i64::try_from(MIB).unwrap_or(i64::MAX))
    }

    /// The text with `-0`, `-1` and so on, as often as the number says, joined by commas.
    pub fn numbered(self, count: impl Into<Formula<i64>>) -> Self {
        let count = count.into();
        // While a chart is derived the number is a large probe, and what comes of it is not looked at.
        let names: Vec<_> = (0..count.value.min(1000))
            .map(|number| format!("{}-{number}", self.value))
            .collect();
        Self {
            value: names.join(","),
            go: Go::Numbered(Box::new(self.go), Box::new(count.go)),
            free: self.free,
        }
    }
}

impl Formula<Vec<String>> {
    /// The words with commas between them.
    pub fn joined(self) -> Formula<String> {
        Formula {
            value: self.value.join(","),
            go: Go::Call("join", vec![Go::quoted(","), self.go]),
            free: self.free,
        }
    }
}

impl Formula<i64> {
    fn with(self, function: &'static str, number: i64, value: i64) -> Self {
        let number = Go::Literal(number.to_string());
        Self {
            value,
            go: Go::Call(function, vec![self.go, number]),
            free: false,
        }
    }

    /// Multiplied.
    pub fn times(self, number: i64) -> Self {
        let value = self.value.saturating_mul(number);
        self.with("mul", number, value)
    }

    /// Divided, rounded down.
    pub fn over(self, number: i64) -> Self {
        let value = self.value.checked_div(number).unwrap_or_default();
        self.with("div", number, value)
    }

    /// Divided by another term, rounded down. The term is never zero in a valid site.
    pub fn shared_by(self, count: &Term<i64>) -> Self {
        Self {
            value: self.value.checked_div(count.value).unwrap_or_default(),
            go: Go::Call("div", vec![self.go, count.go()]),
            free: false,
        }
    }

    /// The percentage, rounded down.
    pub fn percent(self, percent: i64) -> Self {
        self.times(percent).over(100)
    }

    /// Itself, or the bound when it is less.
    pub fn at_least(self, bound: i64) -> Self {
        let value = self.value.max(bound);
        self.with("max", bound, value)
    }

    /// Itself, or the bound when it is more.
    pub fn at_most(self, bound: i64) -> Self {
        let value = self.value.min(bound);
        self.with("min", bound, value)
    }

    /// Its decimal digits.
    pub fn digits(self) -> Formula<String> {
        Formula {
            value: self.value.to_string(),
            go: Go::Call("toString", vec![self.go]),
            free: false,
        }
    }

    /// Whether it is more.
    pub fn is_more_than(self, number: i64) -> Formula<bool> {
        Formula {
            value: self.value > number,
            go: Go::Call("gt", vec![self.go, Go::Literal(number.to_string())]),
            free: false,
        }
    }
}

impl Formula<bool> {
    /// The opposite.
    pub fn negated(self) -> Self {
        Self {
            value: !self.value,
            go: Go::Call("not", vec![self.go]),
            free: false,
        }
    }

    /// This number when it holds, else another.
    pub fn choose(self, yes: impl Into<Formula<i64>>, no: impl Into<Formula<i64>>) -> Formula<i64> {
        let (yes, no) = (yes.into(), no.into());
        Formula {
            value: if self.value { yes.value } else { no.value },
            go: Go::Call("ternary", vec![yes.go, no.go, self.go]),
            free: false,
        }
    }
}

/// Whether all hold.
pub fn all<const N: usize>(parts: [Formula<bool>; N]) -> Formula<bool> {
    Formula {
        value: parts.iter().all(|part| part.value),
        go: Go::Call("and", parts.into_iter().map(|part| part.go).collect()),
        free: false,
    }
}

/// Whether any holds.
pub fn any<const N: usize>(parts: [Formula<bool>; N]) -> Formula<bool> {
    Formula {
        value: parts.iter().any(|part| part.value),
        go: Go::Call("or", parts.into_iter().map(|part| part.go).collect()),
        free: false,
    }
}
