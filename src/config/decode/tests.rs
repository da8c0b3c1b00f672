//! A small site that uses every way to declare a type, decoded from good and bad texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::config::layers::{Layer, Merged, merge};
use crate::config::scalars::{
    DnsLabel, Hostname, ImageTag, KubernetesVersion, Port, Quantity, SecretName,
};
use crate::config::schema::json_schema;
use crate::config::{set, yaml};
use crate::diag::{Source, Span};

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
    problems
        .iter()
        .map(|problem| {
            let at = problem.span.as_ref().map_or_else(|| "-".to_owned(), place);
            let help = problem.help.as_deref().unwrap_or("-");
            format!(
                "{} {} @ {at}\n    {}\n    {help}\n",
                problem.code, problem.path, problem.message
            )
        })
        .collect()
}

#[test]
fn a_good_site_is_read_with_its_defaults() {
    let site = read(GOOD).unwrap();
    assert_eq!(site.name.as_str(), "lab");
    assert_eq!(site.web.processes.get(), 4);
    assert_eq!(site.web.replicas.get(), 2);
    assert_eq!(site.image.tag, "1.10");
    assert_eq!(
        site.postgresql,
        Postgresql::Internal(Internal { size: Int::of(10) })
    );
}

#[test]
fn every_error_of_a_file_is_reported_at_once_with_its_place() {
    let text = "\
name: Lab_1
domian: data.lab.example.org
image:
  tag: 1.10
  pull_secrets: lab
web:
  replicas: 0
  processes: \"4\"
  autoscaling: {enabled: yes, max: 3}
  ephemeral-storage: [1]
workers:
  bulk: {engine: valky, queues: low}
  Bad: {}
postgresql: {provider: external, size: 3, hosts: x}
profiles:
  dev: {web: {replicsa: 1, processes: 99}, postgresql: {sise: 3}}
";
    insta::assert_snapshot!(shown(&read(text).unwrap_err()));
}

#[test]
fn what_is_written_can_be_read_again() {
    let text = format!(
        "{GOOD}words: {{memory: 1024Mi, port: 80, version: 1.30}}\nworkers: {{bulk: {{engine: valkey}}}}\n"
    );
    let site = read(&text).unwrap();
    assert_eq!(site.words.version.unwrap().to_string(), "1.30");
    assert_eq!(read(&site.encode().to_string()).unwrap(), site);
}

#[test]
fn null_switches_optional_sections_off_and_nothing_else() {
    let site = read(&GOOD.replace("replicas: 2", "replicas: 2\n  autoscaling: null")).unwrap();
    assert_eq!(site.web.autoscaling, None);
    let problems = read(&GOOD.replace("replicas: 2", "replicas:")).unwrap_err();
    insta::assert_snapshot!(shown(&problems));
}

#[test]
fn a_bare_file_names_every_key_it_needs() {
    let problems = read("web: {}\n").unwrap_err();
    let paths: Vec<&str> = problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "name",
            "domain",
            "image.repository",
            "image.tag",
            "web.replicas",
            "postgresql"
        ],
    );
    assert!(
        problems
            .iter()
            .all(|problem| problem.code == codes::MISSING_KEY && problem.span.is_some())
    );
    assert_eq!(
        problems[1].reason.as_deref(),
        Some("it has no default: Its address.")
    );
    assert_eq!(
        problems[5].help.as_deref(),
        Some("write `postgresql`, for instance `postgresql: {provider: internal}`")
    );
}

fn profile(layer: Layer, text: &str) -> (Layer, Node) {
    let source = Arc::new(Source {
        name: "profile".to_owned(),
        text: text.to_owned(),
    });
    (layer, yaml::parse(source).unwrap())
}

#[test]
fn missing_keys_are_shown_where_the_user_wrote_not_in_a_profile() {
    let text = GOOD.replace("web:\n  replicas: 2\n", "");
    let built_in = profile(Layer::BuiltInProfile, "web: {processes: 8}\n");
    let set = (Layer::Set, set::parse("web.processes=9").unwrap());
    let problems = decode::<Site>(&site_layers(&text, vec![built_in]).root).unwrap_err();
    assert_eq!(
        shown(&problems).lines().next(),
        Some("INV007 web.replicas @ 1:1 name")
    );
    let problems = decode::<Site>(
        &site_layers(
            GOOD.replace("replicas: 2", "processes: 1").as_str(),
            vec![set],
        )
        .root,
    );
    assert_eq!(
        shown(&problems.unwrap_err()).lines().next(),
        Some("INV007 web.replicas @ 4:1 web")
    );
}

