//! The command line: one file a verb, each with little logic.
//!
//! Exit codes: 0 done; 1 a difference was found; 2 the input or the call is wrong; 3 a fault of ours.

mod failure;
mod init;
mod input;
mod render;
mod schema;
mod secrets;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use failure::Failure;

/// Describe a research data repository once, in a typed file; get deployable Kubernetes manifests.
#[derive(Debug, Parser)]
#[command(
    name = "invgen",
    version,
    max_term_width = 100,
    propagate_version = true
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Render(render::Render),
    Validate(validate::Validate),
    Schema(schema::Schema),
    Init(init::Init),
    Secrets(secrets::Secrets),
}

/// Runs the command with the process's arguments; problems go to standard error.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nowhere is left to report that standard error or output is closed.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let result = match arguments.verb {
        Verb::Render(verb) => verb.run(),
        Verb::Validate(verb) => verb.run(),
        Verb::Schema(verb) => verb.run(),
        Verb::Init(verb) => verb.run(),
        Verb::Secrets(verb) => verb.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            failure.code()
        }
    }
}
