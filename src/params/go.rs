//! Expressions as a Go template writes them.

use super::registry::{Kind, Name, Registry};

/// An expression over names of a [`Registry`].
#[derive(Clone, Debug, PartialEq)]
pub enum Go {
    /// A parameter or a definition.
    Name(String),
    /// Whether a parameter is not empty.
    Given(String),
    /// A string or number, as Go writes it.
    Literal(String),
    /// A function and its arguments.
    Call(&'static str, Vec<Go>),
    /// A quantity in bytes, by the helper of that name.
    Bytes(Box<Go>),
    /// `prefix-0,prefix-1,…`: as many as the second expression says.
    Numbered(Box<Go>, Box<Go>),
}

/// How the top of the values is reached: directly, or as `$` where the dot is something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `.Values`
    Dot,
    /// `$.Values`
    Dollar,
}

/// Longest expression that stands where it is used; a longer one gets a name.
const LONGEST_INLINE: usize = 60;

impl Go {
    /// A string as a Go literal.
    pub fn quoted(text: &str) -> Self {
        // Go's and JSON's escapes are the same for what can be in a literal of ours: printable ASCII.
        Self::Literal(format!("{text:?}"))
    }

    /// The names that it uses, in order.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Name(name) | Self::Given(name) => vec![name],
            Self::Literal(_) => Vec::new(),
            Self::Call(_, arguments) => arguments.iter().flat_map(Self::names).collect(),
            Self::Bytes(inner) => inner.names(),
            Self::Numbered(prefix, count) => [prefix.names(), count.names()].concat(),
        }
    }

    /// Whether it counts bytes somewhere.
    pub fn counts_bytes(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Call(_, arguments) => arguments.iter().any(Self::counts_bytes),
            Self::Numbered(..) | Self::Name(_) | Self::Given(_) | Self::Literal(_) => false,
        }
    }
}

impl Registry {
    /// Whether a definition is short enough to stand where it is used.
    pub fn is_inline(&self, name: &str) -> bool {
        self.definition(name).is_some_and(|definition| {
            matches!(definition.go, Go::Given(_))
                || !matches!(definition.go, Go::Numbered(..))
                    && self.pipeline(&definition.go, Root::Dot).len() <= LONGEST_INLINE
        })
    }

    /// The expression as what stands between `{{` and `}}`.
    pub fn pipeline(&self, go: &Go, root: Root) -> String {
        match go {
            Go::Name(name) => self.name(name, root),
            Go::Given(name) => format!("ne {} \"\"", self.path(name, root)),
            Go::Literal(literal) => literal.clone(),
            Go::Call(function, arguments) => {
                let arguments: Vec<_> = arguments
                    .iter()
                    .map(|argument| match *function {
                        "and" | "or" | "not" => self.condition(argument, root),
                        _ => self.argument(argument, root),
                    })
                    .collect();
                format!("{function} {}", arguments.join(" "))
            }
            Go::Bytes(inner) => format!(
                "include \"{}.bytes\" {} | int64",
                self.prefix,
                self.argument(inner, root)
            ),
            // A body of its own, see `body`.
            Go::Numbered(..) => String::new(),
        }
    }

    /// The expression as an argument: in parentheses unless it is one word.
    pub fn argument(&self, go: &Go, root: Root) -> String {
        let pipeline = match go {
            Go::Name(name) if self.is_text_switch(name) => {
                format!("eq ({}) \"true\"", self.name(name, root))
            }
            _ => self.pipeline(go, root),
        };
        parenthesised(pipeline)
    }

    /// The expression as what `if`, `and`, `or` and `not` take.
    pub fn condition(&self, go: &Go, root: Root) -> String {
        match go {
            Go::Given(name) => self.path(name, root),
            Go::Name(name) if self.is_inline(name) => match self.definition(name) {
                Some(definition) => self.condition(&definition.go, root),
                None => String::new(),
            },
            _ => parenthesised(self.pipeline(go, root)),
        }
    }

    /// What stands in a `define`.
    pub fn body(&self, name: &Name) -> String {
        let Name::Definition(definition) = name else {
            return String::new();
        };
        let root = Root::Dot;
        match &definition.go {
            Go::Numbered(prefix, count) => format!(
                "{{{{- range $number := until (int {count}) }}}}{{{{ if $number }}}},{{{{ end }}}}{{{{ {prefix} }}}}-{{{{ $number }}}}{{{{ end }}}}",
                count = self.argument(count, root),
                prefix = self.pipeline(prefix, Root::Dollar),
            ),
            go if definition.kind == Kind::Switch => {
                format!(
                    "{{{{- if {} }}}}true{{{{ end }}}}",
                    bare(&self.condition(go, root))
                )
            }
            go => format!("{{{{- {} }}}}", self.pipeline(go, root)),
        }
    }

    /// Whether the name is a switch whose template yields the text `true` or nothing.
    fn is_text_switch(&self, name: &str) -> bool {
        self.definition(name)
            .is_some_and(|definition| definition.kind == Kind::Switch)
            && !self.is_inline(name)
    }

    fn name(&self, name: &str, root: Root) -> String {
        match self.definition(name) {
            Some(definition) if self.is_inline(name) => self.pipeline(&definition.go, root),
            Some(definition) => {
                let call = format!("include \"{}.{name}\" {}", self.prefix, root.dot());
                match definition.kind {
                    Kind::Whole => format!("{call} | int64"),
                    _ => call,
                }
            }
            None => {
                let path = self.path(name, root);
                match self.kind(name) {
                    Some(Kind::Whole) => format!("int64 {path}"),
                    _ => path,
                }
            }
        }
    }

    /// A parameter's place in the values.
    pub fn path(&self, name: &str, root: Root) -> String {
        let start = match root {
            Root::Dot => String::new(),
            Root::Dollar => "$".to_owned(),
        };
        if name.starts_with("Release.") {
            return format!("{start}.{name}");
        }
        let mut path = format!("{start}.Values");
        for part in name.split('.') {
            let word = part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if word {
                path.push('.');
                path.push_str(part);
            } else {
                path = format!("(index {path} {part:?})");
            }
        }
        path
    }
}

impl Root {
    /// The dot itself.
    pub const fn dot(self) -> &'static str {
        match self {
            Self::Dot => ".",
            Self::Dollar => "$",
        }
    }
}

fn parenthesised(pipeline: String) -> String {
    let one_word = !pipeline.contains(' ')
        || pipeline.starts_with("(index ")
            && pipeline.matches('(').count() == 1
            && !pipeline.contains(") ")
        || is_literal(&pipeline);
    if one_word {
        pipeline
    } else {
        format!("({pipeline})")
    }
}

fn is_literal(text: &str) -> bool {
    text.len() > 1 && text.starts_with('"') && text.ends_with('"') && text.matches('"').count() == 2
}

/// Without the parentheses around the whole.
fn bare(condition: &str) -> &str {
    let mut depth = 0;
    for (index, character) in condition.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 && index + 1 < condition.len() {
            return condition;
        }
    }
    condition
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(condition)
}
