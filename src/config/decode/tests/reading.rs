//! What is read, and what is refused with which words.

use super::schema::{accepted, validator};
use super::*;
use crate::config::set;

#[test]
fn a_good_site_is_read_with_its_defaults() {
    let site = read(GOOD).unwrap();
    assert_eq!(site.name.as_str(), "lab");
    assert_eq!(site.web.processes.get(), 4);
    assert_eq!(site.web.replicas.get(), 2);
    assert_eq!(site.image.tag, "1.10");
    assert_eq!(site.postgresql.tag(), "internal");
    assert_eq!(
        Engine::ALL
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["redis", "valkey"]
    );
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
    let built_in = profile(Layer::BuiltInProfile, "web: {processes: 8}\nname: x\n");
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

#[test]
fn profiles_hold_no_profiles() {
    let text = format!("{GOOD}profiles: {{dev: {{profiles: {{x: {{}}}}}}}}\n");
    assert!(
        shown(&read(&text).unwrap_err())
            .starts_with("INV004 profiles.dev.profiles @ 7:18 profiles\n")
    );
    assert!(!accepted(&validator(&[]).1, &text));
}

#[test]
fn an_error_in_the_chosen_profile_is_reported_once() {
    let site = node(&format!(
        "{GOOD}profiles: {{dev: {{web: {{replicas: 0}}}}, other: {{web: {{replicas: 0}}}}}}\n"
    ));
    let dev = site
        .get("profiles")
        .unwrap()
        .value
        .get("dev")
        .unwrap()
        .value
        .clone();
    let merged = merge(vec![(Layer::Site, site), (Layer::SiteProfile, dev)]).unwrap();
    let problems = decode::<Site>(&merged.root).unwrap_err();
    let paths: Vec<&str> = problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(paths, ["web.replicas", "profiles.other.web.replicas"]);
}
