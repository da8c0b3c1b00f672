//! A provider that is changed in one layer: what lower layers said of another one gives way, and nothing else does.

use std::collections::BTreeSet;

use invgen::chart::World;
use invgen::config::site::{Postgresql, Redis, Site};
use invgen::resolve::Frame;

use super::{SITE, loaded, parsed};

fn site(profile: &str, sets: &[&str]) -> Site {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    loaded(profile, &sets).site
}

#[test]
fn naming_the_provider_is_enough_in_every_profile() {
    for (profile, connections, size) in [
        ("dev", 100, "5Gi"),
        ("staging", 150, "20Gi"),
        ("prod", 350, "50Gi"),
    ] {
        let Postgresql::Bitnami(chart) = site(profile, &[]).services.postgresql else {
            panic!("{profile}");
        };
        // What the built-in profile says under keys that both have, it says of both.
        assert_eq!(chart.max_connections.get(), connections, "{profile}");
        assert_eq!(chart.size.to_string(), size, "{profile}");
    }
}

#[test]
fn a_profile_may_go_back_without_undoing_keys() {
    let text = SITE.replace(
        "redis: {provider: bitnami}",
        "redis: {provider: bitnami, architecture: sentinel, replicas: 5, metrics: {namespace: prom}}",
    ) + "profiles: {dev: {services: {redis: {provider: internal, engine: valkey}}}}\n";
    let redis = |profile| {
        let loaded = parsed(&text).load(Some(profile), &[]).unwrap();
        loaded.site.services.redis
    };
    assert!(matches!(redis("dev"), Redis::Internal(_)));
    let Redis::Bitnami(chart) = redis("prod") else {
        panic!("another provider")
    };
    assert_eq!(chart.servers(), 5);
    // And from there on to the other again.
    let sets = ["services.redis.provider=bitnami".to_owned()];
    let loaded = parsed(&text).load(Some("dev"), &sets).unwrap();
    assert!(matches!(loaded.site.services.redis, Redis::Bitnami(_)));
}

#[test]
fn the_source_of_images_changes_like_a_provider() {
    let mirror = "services.redis.images={source: mirror, repository: r.example.org/b}";
    let legacy = "services.redis.images={source: legacy}";
    let text = SITE.replace(
        "redis: {provider: bitnami}",
        "redis: {provider: bitnami, images: {source: mirror, repository: r.example.org/b}}",
    );
    assert!(
        parsed(&text)
            .load(Some("dev"), &[legacy.to_owned()])
            .is_ok()
    );
    // In one layer it is a contradiction.
    let both = [mirror.to_owned(), legacy.to_owned()];
    let problems = parsed(SITE).load(Some("dev"), &both).unwrap_err();
    assert!(
        problems[0]
            .message
            .contains("`repository` belongs to `source: mirror`"),
        "{}",
        problems[0].message
    );
}

#[test]
fn only_names_that_both_sides_read_are_parameters_of_a_chart() {
    let site = site("prod", &["services.redis.architecture=sentinel"]);
    let world = World {
        site: &site,
        frame: Frame::of(&[&site]),
    };
    let registry = world.survey("lab").unwrap();
    let own: BTreeSet<&str> = registry
        .params()
        .map(|param| param.path.as_str())
        .filter(|path| {
            ["postgresql", "redis", "rabbitmq"]
                .iter()
                .any(|service| path.split('.').any(|part| part == *service))
        })
        .collect();
    assert_eq!(
        own,
        BTreeSet::from([
            "postgresql.auth.existingSecret",
            "postgresql.fullnameOverride",
            "rabbitmq.auth.existingPasswordSecret",
            "rabbitmq.fullnameOverride",
            "redis.auth.existingSecret",
            "redis.fullnameOverride",
        ])
    );
    for param in registry
        .params()
        .filter(|param| own.contains(param.path.as_str()))
    {
        assert!(param.shape.docs.is_some(), "{}", param.path);
        let value = param.value.as_ref().unwrap();
        let checked = jsonschema::draft7::is_valid(&param.shape.schema, value);
        assert!(checked, "{} = {value}", param.path);
        let entry = registry.get(&param.path).unwrap();
        assert!(entry.is_placed(), "{} stands nowhere", param.path);
    }
}
