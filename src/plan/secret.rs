//! The catalogue of secrets: what the site needs, never what it is.

use super::Par;

/// Where pods mount Secrets, each key as a file `<id>/<file>` below. The texts under `templates/` read it from there.
pub const SECRETS_FOLDER: &str = "/run/secrets/invgen";

/// A Secret that pods read. Its values are made elsewhere; this names them.
#[derive(Clone, Debug)]
pub struct SecretSpec {
    /// What it is called inside invgen and under the mount point: `postgresql`.
    pub id: &'static str,
    /// Name of the Secret object.
    pub name: Par<String>,
    /// Its keys.
    pub keys: Vec<SecretKey>,
}

/// One key of a Secret.
#[derive(Clone, Debug)]
pub struct SecretKey {
    /// The key.
    pub key: &'static str,
    /// The file that our pods read it from, below `<id>/`; `None` for what others alone read.
    pub file: Option<&'static str>,
    /// What it is for, one sentence.
    pub purpose: &'static str,
    /// How a value is generated.
    pub strength: Strength,
}

/// Shape of a generated value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// A password of letters and digits: safe in URLs, configuration files and shells. 32 characters, over 190 bits.
    Password,
    /// A signing key or salt of letters and digits. 64 characters, over 380 bits.
    Key,
    /// Not ours to choose: somebody else's system decides it.
    Given,
}
