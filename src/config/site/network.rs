//! Network policies and connections to the outside.

use crate::config::decode::literal;
use crate::config::scalars::{Cidr, DnsLabel, Port};

section! {
    /// Network policies and connections to the outside.
    pub struct Network {
        /// Whether NetworkPolicies are written: everything is closed except the connections that the site needs.
        policies: bool = true,
        /// Where the cluster's DNS answers.
        dns: Dns,
        /// Networks outside the cluster that the application may connect to, such as the mail server.
        egress: Vec<Egress> = Vec::new(),
    }
}

section! {
    /// Where the cluster's DNS answers.
    pub struct Dns {
        /// Namespace of the DNS pods.
        namespace: DnsLabel = literal("kube-system"),
        /// Address of a DNS cache on the nodes (NodeLocal DNSCache), such as 169.254.20.10/32.
        node_cache: Option<Cidr> = None,
    }
}

section! {
    /// A network outside the cluster that the application may connect to.
    pub struct Egress {
        /// What is there, such as smtp.
        name: DnsLabel,
        /// The network, such as 192.0.2.25/32; a /0 leaves private networks out.
        cidr: Cidr,
        /// TCP ports.
        ports: Vec<Port>,
    }
}
