//! The built-in profiles, embedded from `profiles/`.

use std::sync::Arc;

use super::site::Environment;
use crate::diag::Source;

/// The profile that is used when none is named: the strictest.
pub const DEFAULT: &str = "prod";

/// A profile that every site has.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for; a site's own profile of the same environment builds on it.
    pub environment: Environment,
    text: &'static str,
}

/// All built-in profiles, the least strict first.
pub const BUILT_IN: [BuiltIn; 3] = [
    BuiltIn {
        name: "dev",
        environment: Environment::Development,
        text: include_str!("../../profiles/dev.yaml"),
    },
    BuiltIn {
        name: "staging",
        environment: Environment::Staging,
        text: include_str!("../../profiles/staging.yaml"),
    },
    BuiltIn {
        name: DEFAULT,
        environment: Environment::Production,
        text: include_str!("../../profiles/prod.yaml"),
    },
];

impl BuiltIn {
    /// The built-in profile of this name.
    pub fn named(name: &str) -> Option<Self> {
        BUILT_IN.into_iter().find(|profile| profile.name == name)
    }

    /// The built-in profile of an environment, by the word that a site file writes.
    pub fn of_environment(word: &str) -> Option<Self> {
        BUILT_IN
            .into_iter()
            .find(|profile| profile.environment.as_str() == word)
    }

    /// Its text, as diagnostics name it.
    pub fn source(self) -> Arc<Source> {
        Arc::new(Source {
            name: format!("profile {} (built in)", self.name),
            text: self.text.to_owned(),
        })
    }
}
