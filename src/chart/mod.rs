//! The Helm chart, derived from the functions that make the plain manifests.

mod derive;
mod evaluate;
mod explore;
mod merge;
mod print;
mod probes;
mod prove;
mod sym;
mod tree;
mod world;

pub use world::World;

use crate::{k8s, texts};

/// Why a chart could not be derived.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A text could not be filled in.
    #[error(transparent)]
    Text(#[from] texts::Fault),
    /// An object could not be built.
    #[error(transparent)]
    Object(#[from] k8s::Fault),
    /// Something depends on parameters in a way that a template cannot say.
    #[error("no template can say this: {0}")]
    Inexpressible(String),
}

impl Fault {
    fn tangled() -> Self {
        Self::Inexpressible("the conditions of the site depend on each other without end".into())
    }

    fn disorder(at: &str) -> Self {
        Self::Inexpressible(format!("the order of items in {at} depends on a parameter"))
    }
}

#[cfg(test)]
mod tmp {
    use super::*;
    use crate::config::{load, read};
    #[test]
    fn time() {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/busy/site.yaml");
        let parsed = load::parse(read::read(example.as_ref()).unwrap()).unwrap();
        let site = parsed.load(Some("prod"), &[]).unwrap().site;
        let world = World { site: &site, frame: crate::resolve::Frame::of(&[&site]) };
        let registry = world.survey("busy").unwrap();
        eprintln!("{} names, {} params", registry.names().len(), registry.params().count());
        for n in registry.names() { if n.is_placed() && matches!(n.kind(), crate::params::Kind::Switch) { eprint!("{} ", n.as_str()); } }
        let a = crate::params::Assignment::new();
        let t = std::time::Instant::now();
        for _ in 0..20 { crate::resolve::resolve_in(&crate::params::Scope::assigned(a.clone()), &site, &world.frame); }
        eprintln!("\nresolve {:?}", t.elapsed() / 20);
        let t = std::time::Instant::now();
        for _ in 0..20 { world.plan(&a).unwrap(); }
        eprintln!("plan {:?}", t.elapsed() / 20);
        let t = std::time::Instant::now();
        for _ in 0..20 { world.things(&a, |_| true).unwrap(); }
        eprintln!("things {:?}", t.elapsed() / 20);
        let t = std::time::Instant::now();
        let d = derive::derive(&world, &registry).unwrap_or_else(|x| panic!("{x}"));
        eprintln!("derive {:?} {} objects", t.elapsed(), d.forest.objects.len());
        for f in print::Printer::new(&registry, &d.forest).files() {
            let p = std::path::Path::new("/tmp/chart").join(&f.path);
            std::fs::create_dir_all(p.parent().unwrap()).unwrap();
            std::fs::write(p, f.text).unwrap();
        }
    }
}
