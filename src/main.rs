//! The `invgen` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    invgen::cli::main()
}