#[test]
fn profiles_supply_required_keys_and_errors_in_them_are_shown_there() {
    let text = GOOD.replace("  replicas: 2\n", "  processes: 3\n");
    let built_in = profile(Layer::BuiltInProfile, "web: {replicas: 8}\n");
    assert_eq!(
        decode::<Site>(&site_layers(&text, vec![built_in]).root)
            .unwrap()
            .web
            .replicas
            .get(),
        8
    );
    let wrong = (Layer::Set, set::parse("web.replicas=many").unwrap());
    let problems = decode::<Site>(&site_layers(&text, vec![wrong]).root).unwrap_err();
    assert_eq!(
        problems[0].span.as_ref().unwrap().source.name,
        "--set web.replicas"
    );
    assert_eq!(place(problems[0].span.as_ref().unwrap()), "1:14 many");
}

#[test]
fn changing_the_tag_drops_the_keys_of_the_old_variant_from_below() {
    let built_in = || profile(Layer::BuiltInProfile, "postgresql: {size: 99}\n");
    let external = GOOD.replace(
        "provider: internal",
        "provider: external, host: db.example.org",
    );
    let site: Site = decode(&site_layers(&external, vec![built_in()]).root).unwrap();
    assert!(matches!(site.postgresql, Postgresql::External(_)));
    let site: Site = decode(&site_layers(GOOD, vec![built_in()]).root).unwrap();
    assert_eq!(
        site.postgresql,
        Postgresql::Internal(Internal { size: Int::of(99) })
    );
    // In one layer it is a contradiction.
    let both = external.replace("external,", "external, size: 3,");
    let problems = read(&both).unwrap_err();
    assert!(
        problems[0]
            .message
            .contains("`size` belongs to `provider: internal`"),
        "{}",
        problems[0].message
    );
    assert_eq!(problems.len(), 1);
    // A key that no variant knows is wrong in every layer.
    let odd = profile(Layer::BuiltInProfile, "postgresql: {colour: red}\n");
    assert_eq!(
        decode::<Site>(&site_layers(&external, vec![odd]).root).unwrap_err()[0].path,
        "postgresql.colour"
    );
    // A key from below that is dropped does not stand for a missing one.
    let near = profile(Layer::BuiltInProfile, "postgresql: {size: 1}\n");
    let missing = GOOD.replace("internal", "external");
    assert_eq!(
        decode::<Site>(&site_layers(&missing, vec![near]).root).unwrap_err()[0].path,
        "postgresql.host"
    );
}

#[test]
fn overlays_are_checked_as_far_as_they_go() {
    let check = |text: &str| shown(&check_overlay::<Site>(&node(text)));
    for good in [
        "domain: a.b\n",
        "web: {autoscaling: null}\n",
        "postgresql: {size: 3}\n",
        "postgresql: {host: a.b}\n",
        "workers: {x: {}}\n",
    ] {
        assert_eq!(check(good), "", "{good}");
    }
    for (bad, says) in [
        ("postgresql: {size: 3, host: a.b}\n", "INV004 postgresql."),
        (
            "postgresql: {provider: external, host: A}\n",
            "INV006 postgresql.host",
        ),
        ("web: {replicas: 0}\n", "INV006 web.replicas"),
        ("web: 3\n", "INV005 web"),
    ] {
        assert!(check(bad).starts_with(says), "{bad}: {}", check(bad));
    }
}

/// The editor's view: whether the JSON Schema accepts the text.
fn accepted(schema: &jsonschema::Validator, text: &str) -> bool {
    schema.is_valid(&node(text).to_json())
}

fn validator(profiles: &[Node]) -> (Value, jsonschema::Validator) {
    let schema = json_schema::<Site>("Site", profiles);
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let validator = jsonschema::draft7::new(&schema).unwrap();
    (schema, validator)
}

