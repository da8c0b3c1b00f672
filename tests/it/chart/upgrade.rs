//! From the values of one profile to those of another: what the cluster would refuse to change is named.

use invgen::chart::immutable::{changes, differing};

use super::made::{Made, at_length};

fn what_cannot_change_is_named(example: &str) {
    let made = Made::of(example);
    let world = made.world();
    let readme = &made.files["README.md"];
    let mut seen = 0;
    for (from_name, from) in &made.values {
        for (to_name, to) in &made.values {
            // One release in one namespace, as an upgrade has it.
            let mut to = to.clone();
            for name in ["Release.Name", "Release.Namespace"] {
                to.insert(name.into(), from[name].clone());
            }
            let objects = world.objects(from).unwrap();
            let refused = changes(&objects, &world.objects(&to).unwrap());
            let named = differing(&made.immutable, from, &to);
            for path in &named {
                assert!(readme.contains(&format!("`{path}`")), "{path}");
            }
            let way = format!("{example}: from {from_name} to {to_name}");
            assert!(
                refused.is_empty() || !named.is_empty(),
                "{way}: {refused:?}"
            );
            // With those left as they are, nothing is refused.
            for path in named {
                to.insert(path.clone(), from[&path].clone());
            }
            let left = changes(&objects, &world.objects(&to).unwrap());
            assert!(left.is_empty(), "{way}: {left:?}");
            seen += refused.len();
        }
    }
    assert!(
        seen > 0,
        "{example}: its profiles differ in nothing of the kind"
    );
}

#[test]
fn what_cannot_change_in_minimal_is_named() {
    if !at_length() {
        return;
    }
    what_cannot_change_is_named("minimal");
}

#[test]
fn what_cannot_change_in_lab_is_named() {
    what_cannot_change_is_named("lab");
}

#[test]
fn what_cannot_change_in_busy_is_named() {
    if !at_length() {
        return;
    }
    what_cannot_change_is_named("busy");
}

#[test]
fn what_cannot_change_in_bitnami_is_named() {
    if !at_length() {
        return;
    }
    what_cannot_change_is_named("bitnami");
}
