//! `invgen render`: the manifests of a site.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Failure;
use super::input::Input;
use crate::chart::{Chart, Profile, immutable};
use crate::config::load::Loaded;
use crate::config::site::Site;
use crate::emit::File;
use crate::{check, emit, render};

/// Write the Kubernetes manifests of a site, or its Helm chart
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  invgen render | kubectl apply --server-side -f -    the site in site.yaml, in the profile prod
  invgen render -p staging -o deploy/staging          a directory, a file for each object
  invgen render -p staging -o deploy/staging --check  is the directory what would be written?
  invgen render --set web.replicas=3 --set image.tag=2026.12.0
  invgen render --format helm -o chart                a Helm chart with the values of all profiles

A directory is replaced as a whole or not at all; invgen refuses one that holds files of others.
Exit codes: 0 done, 1 --check found a difference, 2 the site file or the call is wrong.")]
pub struct Render {
    #[command(flatten)]
    input: Input,

    /// What to write
    #[arg(long, value_enum, default_value_t = Form::Manifests)]
    format: Form,

    /// A chart of the one profile, without values of the others
    #[arg(long)]
    alone: bool,

    /// Directory to write, a file for each object; without it, manifests go to standard output
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Write nothing; list what in the directory is not what would be written, and exit with 1 if there is anything
    #[arg(long, requires = "output")]
    check: bool,
}

/// What a site is rendered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Plain manifests, as kubectl applies them
    Manifests,
    /// A Helm chart, whose values are those of the profile
    Helm,
}

impl Form {
    /// What another program owns in a directory of ours: `helm dependency build` puts these beside the chart's files.
    fn kept(self) -> &'static [&'static str] {
        match self {
            Self::Manifests => &[],
            Self::Helm => &["Chart.lock", "charts"],
        }
    }
}

impl Render {
    fn files(&self) -> Result<Vec<File>, Failure> {
        let loaded = self.input.site()?;
        match self.format {
            Form::Manifests if self.alone => Err(Failure::Call(
                "--alone is for charts: manifests are always those of one profile".to_owned(),
            )),
            Form::Manifests => self.manifests(&loaded.site),
            Form::Helm if self.output.is_none() => Err(Failure::Call(
                "a chart is a directory: name one with `-o DIR`".to_owned(),
            )),
            Form::Helm => self.chart(loaded),
        }
    }

    fn manifests(&self, site: &Site) -> Result<Vec<File>, Failure> {
        let mut files = render::manifests(site)?;
        let beside = render::beside(site)?;
        if self.output.is_some() {
            files.extend(beside);
        } else if !beside.is_empty() {
            let _ = writeln!(
                std::io::stderr(),
                "note: these are the manifests alone; `-o DIR` also writes the values of the charts that run services"
            );
        }
        Ok(files)
    }

    fn chart(&self, loaded: Loaded) -> Result<Vec<File>, Failure> {
        let others = if self.alone {
            Vec::new()
        } else {
            self.input.other_profiles(&loaded)?
        };
        let chosen = loaded.profile.clone();
        let mut all = others;
        all.push(loaded);
        all.sort_by(|one, other| one.profile.cmp(&other.profile));
        let profiles: Vec<_> = all
            .iter()
            .map(|loaded| Profile {
                name: &loaded.profile,
                site: &loaded.site,
            })
            .collect();
        let Some(base) = profiles.iter().find(|profile| profile.name == chosen) else {
            return Ok(Vec::new());
        };
        let chart = render::helm_chart(&profiles, base)?;
        tell_what_cannot_change(&chart, &chosen);
        Ok(chart.files)
    }

    /// Renders, writes or compares.
    pub fn run(&self) -> Result<(), Failure> {
        let files = self.files()?;
        let stdout = std::io::stdout();
        match &self.output {
            None => emit::stream(stdout.lock(), files.iter().map(|file| file.text.as_str()))?,
            Some(dir) if self.check => {
                let differences = check::differences(dir, &files, self.format.kept())?;
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
                let written = emit::write(dir, &files, self.format.kept())?;
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

/// Profiles that no upgrade leads between.
fn tell_what_cannot_change(chart: &Chart, base: &str) {
    let values = |name: &str| chart.values.iter().find(|(known, _)| known == name);
    let Some((_, own)) = values(base) else { return };
    for (name, other) in &chart.values {
        let differing = immutable::differing(&chart.immutable, own, other);
        if !differing.is_empty() {
            let _ = writeln!(
                std::io::stderr(),
                "note: {base} and {name} differ in {}, which cannot change once the chart is installed: install each profile as a release of its own",
                differing.join(", ")
            );
        }
    }
}
