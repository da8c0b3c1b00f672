//! Writers: rendered files into a directory, all or nothing, or as one stream.

mod dir;
mod error;
mod kept;
pub(crate) mod marker;
pub(crate) mod paths;
mod remove;
mod stream;
pub(crate) mod survey;
mod swap;

pub use dir::{Written, write};
pub use error::EmitError;
pub use stream::stream;

/// The file at the top of every written folder that makes it ours: a comment, then the paths of all other files.
pub const MARKER: &str = ".invgen";

/// One file of a rendered tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it goes below the output folder: relative, parts separated by `/`, none of them empty, `.` or `..`.
    pub path: String,
    /// All of its content.
    pub text: String,
}