#[test]
fn schema_and_decoder_agree() {
    let (_, schema) = validator(&[]);
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replace(from, to)
    };
    let plus = |more: &str| format!("{GOOD}{more}\n");
    let good = [
        GOOD.to_owned(),
        plus("workers: {a: {queues: [], engine: valkey}}"),
        plus("words: {memory: 2Gi, port: \"80\", version: 1.33, tag: \"1.10\"}"),
        plus("words: {memory: 2, port: 80, version: \"1.33\", tag: null}"),
        plus("profiles: {dev: {web: {replicas: 1}}, x: {postgresql: {size: 1}}, none: null}"),
        plus("profiles: {dev: {image: {tag: a}, web: {autoscaling: {enabled: false}}}}"),
        with("{provider: internal}", "{provider: external, host: a.b}"),
        with(
            "  replicas: 2",
            "  replicas: 100\n  autoscaling: {maxReplicas: 3}\n  ephemeral-storage: x",
        ),
        with("  replicas: 2", "  replicas: 1\n  autoscaling: null"),
    ];
    for text in &good {
        assert!(
            read(text).is_ok(),
            "{text}\n{}",
            shown(&read(text).unwrap_err())
        );
        assert!(accepted(&schema, text), "{text}");
    }
    let bad = [
        with("name: lab\n", ""),
        with("name: lab", "name: Lab"),
        with("name: lab", "name: 3"),
        with("name: lab", "name: [lab]"),
        with("name: lab", "name: null"),
        with("data.lab.example.org", "localhost"),
        with("tag: \"1.10\"", "tag: 1.10"),
        with(", tag: \"1.10\"", ""),
        with("image: {", "image: {pull_secrets: [], "),
        with("image: {", "image: {pullSecrets: [X], "),
        with("image: {", "image: {pullSecrets: x, "),
        with("replicas: 2", "replicas: 0"),
        with("replicas: 2", "replicas: 101"),
        with("replicas: 2", "replicas: \"2\""),
        with("replicas: 2", "replicas: 2.5"),
        with("replicas: 2", "replicas: -1"),
        with("replicas: 2", "processes: 2"),
        with("replicas: 2", "replicas: 2\n  autoscaling: {}"),
        with(
            "replicas: 2",
            "replicas: 2\n  autoscaling: {maxReplicas: 2, enabled: yes}",
        ),
        with("replicas: 2", "replicas: 2\n  ephemeralStorage: x"),
        with("{provider: internal}", "{}"),
        with("{provider: internal}", "{provider: cloud}"),
        with("{provider: internal}", "{provider: internal, host: a.b}"),
        with("{provider: internal}", "{provider: external}"),
        with("{provider: internal}", "{size: 3}"),
        plus("workers: {A: {}}"),
        plus("workers: {a: {engine: mysql}}"),
        plus("workers: [a]"),
        plus("words: {memory: 2GB}"),
        plus("words: {port: http}"),
        plus("words: {tag: 1.10}"),
        plus("words: {version: true}"),
        plus("profiles: {dev: {web: {replicas: 0}}}"),
        plus("profiles: {dev: {unknown: 0}}"),
        plus("profiles: {dev: {postgresql: {sise: 0}}}"),
        plus("profiles: {Dev: {}}"),
        plus("profiles: [dev]"),
        plus("extra: 1"),
    ];
    for text in &bad {
        assert!(read(text).is_err(), "{text}");
        assert!(!accepted(&schema, text), "{text}");
    }
}

