//! Volumes of services, and the one with the uploaded files.

use crate::config::scalars::{Quantity, StorageClassName};
use crate::config::site::{AccessMode, Site};
use crate::params::{Formula, Scope, any};
use crate::plan::{Claim, Gate};

/// The shared volume with uploaded files.
pub struct SharedFiles {
    /// The volume.
    pub claim: Claim,
    /// Whether a single node mounts it.
    pub on_one_node: Gate,
}

/// The volume with uploaded files.
pub fn files(scope: &Scope, site: &Site) -> SharedFiles {
    let own = scope.at("storage").at("files");
    let files = &site.storage.files;
    let mode = own.text("accessMode", &files.access_mode);
    let on_one_node = own.define(
        "onOneNode",
        "Whether a single node mounts the uploaded files, so that all pods that use them run there.",
        Formula::from(&mode).is(AccessMode::ReadWriteOnce.as_str()),
    );
    SharedFiles {
        claim: claim(
            &own,
            site,
            "files",
            &files.size,
            files.class_name.as_ref(),
            files.access_mode,
        ),
        on_one_node: on_one_node.gate(),
    }
}

/// A volume of the section at `scope`; a class of its own goes before that of all volumes.
pub fn claim(
    scope: &Scope,
    site: &Site,
    id: &'static str,
    amount: &Quantity,
    named: Option<&StorageClassName>,
    mode: AccessMode,
) -> Claim {
    let storage = scope.top().at("storage");
    let named = scope.optional("className", named);
    let usual = storage.optional("className", site.storage.class_name.as_ref());
    let has_class = scope.define(
        "hasStorageClass",
        "Whether a storage class is named, for this volume or for all.",
        any([(&named.given).into(), (&usual.given).into()]),
    );
    let class = scope.define(
        "storageClass",
        "The storage class of this volume, else that of all.",
        named.formula().or(usual.formula()),
    );
    Claim {
        id,
        size: scope.quantity("size", amount).par(),
        has_class: has_class.gate(),
        class: class.par(),
        access_mode: scope.text("accessMode", &mode).par(),
    }
}
