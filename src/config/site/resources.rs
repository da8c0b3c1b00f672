//! CPU, memory and local disk of a container.

use crate::config::decode::literal;
use crate::config::scalars::Quantity;

section! {
    /// CPU, memory and local disk of a container.
    pub struct Resources {
        /// What is reserved.
        requests: Amounts,
        /// The most it may use; above the memory it is killed.
        limits: Amounts,
    }
}

section! {
    /// Amounts of CPU, memory and local disk.
    pub struct Amounts {
        /// CPU, such as 500m or 2.
        cpu: Quantity,
        /// Memory, such as 512Mi or 2Gi.
        memory: Quantity,
        /// Local disk for logs and temporary files.
        ephemeral_storage as "ephemeral-storage": Quantity = literal("1Gi"),
    }
}
