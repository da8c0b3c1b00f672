//! Persistent volumes.

use super::{Gate, Par};

/// A request for storage.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What it holds: `files`, `data`.
    pub id: &'static str,
    /// Size, as a Kubernetes quantity.
    pub size: Par<String>,
    /// Whether a storage class is named; if not, the cluster's default serves.
    pub has_class: Gate,
    /// Name of the StorageClass.
    pub class: Par<String>,
    /// Access mode, in Kubernetes' words.
    pub access_mode: Par<String>,
}
