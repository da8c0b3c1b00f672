//! Leaves that stand for a text, or for the digest of some.
//!
//! Plain manifests put the text or its digest there, a chart an expression.

use std::fmt;

/// Begins every such leaf; the control character keeps any value of a site from looking like it.
const TEXT: &str = "\u{1}text:";
const DIGEST: &str = "\u{1}digest-of:";

/// What a leaf stands for. Texts are named by their ConfigMap and file, `web/nginx.conf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A text.
    Text(String),
    /// SHA-256 of some texts, in this order.
    Digest(Vec<String>),
}

impl Marker {
    /// Reads a leaf; `None` for an ordinary one.
    pub fn read(leaf: &str) -> Option<Self> {
        if let Some(name) = leaf.strip_prefix(TEXT) {
            return Some(Self::Text(name.to_owned()));
        }
        let names = leaf.strip_prefix(DIGEST)?;
        Some(Self::Digest(
            names.split(',').map(ToOwned::to_owned).collect(),
        ))
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(name) => write!(f, "{TEXT}{name}"),
            Self::Digest(names) => write!(f, "{DIGEST}{}", names.join(",")),
        }
    }
}