#[test]
fn descriptions_and_defaults_reach_the_schema() {
    let (schema, _) = validator(&[]);
    let web = &schema["definitions"]["Web"];
    assert_eq!(web["description"], "The web server.");
    assert_eq!(
        web["properties"]["processes"],
        json!({"description": "Processes of one pod.", "type": "integer", "minimum": 1, "maximum": 64, "default": 4})
    );
    assert_eq!(web["required"], json!(["replicas"]));
    assert_eq!(web["additionalProperties"], json!(false));
    assert_eq!(
        schema["definitions"]["Worker"]["properties"]["engine"],
        json!({"description": "Engine.", "allOf": [{"$ref": "#/definitions/Engine"}], "default": "redis"})
    );
    assert_eq!(
        schema["definitions"]["Engine"]["enumDescriptions"],
        json!(["The original.", "The fork."])
    );
    assert_eq!(
        schema["definitions"]["Words"]["properties"]["memory"]["default"],
        "1Gi"
    );
    let mut found = Vec::new();
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        undescribed(definition, name, &mut found);
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Properties without a description.
fn undescribed(value: &Value, at: &str, found: &mut Vec<String>) {
    for (key, property) in value["properties"].as_object().into_iter().flatten() {
        if property["description"].as_str().is_none_or(str::is_empty) {
            found.push(format!("{at}.{key}"));
        }
    }
    for variant in value["anyOf"].as_array().into_iter().flatten() {
        undescribed(variant, at, found);
    }
}

#[test]
fn what_all_profiles_supply_is_not_required_of_the_file() {
    let profiles = |texts: &[&str]| texts.iter().map(|text| node(text)).collect::<Vec<_>>();
    let without = GOOD.replace("web:\n  replicas: 2\n", "");
    let (_, plain) = validator(&[]);
    assert!(!accepted(&plain, &without));
    let (schema, both) = validator(&profiles(&[
        "web: {replicas: 1}\n",
        "web: {replicas: 3}\nname: x\n",
    ]));
    assert!(
        accepted(&both, &without),
        "the only required key of the section is supplied"
    );
    assert!(
        !accepted(&both, &without.replace("name: lab\n", "")),
        "one profile alone supplies the name"
    );
    assert!(!accepted(&both, &format!("{without}web: {{unknown: 1}}\n")));
    assert!(schema["definitions"]["Web"].get("required").is_none());
    let (_, partly) = validator(&profiles(&["image: {tag: a}\n"]));
    assert!(accepted(&partly, &GOOD.replace(", tag: \"1.10\"", "")));
    assert!(!accepted(
        &partly,
        &GOOD.replace(
            "image: {repository: r.example.org/lab, tag: \"1.10\"}\n",
            ""
        )
    ));
    let (_, tagged) = validator(&profiles(&[
        "postgresql: {provider: external, host: a.b}\n",
    ]));
    assert!(accepted(
        &tagged,
        &GOOD.replace("postgresql: {provider: internal}\n", "")
    ));
}

fn mutated() -> impl Strategy<Value = Value> {
    let paths = prop::sample::select(vec![
        "/name",
        "/domain",
        "/image",
        "/image/tag",
        "/web",
        "/web/replicas",
        "/web/processes",
        "/web/autoscaling",
        "/postgresql",
        "/postgresql/provider",
        "/postgresql/size",
        "/postgresql/host",
        "/workers",
        "/words",
        "/words/memory",
        "/words/port",
        "/profiles",
        "/odd",
    ]);
    let values = prop_oneof![
        prop::sample::select(vec![
            json!(null),
            json!(true),
            json!(0),
            json!(3),
            json!(65),
            json!(-1),
            json!(1.5),
            json!(""),
            json!("lab"),
            json!("a.b"),
            json!("Lab"),
            json!("10Gi"),
            json!("internal"),
            json!("external"),
            json!([]),
            json!(["a"]),
            json!([[1]]),
            json!({}),
            json!({"provider": "external", "host": "a.b"}),
            json!({"maxReplicas": 3}),
            json!({"a": {"engine": "valkey"}}),
            json!({"dev": {"web": {"replicas": 3}}}),
            json!({"replicas": 4}),
        ]),
        "[a-z0-9.]{0,6}".prop_map(Value::from),
    ];
    proptest::collection::vec((paths, values), 0..6).prop_map(|changes| {
        let mut site = node(GOOD).to_json();
        for (path, value) in changes {
            let (parent, key) = path.rsplit_once('/').unwrap();
            if let Some(Value::Object(map)) = site.pointer_mut(parent) {
                map.insert(key.to_owned(), value);
            }
        }
        site
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_the_decoder_accepts_the_schema_accepts_and_reads_again(value in mutated()) {
        static SCHEMA: std::sync::LazyLock<jsonschema::Validator> = std::sync::LazyLock::new(|| validator(&[]).1);
        match read(&value.to_string()) {
            Ok(site) => {
                prop_assert!(SCHEMA.is_valid(&value), "the schema refuses {value}");
                prop_assert_eq!(read(&site.encode().to_string()).ok(), Some(site));
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty(), "refused without an error: {value}");
                prop_assert!(problems.iter().all(|problem| problem.span.is_some() && problem.help.is_some()));
            }
        }
    }

    #[test]
    fn any_yaml_is_decoded_or_refused(text in "(name|web|image|profiles|postgresql|words|workers|odd)?: ?\\PC{0,30}\n") {
        if let Ok(root) = yaml::parse(source(&text)) {
            prop_assert!(decode::<Site>(&root).is_err_and(|problems| !problems.is_empty()));
        }
    }
}
