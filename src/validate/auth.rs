//! Signing in. Where the site file says nothing of it, the image's own settings decide, and there is nothing to check.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::config::site::LocalAuth;
use crate::diag::{Diagnostic, codes};

const ENABLED: &str = "auth.local.enabled";
const REGISTRATION: &str = "auth.local.registration";

/// Warns of a site file that leaves no way to sign in. An error it is not, because the image's own settings may have one.
pub fn nobody(case: &Case) -> Vec<Diagnostic> {
    if case
        .site
        .auth
        .local
        .as_ref()
        .is_none_or(|local| local.enabled)
    {
        return Vec::new();
    }
    vec![
        case.warning(
            codes::NOBODY_SIGNS_IN,
            &[part(ENABLED)],
            "local passwords are off, and the site file names no other way to sign in",
        )
        .because("single sign-on cannot be described in a site file yet: nobody can sign in unless the image's own invenio.cfg has it")
        .help("write `auth: {local: {enabled: true, registration: false}}`, and let administrators make the accounts, unless it has"),
    ]
}

/// Warns when anybody may get an account with a password in production. Without registration the administrators have
/// decided who gets one, and there is nothing better to advise yet.
pub fn local_alone(case: &Case) -> Vec<Diagnostic> {
    let open = |local: &LocalAuth| local.enabled && local.registration;
    if !case.in_production() || !case.site.auth.local.as_ref().is_some_and(open) {
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
