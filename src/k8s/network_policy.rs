//! NetworkPolicies, derived from the connections that the plan names: everything else is closed, both ways.

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, meta};
use crate::plan::{Caller, Outside, Par, Plan, Workload};

/// Port of cert-manager's HTTP-01 solver pods.
const SOLVER_PORT: i32 = 8089;
/// Port of DNS servers.
const DNS_PORT: i32 = 53;

/// Closes the namespace both ways, and opens DNS for the site's pods.
pub fn default_deny(plan: &Plan) -> Vec<Draft<'_>> {
    if !plan.network_policies.is_on() {
        return Vec::new();
    }
    let deny = policy(
        plan,
        "namespace",
        "default-deny",
        LabelSelector::default(),
        None,
        None,
    );
    let site = LabelSelector {
        match_labels: Some(meta::instance_labels(&plan.identity)),
        match_expressions: None,
    };
    let ports = ["UDP", "TCP"]
        .map(|protocol| port(IntOrString::Int(DNS_PORT), protocol))
        .to_vec();
    let egress = NetworkPolicyEgressRule {
        to: Some(plan.dns.iter().map(outside).collect()),
        ports: Some(ports),
    };
    let dns = policy(
        plan,
        "namespace",
        "allow-dns",
        site,
        None,
        Some(vec![egress]),
    );
    vec![
        Draft::new("00-namespace", "networkpolicy-default-deny", || deny),
        Draft::new("00-namespace", "networkpolicy-allow-dns", || dns),
    ]
}

/// Exactly the connections of one workload.
pub fn build<'p>(plan: &'p Plan, workload: &'p Workload) -> Option<Draft<'p>> {
    if !plan.network_policies.is_on() {
        return None;
    }
    Some(Draft::new(&workload.component, "networkpolicy", || {
        let selector = meta::selector(plan, &workload.component);
        let mut object = policy(
            plan,
            &workload.component,
            &workload.component,
            selector,
            Some(ingress(
                plan,
                Some(&workload.component),
                &workload.pod.called_from,
            )),
            Some(egress(plan, workload)),
        );
        object.metadata = meta::of(
            plan,
            &workload.component,
            &plan.identity.name(&workload.component),
        );
        object
    }))
}

/// Lets the ingress controller reach cert-manager's solver pods, which prove to the certificate authority that the
/// host is ours: they run in this namespace and the default would cut them off.
pub fn certificate_solver(plan: &Plan) -> Option<Draft<'_>> {
    let Some(exposure) = &plan.exposure else {
        return None;
    };
    let issued = exposure.tls.as_ref().is_some_and(|tls| tls.issued.is_on());
    if !issued || !plan.network_policies.is_on() {
        return None;
    }
    let solver = LabelSelector {
        match_labels: Some(BTreeMap::from([(
            "acme.cert-manager.io/http01-solver".into(),
            "true".into(),
        )])),
        match_expressions: None,
    };
    let rule = NetworkPolicyIngressRule {
        from: Some(vec![outside(&exposure.controller)]),
        ports: Some(vec![port(IntOrString::Int(SOLVER_PORT), "TCP")]),
    };
    let object = policy(
        plan,
        "ingress",
        "certificate-solver",
        solver,
        Some(vec![rule]),
        None,
    );
    Some(Draft::new(
        "ingress",
        "networkpolicy-certificate-solver",
        || object,
    ))
}

pub(super) fn policy(
    plan: &Plan,
    component: &str,
    name: &str,
    pod_selector: LabelSelector,
    ingress: Option<Vec<NetworkPolicyIngressRule>>,
    egress: Option<Vec<NetworkPolicyEgressRule>>,
) -> NetworkPolicy {
    NetworkPolicy {
        metadata: meta::of(plan, component, &plan.identity.name(name)),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(pod_selector),
            policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
            ingress: ingress.filter(|rules| !rules.is_empty()),
            egress: egress.filter(|rules| !rules.is_empty()),
        }),
    }
}

/// One rule a port: who inside calls it, then who from outside. Without a component nobody inside does.
pub fn ingress(
    plan: &Plan,
    component: Option<&str>,
    from_outside: &[Caller],
) -> Vec<NetworkPolicyIngressRule> {
    let mut callers: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for caller in &plan.workloads {
        for endpoint in caller
            .pod
            .calls
            .iter()
            .filter(|endpoint| component == Some(&endpoint.component))
        {
            callers
                .entry(endpoint.port)
                .or_default()
                .insert(&caller.component);
        }
    }
    let inside = callers
        .into_iter()
        .map(|(number, components)| NetworkPolicyIngressRule {
            from: Some(
                components
                    .into_iter()
                    .map(|component| pods(plan, component))
                    .collect(),
            ),
            ports: Some(vec![tcp(&Par::new(number.into()))]),
        });
    let from_outside = from_outside.iter().map(|caller| NetworkPolicyIngressRule {
        from: Some(vec![outside(&caller.peer)]),
        ports: Some(ports(caller)),
    });
    inside.chain(from_outside).collect()
}

/// One rule a component that is called, then one a network outside.
fn egress(plan: &Plan, workload: &Workload) -> Vec<NetworkPolicyEgressRule> {
    let inside = workload
        .pod
        .calls
        .iter()
        .map(|endpoint| NetworkPolicyEgressRule {
            to: Some(vec![pods(plan, &endpoint.component)]),
            ports: Some(vec![tcp(&Par::new(endpoint.port.into()))]),
        });
    let to_outside = workload
        .pod
        .calls_outside
        .iter()
        .map(|destination| NetworkPolicyEgressRule {
            to: Some(vec![outside(&destination.peer)]),
            ports: Some(ports(destination)),
        });
    inside.chain(to_outside).collect()
}

pub(super) fn pods(plan: &Plan, component: &str) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        pod_selector: Some(meta::selector(plan, component)),
        ..NetworkPolicyPeer::default()
    }
}

fn outside(peer: &Outside) -> NetworkPolicyPeer {
    match peer {
        Outside::Pods { namespace, labels } => NetworkPolicyPeer {
            namespace_selector: Some(LabelSelector {
                match_labels: namespace.as_ref().map(|name| {
                    BTreeMap::from([("kubernetes.io/metadata.name".into(), name.leaf())])
                }),
                match_expressions: None,
            }),
            pod_selector: (!labels.is_empty()).then(|| LabelSelector {
                match_labels: Some(
                    labels
                        .iter()
                        .map(|(key, value)| ((*key).into(), (*value).into()))
                        .collect(),
                ),
                match_expressions: None,
            }),
            ip_block: None,
        },
        Outside::Network { cidr, except } => NetworkPolicyPeer {
            ip_block: Some(IPBlock {
                cidr: cidr.leaf(),
                except: Some(
                    except
                        .iter()
                        .map(|&part| part.to_owned())
                        .collect::<Vec<_>>(),
                )
                .filter(|list| !list.is_empty()),
            }),
            ..NetworkPolicyPeer::default()
        },
    }
}

fn ports(caller: &Caller) -> Vec<NetworkPolicyPort> {
    caller.ports.iter().map(tcp).collect()
}

pub(super) fn tcp(number: &Par<i32>) -> NetworkPolicyPort {
    port(IntOrString::Int(number.leaf()), "TCP")
}

fn port(number: IntOrString, protocol: &str) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(number),
        protocol: Some(protocol.into()),
        end_port: None,
    }
}
