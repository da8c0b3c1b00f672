//! Behind `resolve` values are only placed: another value gives the same objects with that value in the same places.
//!
//! A chart will be derived from the same functions by watching where a value surfaces. Here each value gets two unlikely
//! contents in turn, and the second rendering must be the first with one replaced by the other.

use std::collections::BTreeMap;

use invgen::app;
use invgen::config::{load, read};
use invgen::k8s;
use invgen::plan::Par;
use invgen::resolve::{Internal, Opensearch, Postgresql, Rabbitmq, Redis, Resolved, resolve};
use serde_json::Value;

/// Two texts and two numbers that occur nowhere else; of different lengths, so that nothing is cut to fit.
const TEXTS: [&str; 2] = ["zq04a", "zq04bbbb"];
const NUMBERS: [u32; 2] = [77_001, 77_002];

fn example() -> Resolved {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/busy/site.yaml");
    let parsed = load::parse(read::read(path.as_ref()).unwrap()).unwrap();
    resolve(&parsed.load(None, &[]).unwrap().site)
}

/// Every leaf of every object, by file and path.
fn leaves(resolved: &Resolved) -> BTreeMap<String, Value> {
    fn walk(path: &str, value: &Value, leaves: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    walk(&format!("{path}/{key}"), value, leaves);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    walk(&format!("{path}/{index}"), value, leaves);
                }
            }
            leaf => {
                leaves.insert(path.to_owned(), leaf.clone());
            }
        }
    }
    let plan = app::invenio::plan(resolved).unwrap();
    let mut all = BTreeMap::new();
    for object in k8s::plain(&plan, k8s::objects(&plan).unwrap()).unwrap() {
        walk(&object.path, &object.value, &mut all);
    }
    // Digests change as a whole: those of texts, and of a Job's specification in its name.
    all.retain(|path, _| {
        !path.ends_with("/annotations/checksum/config")
            && !path.ends_with("/job.yaml/metadata/name")
    });
    all
}

