//! Volumes.

use crate::config::scalars::{Quantity, StorageClassName};

section! {
    /// Volumes.
    pub struct Storage {
        /// Storage class of all volumes that name no other; the cluster's default if not set.
        class_name: Option<StorageClassName> = None,
        /// What happens to the volumes of a service that is deleted.
        retention: Retention,
        /// The volume with the uploaded files.
        files: Files,
    }
}

section! {
    /// The volume with the uploaded files.
    pub struct Files {
        /// Size of the volume.
        size: Quantity,
        /// How many nodes may mount it; ReadWriteMany once web or workers run on several.
        access_mode: AccessMode,
        /// Storage class; `storage.className` if not set.
        class_name: Option<StorageClassName> = None,
    }
}

choice! {
    /// How many nodes may mount a volume.
    pub enum AccessMode {
        /// One node at a time.
        ReadWriteOnce = "ReadWriteOnce",
        /// Many nodes.
        ReadWriteMany = "ReadWriteMany",
    }
}

choice! {
    /// What happens to the volumes of a service that is deleted.
    pub enum Retention {
        /// They stay until somebody deletes them.
        Retain = "Retain",
        /// They go with the service.
        Delete = "Delete",
    }
}
