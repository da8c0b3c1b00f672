//! Sentences in lines.

/// Most characters of a line.
const WIDTH: usize = 100;

/// The words of one paragraph in lines of at most this many characters; a word is never broken.
fn lines(paragraph: &str, width: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut length = 0;
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let own = word.chars().count();
        match all.last_mut() {
            Some(line) if length + 1 + own <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + own;
            }
            _ => {
                all.push(word.to_owned());
                length = own;
            }
        }
    }
    all
}

/// Appends paragraphs as comment lines, at this indentation.
pub fn comment(out: &mut String, text: &str, indent: usize) {
    let blank = " ".repeat(indent);
    for paragraph in text.split('\n') {
        let lines = lines(paragraph, WIDTH - indent - "# ".len());
        if lines.is_empty() {
            out.push_str(&blank);
            out.push_str("#\n");
        }
        for line in lines {
            for part in [&blank, "# ", &line, "\n"] {
                out.push_str(part);
            }
        }
    }
}

/// Appends one paragraph of Markdown, behind a blank line.
pub fn paragraph(out: &mut String, text: &str) {
    out.push('\n');
    for line in lines(text, WIDTH) {
        out.push_str(&line);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_before_the_width() {
        let mut out = String::new();
        let text = format!("{} end\n\n{}", "four ".repeat(40), "x".repeat(120));
        comment(&mut out, &text, 4);
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(lines.len(), 5);
        assert!(lines[..3].iter().all(|line| line.len() <= WIDTH));
        assert_eq!(lines[0], format!("    # {}", ["four"; 19].join(" ")));
        assert!(lines[2].ends_with(" end"));
        assert_eq!(lines[3], "    #");
        assert_eq!(lines[4], format!("    # {}", "x".repeat(120)));
    }

    #[test]
    fn a_paragraph_stands_behind_a_blank_line() {
        let mut out = "# a\n".to_owned();
        paragraph(&mut out, "Two  words.");
        assert_eq!(out, "# a\n\nTwo words.\n");
    }
}
