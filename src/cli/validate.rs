//! `invgen validate`: everything that is wrong with a site.

use clap::Args;

use super::Failure;
use super::input::Input;
use crate::config::profiles::DEFAULT;
use crate::diag::{Diagnostic, sort};
use crate::validate::{across, validate};

/// Check a site file: every field, and the rules across fields
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  invgen validate                             all profiles of the site in site.yaml
  invgen validate -p staging                  one profile
  invgen validate --message-format github     annotations on a pull request
  invgen validate --message-format sarif >invgen.sarif

Without --profile, the profile prod and those that the site file names are all checked.
Problems go to standard error; as json, sarif or github to standard output.
Exit codes: 0 no error (warnings are shown), 2 errors.")]
pub struct Validate {
    #[command(flatten)]
    input: Input,
}

impl Validate {
    /// Checks, and shows every problem once.
    pub fn run(mut self) -> Result<(), Failure> {
        self.input.is_report = true;
        let parsed = self.input.parsed()?;
        let mut profiles = match self.input.profile.as_deref() {
            Some(profile) => vec![profile],
            None => parsed.own_profiles(),
        };
        if self.input.profile.is_none() && !profiles.contains(&DEFAULT) {
            profiles.insert(0, DEFAULT);
        }
        let mut all = Vec::new();
        let mut sites = Vec::new();
        for profile in &profiles {
            let problems = match parsed.load(Some(profile), &self.input.sets) {
                Ok(loaded) => {
                    let problems = validate(&loaded);
                    sites.push(loaded);
                    problems
                }
                Err(problems) => problems,
            };
            for problem in problems {
                add(&mut all, problem, profile);
            }
        }
        for problem in &mut all {
            // In all profiles that were checked: then it need not be said.
            if problem.profiles.len() == profiles.len() {
                problem.profiles.clear();
            }
        }
        all.extend(across(&sites));
        sort(&mut all);
        self.input.accept(&all)
    }
}

/// The same problem in several profiles is one problem. So is a bad value in a profile's section, which has one path from
/// inside that profile and another from outside.
fn add(all: &mut Vec<Diagnostic>, mut problem: Diagnostic, profile: &str) {
    let repeats = |known: &Diagnostic| {
        let one = known.is_at_same_place(&problem)
            && (is_inside(&known.path, &problem.path) || is_inside(&problem.path, &known.path));
        one || known.is_same(&problem)
    };
    if let Some(known) = all.iter_mut().find(|known| repeats(known)) {
        known.profiles.push(profile.to_owned());
    } else {
        problem.profiles = vec![profile.to_owned()];
        all.push(problem);
    }
}

/// Whether a path is another, seen from outside a profile's section: `profiles.dev.web.replicas` and `web.replicas`.
fn is_inside(outer: &str, inner: &str) -> bool {
    outer
        .strip_prefix("profiles.")
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(_, rest)| rest == inner)
}
