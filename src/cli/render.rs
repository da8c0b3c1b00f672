//! `invgen render`: the manifests of a site.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::input::Input;
use crate::{check, emit, render};

/// Write the Kubernetes manifests of a site
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  invgen render | kubectl apply --server-side -f -    the site in site.yaml, in the profile prod
  invgen render -p staging -o deploy/staging          a directory, a file for each object
  invgen render -p staging -o deploy/staging --check  is the directory what would be written?
  invgen render --set web.replicas=3 --set image.tag=2026.12.0

A directory is replaced as a whole or not at all; invgen refuses one that holds files of others.
Exit codes: 0 done, 1 --check found a difference, 2 the site file or the call is wrong.")]
pub struct Render {
    #[command(flatten)]
    input: Input,

    /// Directory to write, a file for each object; standard output if not given
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Write nothing; list what in the directory is not what would be written, and exit with 1 if there is anything
    #[arg(long, requires = "output")]
    check: bool,
}

impl Render {
    /// Renders, writes or compares.
    pub fn run(&self) -> Result<(), Failure> {
        let site = self.input.site()?.site;
        let files = render::manifests(&site)?;
        let stdout = std::io::stdout();
        match &self.output {
            None => emit::stream(stdout.lock(), files.iter().map(|file| file.text.as_str()))?,
            Some(dir) if self.check => {
                let differences = check::differences(dir, &files)?;
                if !differences.is_empty() {
                    let mut out = stdout.lock();
                    for difference in &differences {
                        // The exit code tells even when nobody reads.
                        let _ = writeln!(out, "{difference}");
                    }
                    return Err(Failure::Difference);
                }
            }
            Some(dir) => {
                let written = emit::write(dir, &files)?;
                let _ = writeln!(
                    std::io::stderr(),
                    "{}: {} files added, {} changed, {} removed, {} unchanged",
                    dir.display(),
                    written.added,
                    written.changed,
                    written.removed,
                    written.unchanged
                );
            }
        }
        Ok(())
    }
}