/// A value of a site: what it is called, and how it gets the content with this number.
type Placed = (&'static str, fn(&mut Resolved, usize));

fn text(which: usize) -> Par<String> {
    TEXTS[which].into()
}

fn postgresql(resolved: &mut Resolved) -> &mut Internal {
    match &mut resolved.postgresql {
        Postgresql::Internal { internal, .. } => internal,
        Postgresql::Bitnami(_) => unreachable!(),
    }
}

fn redis(resolved: &mut Resolved) -> &mut Internal {
    match &mut resolved.redis {
        Redis::Internal { internal, .. } => internal,
        Redis::Bitnami(_) => unreachable!(),
    }
}

fn rabbitmq(resolved: &mut Resolved) -> &mut Internal {
    match &mut resolved.rabbitmq {
        Rabbitmq::Internal { internal, .. } => internal,
        Rabbitmq::Bitnami(_) => unreachable!(),
    }
}

fn opensearch(resolved: &mut Resolved) -> &mut Internal {
    let Opensearch::Internal { internal, .. } = &mut resolved.opensearch;
    internal
}

const PLACED: [Placed; 46] = [
    ("name", |r, i| r.identity.instance = text(i)),
    ("namespace", |r, i| r.identity.namespace = text(i)),
    ("label", |r, i| r.identity.labels[0].1 = text(i)),
    ("annotation", |r, i| r.identity.annotations[0].1 = text(i)),
    ("Pod Security version", |r, i| {
        r.namespace.create = invgen::plan::Gate::new(true);
        r.namespace.pod_security_version = text(i);
    }),
    ("image", |r, i| r.images.app.reference = text(i)),
    ("pull policy", |r, i| r.images.app.pull_policy = text(i)),
    ("version", |r, i| r.images.app.version = text(i)),
    ("nginx image", |r, i| r.images.nginx.reference = text(i)),
    ("PostgreSQL image", |r, i| {
        postgresql(r).image.reference = text(i);
    }),
    ("Redis image", |r, i| redis(r).image.reference = text(i)),
    ("RabbitMQ image", |r, i| {
        rabbitmq(r).image.reference = text(i);
    }),
    ("OpenSearch image", |r, i| {
        opensearch(r).image.reference = text(i);
    }),
    ("priority class", |r, i| {
        r.placement.priority_class = text(i);
    }),
    ("node label", |r, i| {
        r.placement.node_selector[0].1 = text(i);
    }),
    ("host", |r, i| r.exposure.as_mut().unwrap().host = text(i)),
    ("ingress class", |r, i| {
        r.exposure.as_mut().unwrap().class = text(i);
    }),
    ("certificate", |r, i| {
        r.exposure.as_mut().unwrap().tls.as_mut().unwrap().secret = text(i);
    }),
    ("issuer", |r, i| {
        r.exposure.as_mut().unwrap().tls.as_mut().unwrap().issuer = text(i);
    }),
    ("domain", |r, i| r.invenio.domain = text(i)),
    ("public address", |r, i| r.invenio.public_url = text(i)),
    ("title", |r, i| r.invenio.title = text(i)),
    ("index prefix", |r, i| r.invenio.search_prefix = text(i)),
    ("log level", |r, i| r.invenio.log_level = text(i)),
    ("pool size", |r, i| {
        r.invenio.pool_size = Par::new(NUMBERS[i]);
    }),
    ("largest file", |r, i| {
        r.invenio.max_file_bytes = Par::new(NUMBERS[i].into());
    }),
    ("mail server", |r, i| r.invenio.mail.host = text(i)),
    ("processes", |r, i| r.web.processes = Par::new(NUMBERS[i])),
    ("threads of the API", |r, i| {
        r.api.as_mut().unwrap().threads = Par::new(NUMBERS[i]);
    }),
    ("fewest pods", |r, i| {
        r.web.scaling.min = Par::new(NUMBERS[i].cast_signed());
    }),
    ("most pods", |r, i| {
        r.web.scaling.max = Par::new(NUMBERS[i].cast_signed());
    }),
    ("CPU aim", |r, i| {
        r.web.scaling.cpu_percent = Par::new(NUMBERS[i].cast_signed());
    }),
    ("memory limit", |r, i| {
        r.web.resources.memory_limit = text(i);
    }),
    ("CPU request of nginx", |r, i| r.nginx.cpu_request = text(i)),
    ("concurrency", |r, i| {
        r.workers[0].concurrency = Par::new(NUMBERS[i]);
    }),
    ("queues", |r, i| r.workers[1].queues = text(i)),
    ("pods of a worker", |r, i| {
        r.workers[2].scaling.replicas = Par::new(NUMBERS[i].cast_signed());
    }),
    ("size of the files", |r, i| r.files.size = text(i)),
    ("class of the files", |r, i| r.files.class = text(i)),
    ("mode of the files", |r, i| r.files.access_mode = text(i)),
    ("size of the database", |r, i| {
        postgresql(r).claim.size = text(i);
    }),
    ("connections", |r, i| {
        if let Postgresql::Internal { settings, .. } = &mut r.postgresql {
            settings.max_connections = Par::new(NUMBERS[i]);
        }
    }),
    ("memory of Redis", |r, i| {
        if let Redis::Internal { max_memory_mib, .. } = &mut r.redis {
            *max_memory_mib = Par::new(NUMBERS[i].into());
        }
    }),
    ("watermark of RabbitMQ", |r, i| {
        if let Rabbitmq::Internal { watermark_mib, .. } = &mut r.rabbitmq {
            *watermark_mib = Par::new(NUMBERS[i].into());
        }
    }),
    ("heap", |r, i| {
        let Opensearch::Internal { heap_mib, .. } = &mut r.opensearch;
        *heap_mib = Par::new(NUMBERS[i].into());
    }),
    ("name of a Secret", |r, i| r.secrets.postgresql = text(i)),
];

#[test]
fn another_value_stands_in_the_same_places() {
    let mut wrong = Vec::new();
    for (name, set) in PLACED {
        let [first, second] = [0, 1].map(|which| {
            let mut resolved = example();
            set(&mut resolved, which);
            leaves(&resolved)
        });
        if first.keys().ne(second.keys()) {
            wrong.push(format!("{name}: other objects or fields"));
            continue;
        }
        let mut places = 0;
        for ((path, a), b) in first.iter().zip(second.values()) {
            if a == b {
                continue;
            }
            places += 1;
            let replaced = match (a, b) {
                (Value::String(a), Value::String(b)) => {
                    let numbers = NUMBERS.map(|number| number.to_string());
                    a.replace(TEXTS[0], TEXTS[1])
                        .replace(&numbers[0], &numbers[1])
                        == *b
                }
                (a, b) => [a, b].map(Value::as_u64) == NUMBERS.map(|number| Some(number.into())),
            };
            if !replaced {
                wrong.push(format!("{name}: at {path} {a} became {b}"));
            }
        }
        if places == 0 {
            wrong.push(format!("{name}: stands nowhere"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
