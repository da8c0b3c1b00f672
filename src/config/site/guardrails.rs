//! The namespace and its limits.

use crate::config::decode::Int;
use crate::config::scalars::Quantity;

section! {
    /// The namespace and its limits.
    pub struct Guardrails {
        /// Whether the Namespace object is written; switch off where administrators make namespaces.
        create_namespace: bool = true,
        /// A ResourceQuota: the most that all pods of the namespace may use together.
        quota: Option<Quota> = None,
        /// A LimitRange: what a container gets that names no resources of its own.
        limit_range: Option<LimitRange> = None,
    }
}

section! {
    /// The most that all pods of the namespace may use together.
    pub struct Quota {
        /// Sum of CPU requests.
        requests_cpu: Quantity,
        /// Sum of memory requests.
        requests_memory: Quantity,
        /// Sum of CPU limits.
        limits_cpu: Quantity,
        /// Sum of memory limits.
        limits_memory: Quantity,
        /// Sum of claimed storage.
        requests_storage: Quantity,
        /// Number of pods.
        pods: Int<1, 10_000>,
    }
}

section! {
    /// What a container gets that names no resources of its own.
    pub struct LimitRange {
        /// CPU request.
        default_request_cpu: Quantity,
        /// Memory request.
        default_request_memory: Quantity,
        /// CPU limit.
        default_cpu: Quantity,
        /// Memory limit.
        default_memory: Quantity,
    }
}
