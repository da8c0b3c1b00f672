//! The web pods: nginx in front of uWSGI, for pages and API together or each on its own.

use super::pod::{
    CONFIGS, add_files, all_secrets, all_services, container, pod, port, preparation, words,
};
use super::{API, DRAIN_SECONDS, WEB};
use crate::backing::Backings;
use crate::plan::{
    Action, Caller, Container, Kind, Mount, Par, Pod, Port, Probe, Probes, Replicas, Service,
    Volume, VolumeSource, Workload,
};
use crate::resolve::{Resolved, WebTier};

/// Where nginx listens.
pub const PORT: Port = port("http", 8080);
/// Where uWSGI answers the kubelet's probes by HTTP; nginx speaks another protocol to it.
const PROBE: Port = port("probe", 5001);

/// Seconds until load balancers have taken a pod that ends out of their lists.
const DEREGISTER_SECONDS: i64 = 10;
/// Seconds a pod has beyond that and the requests under way, to end in order.
const SPARE_SECONDS: i64 = 20;

/// The web pods and, where the site splits them off, the API's.
pub fn workloads(resolved: &Resolved, backings: &Backings) -> Vec<Workload> {
    let api = resolved
        .api
        .iter()
        .map(|api| workload(resolved, backings, API, api, false));
    std::iter::once(workload(resolved, backings, WEB, &resolved.web, true))
        .chain(api)
        .collect()
}

fn workload(
    resolved: &Resolved,
    backings: &Backings,
    id: &str,
    tier: &WebTier,
    pages: bool,
) -> Workload {
    let mut pod = pod(resolved, &CONFIGS, &all_secrets(resolved));
    pod.volumes.push(Volume {
        name: "web",
        source: VolumeSource::Config(vec![id.into()]),
    });
    pod.volumes.push(Volume {
        name: "nginx-tmp",
        source: VolumeSource::Scratch("2Gi".into()),
    });
    pod.containers = vec![uwsgi(resolved, tier), nginx(resolved)];
    add_files(resolved, &mut pod);
    if pages {
        add_static_files(resolved, &mut pod);
    }
    pod.grace_seconds = DEREGISTER_SECONDS + i64::from(DRAIN_SECONDS) + SPARE_SECONDS;
    pod.calls = all_services(backings);
    pod.calls_outside.clone_from(&resolved.egress);
    pod.called_from = resolved
        .exposure
        .iter()
        .map(|exposure| Caller {
            peer: exposure.controller.clone(),
            ports: vec![Par::new(PORT.number.into())],
        })
        .collect();
    Workload {
        component: id.into(),
        version: resolved.images.app.version.clone(),
        kind: Kind::Deployment {
            replicas: Replicas::Many(tier.scaling.clone()),
            // A volume of one node cannot be mounted by old and new pods on different nodes.
            recreate: resolved.files_on_one_node,
        },
        pod,
        service: Some(Service {
            ports: vec![PORT],
            headless: false,
            peer_ports: Vec::new(),
        }),
        disruption_budget: tier.disruption_budget,
    }
}

fn uwsgi(resolved: &Resolved, tier: &WebTier) -> Container {
    let mut uwsgi = container(resolved, "uwsgi", &tier.resources);
    uwsgi.command = words(["uwsgi", "--ini", "/etc/web/uwsgi.ini"]);
    uwsgi.mounts.push(Mount::read_only("web", "/etc/web"));
    uwsgi.ports = vec![PROBE];
    uwsgi.probes = Probes {
        // Loading the application takes up to a minute on a busy node: five are allowed.
        startup: Some(Probe::new(ping(resolved, PROBE.name), 5, 5, 60)),
        readiness: Some(Probe::new(ping(resolved, PROBE.name), 10, 5, 3)),
        liveness: Some(Probe::new(ping(resolved, PROBE.name), 30, 10, 6)),
    };
    uwsgi.drain_seconds = Some(DEREGISTER_SECONDS);
    uwsgi
}

fn nginx(resolved: &Resolved) -> Container {
    let image = &resolved.images.nginx;
    let health = || Action::Http {
        path: "/nginx-health",
        port: PORT.name,
        host: None,
    };
    Container {
        name: "nginx",
        image: image.reference.clone(),
        pull_policy: image.pull_policy.clone(),
        command: words(["nginx", "-c", "/etc/web/nginx.conf", "-g", "daemon off;"]),
        env: Vec::new(),
        ports: vec![PORT],
        probes: Probes {
            startup: Some(Probe::new(health(), 2, 2, 30)),
            readiness: Some(Probe::new(ping(resolved, PORT.name), 10, 5, 3)),
            liveness: Some(Probe::new(health(), 20, 5, 3)),
        },
        resources: resolved.nginx.clone(),
        drain_seconds: Some(DEREGISTER_SECONDS),
        mounts: vec![
            Mount::read_only("web", "/etc/web"),
            Mount::writable("nginx-tmp", "/tmp"),
        ],
    }
}

/// The path that touches neither database nor sessions; InvenioRDM only answers to hosts that it trusts.
fn ping(resolved: &Resolved, port: &'static str) -> Action {
    Action::Http {
        path: "/api/ping",
        port,
        host: Some(resolved.invenio.domain.clone()),
    }
}

/// nginx serves the static files that the image brings.
fn add_static_files(resolved: &Resolved, pod: &mut Pod) {
    let mut copy = container(resolved, "static", &preparation());
    copy.command = words(["sh", "/etc/web/static.sh", "/srv/static"]);
    copy.mounts = vec![
        Mount::read_only("web", "/etc/web"),
        Mount::writable("static", "/srv/static"),
        Mount::writable("tmp", "/tmp"),
    ];
    pod.init.push(copy);
    pod.volumes.push(Volume {
        name: "static",
        source: VolumeSource::Scratch("1Gi".into()),
    });
    if let Some(nginx) = pod.containers.last_mut() {
        nginx.mounts.push(Mount::read_only("static", "/srv/static"));
    }
}
