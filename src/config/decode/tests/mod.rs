//! A small site that uses every way to declare a type, decoded from good and bad texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::config::layer::Layer;
use crate::config::layers::{Merged, merge};
use crate::config::scalars::{
    DnsLabel, Hostname, ImageTag, KubernetesVersion, Port, Quantity, SecretName,
};
use crate::config::yaml;
use crate::diag::{Source, Span};

mod random;
mod reading;
mod schema;

section! {
    /// A site.
    pub struct Site {
        /// Its name.
        name: DnsLabel,
        /// Its address.
        domain: Hostname,
        /// The image.
        image: Image,
        /// The web server.
        web: Web,
        /// Workers by name.
        workers: BTreeMap<DnsLabel, Worker> = BTreeMap::new(),
        /// The database.
        postgresql: Postgresql,
        /// Words.
        words: Words,
        /// Parts for profiles.
        profiles: Overlays<Site> = Overlays::none(),
    }
}

section! {
    /// An image.
    pub struct Image {
        /// Where it is.
        repository: String,
        /// Which one.
        tag: String,
        /// Secrets to fetch it with.
        pull_secrets: Vec<SecretName> = Vec::new(),
    }
}

section! {
    /// The web server.
    pub struct Web {
        /// Processes of one pod.
        processes: Int<1, 64> = Int::of(4),
        /// Pods.
        replicas: Int<1, 100>,
        /// Scaling.
        autoscaling: Option<Autoscaling> = None,
        /// Space.
        ephemeral_storage as "ephemeral-storage": Option<String> = None,
    }
}

section! {
    /// Scaling.
    pub struct Autoscaling {
        /// Most pods.
        max_replicas: Int<1, 100>,
        /// Whether it is on.
        enabled: bool = true,
    }
}

section! {
    /// Words.
    pub struct Words {
        /// Memory.
        memory: Quantity = literal("1Gi"),
        /// Port.
        port: Option<Port> = None,
        /// Tag.
        tag: Option<ImageTag> = None,
        /// Version.
        version: Option<KubernetesVersion> = None,
    }
}

section! {
    /// A worker.
    pub struct Worker {
        /// Queues.
        queues: Vec<String> = vec!["celery".to_owned()],
        /// Engine.
        engine: Engine = Engine::Redis,
    }
}

choice! {
    /// Which server.
    pub enum Engine {
        /// The original.
        Redis = "redis",
        /// The fork.
        Valkey = "valkey",
    }
}

section! {
    /// Beside the application.
    pub struct Internal {
        /// Size.
        size: Int<1, 1000> = Int::of(10),
    }
}

section! {
    /// Elsewhere.
    pub struct External {
        /// Host.
        host: Hostname,
    }
}

tagged! {
    /// The database.
    pub enum Postgresql by "provider" {
        /// Beside the application.
        Internal(Internal) = "internal",
        /// Elsewhere.
        External(External) = "external",
    }
}

const GOOD: &str = "\
name: lab
domain: data.lab.example.org
image: {repository: r.example.org/lab, tag: \"1.10\"}
web:
  replicas: 2
postgresql: {provider: internal}
";

fn source(text: &str) -> Arc<Source> {
    Arc::new(Source {
        name: "site.yaml".to_owned(),
        text: text.to_owned(),
    })
}

fn node(text: &str) -> Node {
    yaml::parse(source(text)).unwrap()
}

fn site_layers(text: &str, others: Vec<(Layer, Node)>) -> Merged {
    let mut layers = vec![(Layer::Site, node(text))];
    layers.extend(others);
    merge(layers).unwrap()
}

fn read(text: &str) -> Result<Site, Vec<Diagnostic>> {
    decode(&site_layers(text, Vec::new()).root)
}

/// `line:column text` of a span, both from 1.
fn place(span: &Span) -> String {
    let before = &span.source.text[..span.start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    format!(
        "{line}:{column} {}",
        &span.source.text[span.start..span.end]
    )
}

fn shown(problems: &[Diagnostic]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| {
            let at = problem.span.as_ref().map_or_else(|| "-".to_owned(), place);
            let help = problem.help.as_deref().unwrap_or("-");
            format!(
                "{} {} @ {at}\n    {}\n    {help}\n",
                problem.code, problem.path, problem.message
            )
        })
        .collect();
    lines.concat()
}
