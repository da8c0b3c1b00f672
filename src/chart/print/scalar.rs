//! Leaves: what stands behind a key or a dash.

use std::fmt::Write as _;

use super::Printer;
use crate::chart::probes::{Part, Ref};
use crate::chart::tree::{Leaf, Piece};
use crate::k8s::Marker;
use crate::params::{Go, Kind, Root};
use crate::tree::{Value, yaml};

impl Printer<'_> {
    /// A leaf in an object.
    pub(super) fn scalar(&self, leaf: &Leaf, root: Root) -> String {
        match leaf {
            Leaf::Fixed(value) => plain(value),
            Leaf::Whole(found) => format!("{{{{ {} }}}}", self.placed(found, root)),
            Leaf::Marker(Marker::Digest(names)) => {
                format!("{{{{ {} | quote }}}}", self.checksum(names, root))
            }
            Leaf::Marker(Marker::Text(name)) => {
                format!("{{{{ {} | quote }}}}", self.text_of(name, root))
            }
            Leaf::Text(pieces) => self.text_scalar(pieces, root),
            Leaf::Either(dim, yes, no) => format!(
                "{{{{ if {} }}}}{}{{{{ else }}}}{}{{{{ end }}}}",
                self.switch(dim, root),
                self.scalar(yes, root),
                self.scalar(no, root)
            ),
        }
    }

    fn text_scalar(&self, pieces: &[Piece], root: Root) -> String {
        match pieces {
            [] => "\"\"".to_owned(),
            [Piece::Literal(text)] => escaped(&plain(&Value::String(text.clone()))),
            [Piece::Ref(found)] if self.is_number(found) => {
                format!("{{{{ {} | quote }}}}", self.placed(found, root))
            }
            [Piece::Ref(found)] => format!("{{{{ {} | quote }}}}", self.placed(found, root)),
            // `lab-web`: a name and a word behind a dash is never a number or a truth value.
            [Piece::Ref(found), Piece::Literal(rest)]
                if found.name == "Release.Name" && is_suffix(rest) =>
            {
                format!("{{{{ {} }}}}{rest}", self.placed(found, root))
            }
            pieces if !self.holds_free_text(pieces) => {
                let mut text = String::from("\"");
                for piece in pieces {
                    text.push_str(&match piece {
                        Piece::Literal(literal) => escaped(&inside_quotes(literal)),
                        piece => self.piece(piece, root),
                    });
                }
                text.push('"');
                text
            }
            pieces => {
                let mut format = String::new();
                let mut arguments = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Literal(literal) => {
                            format.push_str(&inside_quotes(literal).replace('%', "%%"));
                        }
                        Piece::Ref(found) => {
                            format.push_str("%v");
                            let _ = write!(arguments, " ({})", self.placed(found, root));
                        }
                        Piece::Either(dim, yes, no) => {
                            format.push_str("%v");
                            let _ = write!(
                                arguments,
                                " (ternary {} {} {})",
                                quoted(&literal(yes)),
                                quoted(&literal(no)),
                                self.registry.argument(&Go::Name(dim.clone()), root)
                            );
                        }
                    }
                }
                format!("{{{{ printf \"{format}\"{arguments} | quote }}}}")
            }
        }
    }

    /// A line of a text.
    pub(super) fn line(&self, pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => escaped(text),
                piece => self.piece(piece, Root::Dot),
            })
            .collect()
    }

    /// A placed part inside a text.
    fn piece(&self, piece: &Piece, root: Root) -> String {
        match piece {
            Piece::Literal(text) => escaped(text),
            Piece::Ref(found) => format!("{{{{ {} }}}}", self.placed(found, root)),
            Piece::Either(dim, yes, no) => {
                let words = |pieces: &[Piece]| matches!(pieces, [] | [Piece::Literal(_)]);
                if words(yes) && words(no) {
                    return format!(
                        "{{{{ ternary {} {} {} }}}}",
                        quoted(&literal(yes)),
                        quoted(&literal(no)),
                        self.registry.argument(&Go::Name(dim.clone()), root)
                    );
                }
                let print = |pieces: &[Piece]| -> String {
                    pieces.iter().map(|piece| self.piece(piece, root)).collect()
                };
                format!(
                    "{{{{ if {} }}}}{}{{{{ else }}}}{}{{{{ end }}}}",
                    self.switch(dim, root),
                    print(yes),
                    print(no)
                )
            }
        }
    }

    /// An expression for what stands here.
    pub(super) fn placed(&self, found: &Ref, root: Root) -> String {
        match found.part {
            Part::Each if self.is_number(found) => "int64 .".to_owned(),
            Part::Each => ".".to_owned(),
            _ => {
                let printed = self.registry.pipeline(&Go::Name(found.name.clone()), root);
                // A definition's number is text already when it is included.
                printed
                    .strip_suffix(" | int64")
                    .map_or(printed.clone(), ToOwned::to_owned)
            }
        }
    }

    fn switch(&self, dim: &str, root: Root) -> String {
        super::lines::bare(&self.registry.condition(&Go::Name(dim.to_owned()), root)).to_owned()
    }

    fn is_number(&self, found: &Ref) -> bool {
        matches!(
            self.registry.kind(&found.name),
            Some(Kind::Whole | Kind::Wholes)
        )
    }

    fn holds_free_text(&self, pieces: &[Piece]) -> bool {
        pieces.iter().any(|piece| match piece {
            Piece::Literal(_) => false,
            Piece::Ref(found) => self.registry.is_free(&found.name),
            Piece::Either(_, yes, no) => self.holds_free_text(yes) || self.holds_free_text(no),
        })
    }
}

fn literal(pieces: &[Piece]) -> String {
    match pieces {
        [Piece::Literal(text)] => text.clone(),
        _ => String::new(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", inside_quotes(text))
}

/// As it stands between double quotes, in YAML and in Go alike.
fn inside_quotes(text: &str) -> String {
    let quoted = Value::String(text.to_owned()).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn is_suffix(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'-')
        && bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// As the YAML writer has it.
fn plain(value: &Value) -> String {
    match value {
        // A block of lines would need its own indentation.
        Value::String(text) if text.contains('\n') => value.to_string(),
        value => yaml::document(value).trim_end().to_owned(),
    }
}

/// Braces of the text's own, which a template would take for its.
pub(super) fn escaped(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}
