//! Parts that not every profile of a site need have: a second web tier, named workers, destinations outside.

use super::WebTier;
use super::WorkerTier;
use super::tiers;
use crate::config::site::{Egress, Site, Web, Worker};
use crate::params::{Formula, Scope};
use crate::plan::{Caller, Outside};

/// Networks that are never meant by "the internet": private, shared, and link-local, where cloud metadata answers.
const NOT_THE_INTERNET: [&str; 5] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];
/// The same for IPv6: unique local and link-local.
const NOT_THE_INTERNET_V6: [&str; 2] = ["fc00::/7", "fe80::/10"];

/// What the profiles of a site have between them. A chart is made for all of these; the values of a profile switch off what
/// it lacks.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    api: Option<Part<Web>>,
    workers: Vec<(String, Part<Worker>)>,
    egress: Vec<(String, Part<Egress>)>,
}

/// A part and whether every profile has it.
#[derive(Clone, Debug)]
struct Part<T> {
    example: T,
    everywhere: bool,
}

impl Frame {
    /// The frame of some profiles of one site.
    pub fn of(sites: &[&Site]) -> Self {
        let everywhere = |has: &dyn Fn(&Site) -> bool| sites.iter().all(|site| has(site));
        let mut frame = Self::default();
        for site in sites {
            if let (None, Some(api)) = (&frame.api, &site.api) {
                frame.api = Some(Part {
                    example: api.clone(),
                    everywhere: everywhere(&|site| site.api.is_some()),
                });
            }
            for (name, worker) in &site.workers {
                if !frame
                    .workers
                    .iter()
                    .any(|(known, _)| known == name.as_str())
                {
                    let part = Part {
                        example: worker.clone(),
                        everywhere: everywhere(&|site| site.workers.contains_key(name)),
                    };
                    frame.workers.push((name.to_string(), part));
                }
            }
            for egress in &site.network.egress {
                let name = egress.name.as_str();
                if !frame.egress.iter().any(|(known, _)| known == name) {
                    let part = Part {
                        example: egress.clone(),
                        everywhere: everywhere(&|site| destination(site, name).is_some()),
                    };
                    frame.egress.push((name.to_owned(), part));
                }
            }
        }
        frame.workers.sort_by(|(one, _), (other, _)| one.cmp(other));
        frame
    }

    /// The REST API, where it runs on its own.
    pub fn api(&self, scope: &Scope, site: &Site) -> Option<WebTier> {
        let part = self.api.as_ref()?;
        let scope = scope.at("api");
        let docs = "Whether the REST API runs in pods of its own.";
        let (scope, present) = part.switch(&scope, site.api.is_some(), docs);
        let tier = tiers::web(&scope, site, site.api.as_ref().unwrap_or(&part.example));
        present.then_some(tier)
    }

    /// All workers, the general one first and the others by name.
    pub fn workers(&self, scope: &Scope, site: &Site) -> Vec<WorkerTier> {
        let general = tiers::worker(&scope.at("worker"), site, "worker".to_owned(), &site.worker);
        let mut all = vec![general];
        for (name, part) in &self.workers {
            let own = site
                .workers
                .iter()
                .find(|(known, _)| known.as_str() == name)
                .map(|(_, worker)| worker);
            let scope = scope.at("workers").at(name);
            let (scope, present) = part.switch(&scope, own.is_some(), "Whether this worker runs.");
            let component = format!("worker-{name}");
            let tier = tiers::worker(&scope, site, component, own.unwrap_or(&part.example));
            all.extend(present.then_some(tier));
        }
        all
    }

    /// Destinations outside the cluster.
    pub fn egress(&self, scope: &Scope, site: &Site) -> Vec<Caller> {
        let scope = scope.at("network").at("egress");
        let mut all = Vec::new();
        for (name, part) in &self.egress {
            let own = destination(site, name);
            let scope = scope.at(name);
            let docs = "Whether the application may connect there.";
            let (scope, present) = part.switch(&scope, own.is_some(), docs);
            let caller = caller(&scope, own.unwrap_or(&part.example));
            all.extend(present.then_some(caller));
        }
        all
    }
}

impl<T> Part<T> {
    /// The scope of the part, and whether it is there.
    fn switch(&self, scope: &Scope, here: bool, docs: &'static str) -> (Scope, bool) {
        if self.everywhere {
            return (scope.clone(), here);
        }
        let enabled = scope.toggle("enabled", here, docs);
        (scope.when(&enabled), enabled.gate().is_on())
    }
}

fn destination<'s>(site: &'s Site, name: &str) -> Option<&'s Egress> {
    site.network
        .egress
        .iter()
        .find(|egress| egress.name.as_str() == name)
}

/// A network as a peer; "everything" leaves the private parts out.
fn caller(scope: &Scope, egress: &Egress) -> Caller {
    let cidr = scope.text("cidr", &egress.cidr);
    let everything = |key, cidr_of_all: &str| {
        scope
            .define(
                key,
                "Whether it is the whole internet, of which private networks are no part.",
                Formula::from(&cidr).is(cidr_of_all),
            )
            .gate()
            .is_on()
    };
    let mut except = Vec::new();
    if everything("isInternet", "0.0.0.0/0") {
        except.extend(NOT_THE_INTERNET);
    }
    if everything("isInternetV6", "::/0") {
        except.extend(NOT_THE_INTERNET_V6);
    }
    Caller {
        peer: Outside::Network {
            cidr: cidr.par(),
            except,
        },
        ports: scope.ports("ports", &egress.ports),
    }
}
