//! How a command ends when it does not succeed.

use std::io::Write;
use std::process::ExitCode;

use crate::emit::EmitError;
use crate::{chart, render, secrets};

/// Why a command did not succeed; decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// A difference was found, which is what was asked for (code 1). It has been shown already.
    Difference,
    /// The site file is wrong (code 2). What is wrong has been shown already.
    Input,
    /// The call is wrong, or its target cannot be written (code 2).
    Call(String),
    /// A fault of ours (code 3).
    Fault(anyhow::Error),
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Difference => 1,
            Self::Input | Self::Call(_) => 2,
            Self::Fault(_) => 3,
        })
    }

    /// Says on standard error what has not been shown yet.
    pub fn tell(&self) {
        let text = match self {
            Self::Difference | Self::Input => return,
            Self::Call(message) => format!("error: {message}"),
            Self::Fault(error) => format!(
                "error: invgen failed, and the site file is not to blame: {error:#}\n\
                 help: please report this with the site file, without its passwords"
            ),
        };
        // When standard error is closed nobody is listening, and the exit code still tells.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

impl From<EmitError> for Failure {
    fn from(error: EmitError) -> Self {
        if error.is_fault() {
            Self::Fault(error.into())
        } else {
            Self::Call(error.to_string())
        }
    }
}

impl From<render::Fault> for Failure {
    fn from(fault: render::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<secrets::Fault> for Failure {
    fn from(fault: secrets::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<chart::Fault> for Failure {
    fn from(fault: chart::Fault) -> Self {
        match &fault {
            chart::Fault::Profiles { profile, .. } => Self::Call(format!(
                "{fault}\nhelp: make them equal there, or render a chart for each: `--profile {profile} --alone` leaves the others out"
            )),
            chart::Fault::Values { .. } => Self::Call(format!(
                "{fault}\nhelp: write them in a way that Helm can compute with, such as `1G` for `1e9`, and times of at least a second"
            )),
            _ => Self::Fault(fault.into()),
        }
    }
}
