//! Signing in.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::diag::{Diagnostic, codes};

const ENABLED: &str = "auth.local.enabled";
const REGISTRATION: &str = "auth.local.registration";

/// Refuses a site on which nobody can sign in: passwords are the one way that the site file knows so far.
pub fn nobody(case: &Case) -> Vec<Diagnostic> {
    if case.site.auth.local.enabled {
        return Vec::new();
    }
    vec![
        case.error(
            codes::NOBODY_SIGNS_IN,
            &[part(ENABLED)],
            "nobody can sign in: local passwords are off, and there is no other way",
        )
        .because("other ways to sign in cannot be described in a site file yet")
        .help("write `auth: {local: {enabled: true, registration: false}}`, and let administrators make the accounts"),
    ]
}

/// Warns when anybody may get an account with a password in production. Without registration the administrators have
/// decided who gets one, and there is nothing better to advise yet.
pub fn local_alone(case: &Case) -> Vec<Diagnostic> {
    let local = &case.site.auth.local;
    if !case.in_production() || !local.enabled || !local.registration {
        return Vec::new();
    }
    vec![
        case.warning(
            codes::LOCAL_LOGIN_ALONE,
            &[part(REGISTRATION), part(ENABLED)],
            "in production, passwords are the only way to sign in, and anybody may register",
        )
        .because(
            "accounts made by robots fill a public repository with spam, and a password that leaked elsewhere opens an account \
             here; single sign-on would prevent both, but cannot be described in a site file yet",
        )
        .help("write `auth: {local: {registration: false}}` and let administrators make the accounts, unless everybody is welcome"),
    ]
}
