//! `invgen secrets`: a first set of strong passwords and keys.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::input::Input;
use crate::emit::MARKER;
use crate::render;
use crate::secrets::{catalogue, generate};

/// Generate a first set of Secrets with strong random values
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  invgen secrets --list                     what the site needs, without any value
  invgen secrets -o ../lab-secrets.yaml     a file only you can read; then: kubectl create -f ../lab-secrets.yaml
  invgen secrets -o - | kubeseal -o yaml >sealed.yaml

An existing file is never overwritten, and nothing is written into a rendered directory.
Keep the file out of version control. A Secret is made once: `kubectl create` refuses to replace it.")]
pub struct Secrets {
    #[command(flatten)]
    input: Input,

    /// File to write, readable by you alone; `-` for a pipe
    #[arg(short, long, value_name = "FILE", required_unless_present = "list")]
    output: Option<PathBuf>,

    /// List names, keys and purposes, and generate nothing
    #[arg(long, conflicts_with = "output")]
    list: bool,
}

impl Secrets {
    /// Lists or generates.
    pub fn run(&self) -> Result<(), Failure> {
        let plan = render::plan(&self.input.site_without_warnings()?.site)?;
        let Some(path) = &self.output else {
            return print(&catalogue(&plan));
        };
        if path == Path::new("-") {
            if std::io::stdout().is_terminal() {
                return Err(Failure::Call(
                    "secrets are not shown on a terminal; pipe them on, or name a file".into(),
                ));
            }
            return print(&generate(&plan)?);
        }
        outside_of_rendered(path)?;
        write_new(path, || generate(&plan))?;
        let _ = writeln!(
            std::io::stderr(),
            "wrote {}, which only you can read\nnext: kubectl create -f {0}, and keep a copy where passwords are kept",
            path.display()
        );
        Ok(())
    }
}

fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Call(
            format!("standard output cannot be written: {error}"),
        )),
        _ => Ok(()),
    }
}

/// Refuses a file below a rendered directory, which ends up in version control.
fn outside_of_rendered(path: &Path) -> Result<(), Failure> {
    let absolute = std::path::absolute(path)
        .map_err(|error| Failure::Call(format!("{} is no path: {error}", path.display())))?;
    match absolute
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(MARKER).is_file())
    {
        Some(folder) => Err(Failure::Call(format!(
            "{} lies in {}, which holds rendered manifests; secrets do not belong there, name a file elsewhere",
            path.display(),
            folder.display()
        ))),
        None => Ok(()),
    }
}

fn write_new(
    path: &Path,
    text: impl FnOnce() -> Result<String, crate::secrets::Fault>,
) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path).map_err(|error| {
        Failure::Call(match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                format!(
                    "{} exists already, and secrets are never overwritten; name another file",
                    path.display()
                )
            }
            _ => format!("{} cannot be written: {error}", path.display()),
        })
    })?;
    let text = text()?;
    file.write_all(text.as_bytes())
        .map_err(|error| Failure::Call(format!("{} cannot be written: {error}", path.display())))
}
