//! Sites that nobody wrote down: whatever passes the rules renders to objects that hold together.

use std::sync::Arc;

use invgen::config::load;
use invgen::diag::{Severity, Source};
use invgen::k8s;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::support::bitnami;
use crate::support::integrity::{self, Outside};

/// Sites tried; each takes about half a second.
const SITES: u32 = 50;
/// Fewest that pass the rules.
const FEWEST: u32 = 20;

const BASE: &str = "\
apiVersion: invgen/v1
app: invenio-rdm
name: site
namespace: site-rdm
domain: data.example.org
image: {repository: registry.example.org/rdm, tag: 1.0.0}
invenio: {version: '13'}
exposure: {ingress: {className: traefik, tls: {secretName: site-tls}}}
";

/// Each line is a choice: one of these `--set` groups, or none of them.
#[expect(clippy::too_many_lines, reason = "a table")]
fn choices() -> Vec<Vec<&'static [&'static str]>> {
    vec![
        vec![
            &[],
            &["name=a"],
            &["name=a-rather-long-name-for-a-site"],
            &["namespace=x", "name=on"],
        ],
        vec![&[], &["invenio.version='12'"], &["invenio.version='14'"]],
        vec![
            &[],
            &["api={}"],
            &["api={replicas: 3, autoscaling: {enabled: false}}"],
        ],
        vec![
            &[],
            &["workers={bulk: {queues: [bulk]}}"],
            &["workers={a: {queues: [x, y], concurrency: 1}, b: {queues: [z]}}"],
        ],
        vec![
            &[],
            &["services.redis.engine=valkey"],
            &["services.redis.image={repository: r.example.org/redis, tag: '8.0'}"],
            &["services.redis.provider=bitnami"],
            &[
                "services.redis={provider: bitnami, architecture: replication, images: {source: secure}}",
            ],
            &[
                "services.redis={provider: bitnami, architecture: sentinel, metrics: {namespace: prom}}",
            ],
        ],
        vec![
            &[],
            &["services.postgresql.provider=bitnami"],
            &["services.postgresql={provider: bitnami, architecture: replication, replicas: 2}"],
        ],
        vec![
            &[],
            &["services.rabbitmq.provider=bitnami"],
            &["services.rabbitmq={provider: bitnami, replicas: 3, metrics: {namespace: prom}}"],
        ],
        vec![
            &[],
            &["services.opensearch.nodes=1"],
            &[
                "services.opensearch.nodes=5",
                "services.opensearch.memoryMap=true",
            ],
        ],
        vec![
            &[],
            &["exposure.ingress.tls={issuer: ca, issuerKind: Issuer}"],
            &[
                "exposure.ingress.tls={issuer: le, secretName: own}",
                "exposure.ingress.annotations={example.org/a: 'on'}",
            ],
            &["exposure.ingress=null"],
            &["exposure.ingress.tls=null"],
        ],
        vec![
            &[],
            &["network.policies=false"],
            &["network.dns={namespace: dns, nodeCache: 169.254.20.10/32}"],
        ],
        vec![
            &[],
            &["network.egress=[{name: all, cidr: 0.0.0.0/0, ports: [443]}]"],
            &[
                "network.egress=[{name: a, cidr: 192.0.2.0/24, ports: [25, 465]}, {name: b, cidr: '2001:db8::/32', ports: [443]}]",
            ],
        ],
        vec![
            &[],
            &[
                "mail={host: smtp.example.org, sender: a@example.org, username: 'x\"y\\z'}",
                "network.egress=[{name: m, cidr: 192.0.2.1/32, ports: [587]}]",
            ],
        ],
        vec![
            &[],
            &["storage.files.accessMode=ReadWriteOnce"],
            &["storage.className=fast", "storage.files.className=null"],
        ],
        vec![
            &[],
            &[
                "scheduling.nodeSelector={disk: 'yes'}",
                "scheduling.tolerations=[{key: a, operator: Equal, value: 'no'}]",
            ],
            &[
                "scheduling.spread=required",
                "scheduling.priorityClassName=high",
            ],
            &[
                "scheduling.spread='off'",
                "scheduling.disruptionBudgets=false",
            ],
        ],
        vec![
            &[],
            &[
                "labels={example.org/team: 'on'}",
                "annotations={example.org/note: '{{ x }} <&>'}",
            ],
            // Charts of others cannot take the braces.
            &["annotations={example.org/note: '{ x } <&>'}"],
            &["labels={example.org/team: 'off'}"],
        ],
        vec![
            &[],
            &["guardrails={createNamespace: false, quota: null, limitRange: null}"],
        ],
        vec![
            &[],
            &[
                "image.digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "image.pullSecrets=[a, b]",
            ],
        ],
        vec![
            &[],
            &[
                "invenio.siteName='Zürich \"R&D\" {{ data }}'",
                "invenio.adminEmail=a@example.org",
            ],
            &["invenio.logLevel=DEBUG"],
        ],
        vec![
            &[],
            &["secrets.names={app: own-app, redis: own-redis}"],
            &["web.autoscaling.enabled=false", "web.replicas=1"],
        ],
    ]
}

