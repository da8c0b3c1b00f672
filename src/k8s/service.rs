//! Services: a stable name for clients, and a headless one that gives the pods of a StatefulSet names of their own.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Draft, meta};
use crate::plan::{Plan, Port, Workload};

/// The workload's Services; always of type ClusterIP.
pub fn build<'p>(plan: &'p Plan, workload: &'p Workload) -> Vec<Draft<'p>> {
    let Some(service) = &workload.service else {
        return Vec::new();
    };
    let component = &workload.component;
    let client = Service {
        metadata: meta::of(plan, &workload.component, &plan.identity.name(component)),
        spec: Some(ServiceSpec {
            type_: Some("ClusterIP".into()),
            selector: Some(meta::selector_labels(&plan.identity, component)),
            ports: Some(service.ports.iter().map(port).collect()),
            ..ServiceSpec::default()
        }),
        status: None,
    };
    let mut objects = vec![Draft::new(component, "service", || client)];
    if service.headless {
        let headless = Service {
            metadata: meta::of(
                plan,
                &workload.component,
                &plan.identity.headless(component),
            ),
            spec: Some(ServiceSpec {
                type_: Some("ClusterIP".into()),
                cluster_ip: Some("None".into()),
                // Peers must find each other before they are ready, or a cluster never forms.
                publish_not_ready_addresses: Some(true),
                selector: Some(meta::selector_labels(&plan.identity, component)),
                ports: Some(
                    service
                        .ports
                        .iter()
                        .chain(&service.peer_ports)
                        .map(port)
                        .collect(),
                ),
                ..ServiceSpec::default()
            }),
            status: None,
        };
        objects.push(Draft::new(component, "service-headless", || headless));
    }
    objects
}

fn port(port: &Port) -> ServicePort {
    ServicePort {
        name: Some(port.name.into()),
        port: port.number.into(),
        target_port: Some(IntOrString::String(port.name.into())),
        protocol: Some("TCP".into()),
        ..ServicePort::default()
    }
}
