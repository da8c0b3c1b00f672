//! Texts of ConfigMaps: named templates, or plain files where no value is in them.

use super::Printer;
use super::lines::Guarded;
use crate::chart::tree::TextNode;
use crate::emit::File;
use crate::params::Root;

impl Printer<'_> {
    /// The file that holds a text.
    pub(super) fn text(&self, text: &TextNode) -> File {
        if self.fixed.contains(text.name.as_str()) {
            let mut content = String::new();
            for line in text.blocks.iter().flat_map(|block| &block.lines) {
                for piece in line {
                    if let crate::chart::tree::Piece::Literal(literal) = piece {
                        content.push_str(literal);
                    }
                }
                content.push('\n');
            }
            return File {
                path: format!("files/{}", text.name),
                text: content,
            };
        }
        let (config, file) = text.name.split_once('/').unwrap_or(("", &text.name));
        // What all blocks need is what the ConfigMap needs: where there is none, nobody asks for the text.
        let common = text.common();
        let blocks: Vec<Guarded> = text
            .blocks
            .iter()
            .map(|block| Guarded {
                guard: block
                    .guard
                    .iter()
                    .filter(|literal| !common.contains(literal))
                    .cloned()
                    .collect(),
                lines: block.lines.iter().map(|line| self.line(line)).collect(),
                with: None,
            })
            .collect();
        let mut lines = vec![format!(
            "{{{{- define \"{}\" -}}}}",
            self.text_name(&text.name)
        )];
        lines.extend(self.group(&blocks, 0, Root::Dot));
        lines.push("{{- end }}\n".to_owned());
        File {
            path: format!("templates/{config}/_{file}.tpl"),
            text: lines.join("\n"),
        }
    }

    /// An expression for a text without its final newline.
    pub(super) fn text_of(&self, name: &str, root: Root) -> String {
        let dot = root.dot();
        if self.fixed.contains(name) {
            let files = match root {
                Root::Dot => ".Files",
                Root::Dollar => "$.Files",
            };
            format!("{files}.Get \"files/{name}\" | trimSuffix \"\\n\"")
        } else {
            format!("include \"{}\" {dot}", self.text_name(name))
        }
    }

    fn text_name(&self, name: &str) -> String {
        self.own(&format!("text.{}", name.replace('/', ".")))
    }

    /// The name of the template that digests these texts: the ConfigMaps that they are of.
    pub(super) fn checksum_name(&self, names: &[String]) -> String {
        let mut configs: Vec<&str> = names
            .iter()
            .filter_map(|name| Some(name.split_once('/')?.0))
            .collect();
        configs.dedup();
        self.own(&format!("checksum.{}", configs.join("-")))
    }

    /// An expression for the digest of texts.
    pub(super) fn checksum(&self, names: &[String], root: Root) -> String {
        format!("include \"{}\" {}", self.checksum_name(names), root.dot())
    }
}
