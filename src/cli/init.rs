//! `invgen init`: a site file to start from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::config::site_schema::site_schema;

/// The commented site file.
const STARTER: &str = include_str!("../../templates/starter/site.yaml");
/// Where the starter's first line looks for the schema.
const SCHEMA: &str = "site.schema.json";

/// Write a commented site file to start from, and the schema that editors complete it with
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  invgen init                 site.yaml and site.schema.json in this directory
  invgen init lab/            the same in another directory

Existing files are never touched.")]
pub struct Init {
    /// Directory to write to; made if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,
}

impl Init {
    /// Writes both files, or neither when one of them exists.
    pub fn run(&self) -> Result<(), Failure> {
        let (site, schema) = (
            self.directory.join("site.yaml"),
            self.directory.join(SCHEMA),
        );
        for path in [&site, &schema] {
            if path.symlink_metadata().is_ok() {
                return Err(Failure::Call(format!(
                    "{} exists already; name another directory, or move it away first",
                    path.display()
                )));
            }
        }
        fs::create_dir_all(&self.directory).map_err(|error| {
            Failure::Call(format!(
                "{} cannot be made: {error}",
                self.directory.display()
            ))
        })?;
        create(&schema, &site_schema())?;
        create(&site, STARTER)?;
        let _ = writeln!(
            std::io::stderr(),
            "wrote {} and {}\nnext: edit the site file, then run `invgen validate -f {}`",
            site.display(),
            schema.display(),
            site.display()
        );
        Ok(())
    }
}

fn create(path: &Path, text: &str) -> Result<(), Failure> {
    fs::File::create_new(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::Call(format!("{} cannot be written: {error}", path.display())))
}
