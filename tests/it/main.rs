//! All integration tests, in one program so that they link once.

mod emit;
mod support;
mod yaml_traps;