fn sets() -> impl Strategy<Value = Vec<String>> {
    choices()
        .into_iter()
        .map(|choice| {
            select(choice)
                .prop_map(|group| group.iter().map(|&set| set.to_owned()).collect::<Vec<_>>())
        })
        .collect::<Vec<_>>()
        .prop_map(|groups| groups.concat())
}

#[test]
fn whatever_passes_the_rules_holds_together() {
    let source = Source {
        name: "site.yaml".into(),
        text: BASE.into(),
    };
    let parsed = load::parse(Arc::new(source)).unwrap();
    // The same sites every time: a failure here must not come and go.
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: SITES,
            failure_persistence: None,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let rendered = std::cell::Cell::new(0);
    runner
        .run(
            &(select(vec!["dev", "staging", "prod"]), sets()),
            |(profile, sets)| {
                let loaded = match parsed.load(Some(profile), &sets) {
                    Ok(loaded) => loaded,
                    Err(problems) => panic!("{profile} {sets:?}: {problems:#?}"),
                };
                let errors = invgen::validate::validate(&loaded);
                if errors
                    .iter()
                    .any(|problem| problem.severity == Severity::Error)
                {
                    return Ok(());
                }
                rendered.set(rendered.get() + 1);
                let plan = invgen::render::plan(&loaded.site).unwrap();
                let files = invgen::render::manifests(&loaded.site).unwrap();
                let again = invgen::render::manifests(&loaded.site).unwrap();
                prop_assert!(files == again, "two runs differ");
                let objects: Vec<serde_json::Value> = files
                    .iter()
                    .map(|file| serde_yaml::from_str(&file.text).unwrap())
                    .collect();
                let beside: Vec<serde_json::Value> = plan
                    .subcharts
                    .iter()
                    .flat_map(|subchart| {
                        let values = k8s::values(&plan, subchart, &plan.identity.instance).unwrap();
                        bitnami::objects(subchart.chart, &values, &plan.identity.namespace.leaf())
                    })
                    .collect();
                let all: Vec<_> = objects.iter().chain(&beside).cloned().collect();
                let needs = integrity::needs(&all);
                for secret in &plan.secrets {
                    let keys: Vec<String> =
                        secret.keys.iter().map(|key| key.key.to_owned()).collect();
                    let needed: Vec<String> =
                        needs.secrets[&secret.name.leaf()].iter().cloned().collect();
                    let mut sorted = keys;
                    sorted.sort();
                    prop_assert_eq!(
                        sorted,
                        needed,
                        "the catalogue (left) and what is mounted (right) of {}",
                        secret.name
                    );
                }
                let development = profile == "dev";
                let outside = Outside {
                    foreign_pods: ["acme.cert-manager.io/http01-solver".to_owned()].into(),
                    words: ["rdm-records".to_owned()].into(),
                    beside,
                    single_node: development,
                    plain_http: development
                        || sets.iter().any(|set| set == "exposure.ingress.tls=null"),
                    ..needs
                };
                let closed = loaded.site.network.policies;
                let found: Vec<String> = integrity::violations(&objects, &outside)
                    .into_iter()
                    // Without policies nothing can be selected by them.
                    .filter(|violation| closed || !violation.starts_with("X19"))
                    .collect();
                prop_assert!(found.is_empty(), "{}", found.join("\n"));
                Ok(())
            },
        )
        .unwrap();
    assert!(
        rendered.get() >= FEWEST,
        "only {} of {SITES} sites passed the rules",
        rendered.get()
    );
}
