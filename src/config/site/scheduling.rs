//! Which nodes pods run on, and how replicas are kept apart.

use std::collections::BTreeMap;

use crate::config::scalars::{LabelKey, LabelValue, ObjectName};

section! {
    /// Which nodes pods run on, and how replicas are kept apart.
    pub struct Scheduling {
        /// How strictly replicas are kept on different nodes.
        spread: SpreadMode,
        /// Whether PodDisruptionBudgets let node maintenance take one pod of a component at a time.
        disruption_budgets: bool,
        /// Labels that a node must have.
        node_selector: BTreeMap<LabelKey, LabelValue> = BTreeMap::new(),
        /// Taints that pods tolerate.
        tolerations: Vec<Toleration> = Vec::new(),
        /// Name of a PriorityClass of the cluster.
        priority_class_name: Option<ObjectName> = None,
    }
}

choice! {
    /// How strictly replicas are kept on different nodes.
    pub enum SpreadMode {
        /// Not at all.
        Off = "off",
        /// Where there is room.
        Preferred = "preferred",
        /// A replica waits rather than share a node.
        Required = "required",
    }
}

section! {
    /// A taint that pods tolerate.
    pub struct Toleration {
        /// Key of the taint.
        key: LabelKey,
        /// Whether the taint's value counts.
        operator: Operator = Operator::Exists,
        /// Value of the taint, for Equal.
        value: Option<LabelValue> = None,
        /// Effect of the taint; all if not set.
        effect: Option<Effect> = None,
    }
}

choice! {
    /// Whether a taint's value counts.
    pub enum Operator {
        /// Any value.
        Exists = "Exists",
        /// This value.
        Equal = "Equal",
    }
}

choice! {
    /// Effect of a taint.
    pub enum Effect {
        /// No new pods.
        NoSchedule = "NoSchedule",
        /// New pods only when there is no other room.
        PreferNoSchedule = "PreferNoSchedule",
        /// No pods at all.
        NoExecute = "NoExecute",
    }
}
