//! What every verb that reads a site file has in common.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;

use super::Failure;
use crate::config::load::{Loaded, Parsed, parse};
use crate::config::profiles::BUILT_IN;
use crate::config::read::read;
use crate::diag::{Diagnostic, Format, Severity, show, summary};
use crate::validate::validate;

/// Which site, in which profile.
#[derive(Args, Debug)]
pub struct Input {
    /// The site file
    #[arg(short, long, value_name = "FILE", default_value = "site.yaml")]
    file: PathBuf,

    /// The profile: dev, staging, prod, or one of the site file's own
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Sets one value on top of everything else, such as web.replicas=3; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub sets: Vec<String>,

    /// How problems are shown
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    message_format: Format,

    /// Whether the report is what the verb is for: then a report for programs goes to standard output.
    #[arg(skip)]
    pub is_report: bool,
}

impl Input {
    /// Parses the site file; shows what is wrong with it.
    pub fn parsed(&self) -> Result<Parsed, Failure> {
        let source = read(&self.file).map_err(|problem| self.refuse(&[problem]))?;
        parse(source).map_err(|problems| self.refuse(&problems))
    }

    /// The site, typed and valid in its profile; shows errors and warnings.
    pub fn site(&self) -> Result<Loaded, Failure> {
        let loaded = self.loaded()?;
        self.accept(&validate(&loaded))?;
        Ok(loaded)
    }

    /// The same, where warnings are beside the point: shows errors alone.
    pub fn site_without_warnings(&self) -> Result<Loaded, Failure> {
        let loaded = self.loaded()?;
        let mut problems = validate(&loaded);
        problems.retain(|problem| problem.severity == Severity::Error);
        self.accept(&problems)?;
        Ok(loaded)
    }

    /// The site in its other profiles. One that the site file has a section for must be valid; a built-in one that it does
    /// not mention is left out where the site is not valid in it, and that is said.
    pub fn other_profiles(&self, chosen: &Loaded) -> Result<Vec<Loaded>, Failure> {
        let parsed = self.parsed()?;
        let own: Vec<String> = parsed
            .own_profiles()
            .into_iter()
            .map(ToOwned::to_owned)
            .collect();
        let built_in = BUILT_IN.iter().map(|profile| profile.name.to_owned());
        let mut names: Vec<String> = built_in.filter(|name| !own.contains(name)).collect();
        names.extend(own.clone());
        names.retain(|name| *name != chosen.profile);
        names.sort();
        let mut others = Vec::new();
        for name in names {
            let problems = match parsed.load(Some(&name), &self.sets) {
                Ok(loaded) => {
                    let mut problems = validate(&loaded);
                    problems.retain(|problem| problem.severity == Severity::Error);
                    if problems.is_empty() {
                        others.push(loaded);
                        continue;
                    }
                    problems
                }
                Err(problems) => problems,
            };
            if own.contains(&name) {
                return Err(self.refuse(&problems));
            }
            let _ = writeln!(
                std::io::stderr(),
                "note: the profile {name} is left out, because the site is not valid in it; `invgen validate -p {name}` says why"
            );
        }
        Ok(others)
    }

    fn loaded(&self) -> Result<Loaded, Failure> {
        self.parsed()?
            .load(self.profile.as_deref(), &self.sets)
            .map_err(|problems| self.refuse(&problems))
    }

    /// Shows problems; refuses when one of them is an error.
    pub fn accept(&self, problems: &[Diagnostic]) -> Result<(), Failure> {
        if problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
        {
            return Err(self.refuse(problems));
        }
        // An empty report still is one where somebody asked for it, or a program reads it.
        if !problems.is_empty() || self.is_report || !matches!(self.message_format, Format::Text) {
            self.show(problems);
        }
        Ok(())
    }

    /// Shows problems, at least one of which is an error.
    pub fn refuse(&self, problems: &[Diagnostic]) -> Failure {
        self.show(problems);
        Failure::Input
    }

    fn show(&self, problems: &[Diagnostic]) {
        let stderr = std::io::stderr();
        let colour = stderr.is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let mut text = show(problems, self.message_format, colour);
        if matches!(self.message_format, Format::Text) {
            if !problems.is_empty() {
                text.push('\n');
            }
            text.push_str(&summary(problems));
            text.push('\n');
        }
        let for_people = matches!(self.message_format, Format::Text);
        // When nobody is listening, the exit code still tells.
        let _ = if self.is_report && !for_people {
            std::io::stdout().lock().write_all(text.as_bytes())
        } else {
            stderr.lock().write_all(text.as_bytes())
        };
    }
}
