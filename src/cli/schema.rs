//! `invgen schema`: the JSON Schema of the site file.

use std::io::Write;

use clap::Args;

use super::Failure;
use crate::config::site_schema::site_schema;

/// Print the JSON Schema of the site file
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  invgen schema >site.schema.json

Editors complete and check a site file whose first line is
  # yaml-language-server: $schema=./site.schema.json")]
pub struct Schema {}

impl Schema {
    /// Prints the schema.
    #[expect(clippy::unused_self, reason = "all verbs are called alike")]
    pub fn run(&self) -> Result<(), Failure> {
        match std::io::stdout().lock().write_all(site_schema().as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Call(
                format!("standard output cannot be written: {error}"),
            )),
            _ => Ok(()),
        }
    }
}
