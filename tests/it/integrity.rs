//! The integrity rules themselves: silent on a correct site, and for each injected fault exactly the right violations.

mod faults;
mod site;

use crate::support::integrity::{needs, violations};
use faults::{Fault, tables};
use site::Site;

#[test]
fn a_correct_site_has_no_violation() {
    let site = Site::new();
    assert_eq!(violations(&site.objects, &site.outside), [""; 0]);
}

#[test]
fn every_injected_fault_is_reported_and_nothing_else() {
    let wrong: Vec<String> = tables().into_iter().flatten().filter_map(missed).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is wrong with the report on a fault: each expected beginning must begin a violation, and each violation be expected.
fn missed((what, inject, expected): &Fault) -> Option<String> {
    let mut site = Site::new();
    inject(&mut site);
    let found = violations(&site.objects, &site.outside);
    let complete = expected
        .iter()
        .all(|begin| found.iter().any(|violation| violation.starts_with(begin)));
    let exact = found
        .iter()
        .all(|violation| expected.iter().any(|begin| violation.starts_with(begin)));
    (!complete || !exact || expected.is_empty()).then(|| {
        let (expected, found) = (expected.join("\n    "), found.join("\n    "));
        format!("{what}\n  expected:\n    {expected}\n  found:\n    {found}")
    })
}

#[test]
fn each_rule_has_a_fault_that_shows_it() {
    let shown: std::collections::BTreeSet<&str> = tables()
        .into_iter()
        .flatten()
        .flat_map(|(_, _, expected)| expected.iter().map(|begin| &begin[..3]))
        .collect();
    // X06 speaks of kinds that are not rendered.
    let skipped = [6];
    let all = (0..=25)
        .filter(|number| !skipped.contains(number))
        .map(|number| format!("X{number:02}"));
    let missing: Vec<String> = all.filter(|rule| !shown.contains(rule.as_str())).collect();
    assert!(missing.is_empty(), "no fault shows {missing:?}");
}

#[test]
fn faults_are_allowed_where_the_cluster_permits_them() {
    let mut site = Site::new();
    *site.at("PersistentVolumeClaim/lab-files", "/spec/accessModes/0") = "ReadWriteOnce".into();
    site.remove("Ingress/lab-web", "/spec", "tls");
    site.outside.secrets.remove("lab-tls");
    assert_eq!(violations(&site.objects, &site.outside).len(), 3);
    site.outside.single_node = true;
    site.outside.plain_http = true;
    assert_eq!(violations(&site.objects, &site.outside), [""; 0]);
}

#[test]
fn needs_are_the_secrets_keys_and_classes_that_the_objects_name() {
    let site = Site::new();
    let mut found = needs(&site.objects);
    found.foreign_pods.clone_from(&site.outside.foreign_pods);
    assert_eq!(found, site.outside);
}
