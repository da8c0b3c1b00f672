//! Texts that pods mount.

use super::text::Text;

/// A ConfigMap: files under one mount point.
#[derive(Clone, Debug)]
pub struct ConfigMap {
    /// What it configures: `web`, `postgresql`; the object's name is the site's name, a dash and this.
    pub id: String,
    /// Its files, in order.
    pub files: Vec<ConfigFile>,
}

/// One file of a ConfigMap.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// File name, the key in the ConfigMap.
    pub name: &'static str,
    /// Its text.
    pub text: Text,
}
