//! The `invgen` command.
fn main() {}
