//! Texts that land in ConfigMaps: lines, kept in named blocks.
//!
//! A block is in a text whole or not at all, so a condition on the site is always a condition on a block. That, and the rules
//! on blank lines below, let a text be printed as a Helm template, whose tags swallow the white space around them.

use std::fmt;

/// Some lines of a [`Text`] that are there together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    name: String,
    lines: Vec<String>,
}

impl Block {
    /// A block of the lines of `content`; a line break at its end adds no line.
    ///
    /// Refuses a block without lines, one that ends in a blank line (it belongs to the block that follows), white space at the
    /// end of a line, and control characters other than tabs: a text must look the same in every YAML style.
    pub fn new(name: impl Into<String>, content: &str) -> Result<Block, TextError> {
        let name = name.into();
        let content = content.strip_suffix('\n').unwrap_or(content);
        let lines: Vec<String> = content.split('\n').map(str::to_owned).collect();
        let fault = |kind, line: usize| TextError {
            block: name.clone(),
            line: line + 1,
            kind,
        };
        for (index, line) in lines.iter().enumerate() {
            if line
                .chars()
                .any(|character| character != '\t' && breaks_a_line(character))
            {
                return Err(fault(TextErrorKind::Control, index));
            }
            if line.ends_with(char::is_whitespace) {
                return Err(fault(TextErrorKind::TrailingSpace, index));
            }
        }
        if lines.last().is_none_or(String::is_empty) {
            return Err(fault(TextErrorKind::BlankEnd, lines.len() - 1));
        }
        Ok(Block { name, lines })
    }

    /// The name, unique in its text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The lines, without line breaks; at least one, and the last is not blank.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// A text made of [`Block`]s in order; displays as its lines with exactly one line break at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    blocks: Vec<Block>,
}

impl Text {
    /// A text of these blocks.
    ///
    /// Refuses a text without blocks, two blocks of one name, and a blank first line.
    pub fn new(blocks: Vec<Block>) -> Result<Text, TextError> {
        let Some(first) = blocks.first() else {
            return Err(TextError {
                block: String::new(),
                line: 0,
                kind: TextErrorKind::Empty,
            });
        };
        if first.lines[0].is_empty() {
            return Err(TextError {
                block: first.name.clone(),
                line: 1,
                kind: TextErrorKind::BlankStart,
            });
        }
        for (index, block) in blocks.iter().enumerate() {
            if blocks[..index]
                .iter()
                .any(|earlier| earlier.name == block.name)
            {
                return Err(TextError {
                    block: block.name.clone(),
                    line: 1,
                    kind: TextErrorKind::TwiceNamed,
                });
            }
        }
        Ok(Text { blocks })
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.blocks.iter().flat_map(|block| &block.lines) {
            writeln!(formatter, "{line}")?;
        }
        Ok(())
    }
}

/// Why lines are no [`Text`]: a fault of a template, or a value in it that no site may have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("block `{block}`, line {line}: {kind}")]
pub struct TextError {
    /// The block's name; empty when there is none.
    pub block: String,
    /// Counted from 1 within the block; 0 when there is none.
    pub line: usize,
    /// What is wrong with the line.
    pub kind: TextErrorKind,
}

/// What a line of a text must not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextErrorKind {
    /// The text has no block at all.
    #[error("a text needs at least one block")]
    Empty,
    /// The text would begin with a blank line.
    #[error("the first line of a text must not be blank")]
    BlankStart,
    /// The block has no line, or its last one is blank.
    #[error(
        "a block must not end in a blank line: put it before the first line of the block that follows"
    )]
    BlankEnd,
    /// The line ends in white space.
    #[error("white space at the end of the line")]
    TrailingSpace,
    /// The line has a control character or a Unicode line separator.
    #[error("a control character or line separator in the line")]
    Control,
    /// Another block of the text has this name.
    #[error("a second block of this name")]
    TwiceNamed,
}

fn breaks_a_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(result: Result<Block, TextError>) -> TextErrorKind {
        result.unwrap_err().kind
    }

    #[test]
    fn displays_lines_with_one_break_at_the_end() {
        let text = Text::new(vec![
            Block::new("a", "# a\n  indented\n").unwrap(),
            Block::new("b", "\n\t# b, after a blank line").unwrap(),
        ]);
        assert_eq!(
            text.unwrap().to_string(),
            "# a\n  indented\n\n\t# b, after a blank line\n"
        );
    }

    #[test]
    fn refuses_what_a_template_would_swallow() {
        assert_eq!(kind(Block::new("a", "")), TextErrorKind::BlankEnd);
        assert_eq!(kind(Block::new("a", "\n")), TextErrorKind::BlankEnd);
        assert_eq!(kind(Block::new("a", "x\n\n")), TextErrorKind::BlankEnd);
        assert_eq!(kind(Block::new("a", "x \ny")), TextErrorKind::TrailingSpace);
        assert_eq!(
            kind(Block::new("a", "x\n \ny")),
            TextErrorKind::TrailingSpace
        );
        for character in ['\r', '\u{85}', '\u{2028}', '\u{7}', '\u{7f}'] {
            assert_eq!(
                kind(Block::new("a", &format!("x{character}y"))),
                TextErrorKind::Control,
                "{character:?}"
            );
        }
    }

    #[test]
    fn refuses_texts_without_a_proper_start() {
        assert_eq!(
            Text::new(Vec::new()).unwrap_err().kind,
            TextErrorKind::Empty
        );
        let blank = Block::new("a", "\nx").unwrap();
        assert_eq!(
            Text::new(vec![blank]).unwrap_err().kind,
            TextErrorKind::BlankStart
        );
        let twice = vec![Block::new("a", "x").unwrap(), Block::new("a", "y").unwrap()];
        let error = Text::new(twice).unwrap_err();
        assert_eq!(
            error.to_string(),
            "block `a`, line 1: a second block of this name"
        );
    }
}
