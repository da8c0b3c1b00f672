//! The scanner counts characters, spans count bytes.

/// Byte offsets of characters, found by walking on from the last one asked for.
pub struct Offsets<'t> {
    text: &'t str,
    ascii: bool,
    character: usize,
    byte: usize,
}

impl<'t> Offsets<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            ascii: text.is_ascii(),
            character: 0,
            byte: 0,
        }
    }

    /// The byte at which the character with this index begins; the text's length when there is none.
    pub fn byte(&mut self, character: usize) -> usize {
        if self.ascii {
            return character.min(self.text.len());
        }
        // Events look back at most to where their own collection began, which is near; from the start it is always right.
        if character < self.character {
            let back = self.character - character;
            let mut before = self.text[..self.byte].char_indices().rev();
            self.byte = before.nth(back - 1).map_or(0, |(byte, _)| byte);
            self.character = character;
        }
        let ahead = character - self.character;
        if ahead > 0 {
            let mut after = self.text[self.byte..].char_indices();
            match after.nth(ahead) {
                Some((byte, _)) => self.byte += byte,
                None => return self.text.len(),
            }
            self.character = character;
        }
        self.byte
    }
}

#[cfg(test)]
mod tests {
    use super::Offsets;

    #[test]
    fn walks_both_ways_and_stays_inside() {
        let text = "aé→𝄞b";
        let starts: Vec<usize> = text
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([text.len()])
            .collect();
        for first in 0..starts.len() {
            for second in 0..starts.len() {
                let mut offsets = Offsets::new(text);
                assert_eq!(offsets.byte(first), starts[first]);
                assert_eq!(offsets.byte(second), starts[second]);
            }
        }
        assert_eq!(Offsets::new(text).byte(99), text.len());
        assert_eq!(Offsets::new("ab").byte(99), 2);
    }
}
