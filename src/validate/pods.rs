//! The pods of a site, counted as the cluster counts them: at their most, with what an update starts on top.

use super::services::{Service, services};
use crate::config::site::{AccessMode, Autoscaling, Resources, Site, Web, Worker};
use crate::facts::{Amounts, SURGE, features};

/// Pods of the application that can be several.
#[derive(Clone, Debug)]
pub struct Tier<'a> {
    /// Its section: `web`, `api`, `worker`, `workers.bulk`.
    pub path: String,
    /// What messages call it: `web`, `worker`, `worker bulk`.
    pub name: String,
    /// What it runs.
    pub kind: Kind<'a>,
}

/// What a tier runs.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// uWSGI.
    Web(&'a Web),
    /// Celery.
    Worker(&'a Worker),
}

impl Tier<'_> {
    /// How it is scaled.
    pub fn autoscaling(&self) -> &Autoscaling {
        match self.kind {
            Kind::Web(web) => &web.autoscaling,
            Kind::Worker(worker) => &worker.autoscaling,
        }
    }

    /// Its resources, those of nginx apart.
    pub fn resources(&self) -> &Resources {
        match self.kind {
            Kind::Web(web) => &web.resources,
            Kind::Worker(worker) => &worker.resources,
        }
    }

    /// Processes in each pod.
    pub fn processes(&self) -> u64 {
        u64::from(match self.kind {
            Kind::Web(web) => web.processes.get(),
            Kind::Worker(worker) => worker.concurrency.get(),
        })
    }

    /// The key of [`processes`](Self::processes).
    pub fn processes_path(&self) -> String {
        let key = match self.kind {
            Kind::Web(_) => "processes",
            Kind::Worker(_) => "concurrency",
        };
        format!("{}.{key}", self.path)
    }

    /// Most pods while nothing is updated.
    pub fn most(&self) -> u64 {
        let scaling = self.autoscaling();
        let replicas = match self.kind {
            Kind::Web(web) => web.replicas,
            Kind::Worker(worker) => worker.replicas,
        };
        u64::from(if scaling.enabled {
            scaling.max_replicas.get()
        } else {
            replicas.get()
        })
    }

    /// The key of [`most`](Self::most).
    pub fn most_path(&self) -> String {
        if self.autoscaling().enabled {
            format!("{}.autoscaling.maxReplicas", self.path)
        } else {
            format!("{}.replicas", self.path)
        }
    }
}

/// All tiers, in the order in which they are listed.
pub fn tiers(site: &Site) -> Vec<Tier<'_>> {
    let web = |path: &str, web| Tier {
        path: path.to_owned(),
        name: path.to_owned(),
        kind: Kind::Web(web),
    };
    let mut all = vec![web("web", &site.web)];
    all.extend(site.api.as_ref().map(|api| web("api", api)));
    all.push(Tier {
        path: "worker".to_owned(),
        name: "worker".to_owned(),
        kind: Kind::Worker(&site.worker),
    });
    all.extend(site.workers.iter().map(|(name, worker)| Tier {
        path: format!("workers.{name}"),
        name: format!("worker {name}"),
        kind: Kind::Worker(worker),
    }));
    all
}

/// Pods that an update starts before it ends old ones; none while one node alone can mount the files.
pub fn surge(site: &Site) -> u64 {
    match site.storage.files.access_mode {
        AccessMode::ReadWriteOnce => 0,
        AccessMode::ReadWriteMany => SURGE.into(),
    }
}

/// Pods of one kind.
#[derive(Clone, Debug)]
pub struct Pods<'a> {
    /// The containers that run side by side: the path of each one's resources, and the resources.
    pub containers: Vec<(String, &'a Resources)>,
    /// Containers beside them that are the same in every site.
    pub beside: Vec<&'static Amounts>,
    /// Most pods at a time, an update's included.
    pub most: u64,
    /// Whether a container prepares files before the others start.
    pub is_prepared: bool,
}

/// All pods of a site.
pub fn pods(site: &Site) -> Vec<Pods<'_>> {
    let mut all: Vec<_> = tiers(site)
        .into_iter()
        .map(|tier| {
            let most = tier.most() + surge(site);
            match tier.kind {
                Kind::Web(web) => {
                    let mut pods = application(&tier.path, &web.resources, most);
                    let nginx = ("nginx.resources".to_owned(), &site.nginx.resources);
                    pods.containers.push(nginx);
                    pods
                }
                Kind::Worker(worker) => application(&tier.path, &worker.resources, most),
            }
        })
        .collect();
    all.push(application("beat", &site.beat.resources, 1));
    if features(site.invenio.version).jobs {
        all.push(application("scheduler", &site.scheduler.resources, 1));
    }
    all.push(application("setup", &site.setup.resources, JOBS));
    all.extend(services(site).map(Service::pods));
    all
}

fn application<'a>(path: &str, resources: &'a Resources, most: u64) -> Pods<'a> {
    Pods {
        containers: vec![(format!("{path}.resources"), resources)],
        beside: Vec::new(),
        most,
        is_prepared: true,
    }
}

/// Jobs that may run at a time: initialisation and upgrade.
pub const JOBS: u64 = 2;
