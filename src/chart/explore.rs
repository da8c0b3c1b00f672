//! Which contexts are rendered: a star around every context that shows something new.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;

use super::Fault;
use super::probes::{Context, Probes, Set};
use super::sym::{Key, Lift, Sym};
use super::world::{ThingName, Things, World};
use crate::params::Assignment;

/// The symbolic things of one context.
pub type Picture = Vec<(ThingName, Arc<Sym>)>;

/// Renders and remembers.
pub struct Explorer<'a> {
    world: &'a World<'a>,
    probes: &'a Probes<'a>,
    lifts: [Lift<'a, 'a>; 2],
    /// What was seen of each thing: nothing where it is absent.
    seen: BTreeMap<ThingName, BTreeMap<Context, Option<Arc<Sym>>>>,
    facts: BTreeSet<u64>,
    /// The choices that were seen to change a thing.
    influence: BTreeMap<ThingName, BTreeSet<usize>>,
    /// The names in each picture of everything, in order.
    full: Vec<Vec<ThingName>>,
    homes: usize,
}

/// A place to look from, and at what; `None` for everything.
struct Home {
    context: Context,
    things: Option<BTreeSet<ThingName>>,
}

/// Most homes before a site counts as too tangled; real ones have about ten.
const MOST_HOMES: usize = 300;

impl<'a> Explorer<'a> {
    /// Begins with nothing seen.
    pub fn new(world: &'a World<'a>, probes: &'a Probes<'a>) -> Self {
        Self {
            world,
            probes,
            lifts: [Lift::new(probes, Set::A), Lift::new(probes, Set::B)],
            seen: BTreeMap::new(),
            facts: BTreeSet::new(),
            influence: BTreeMap::new(),
            full: Vec::new(),
            homes: 0,
        }
    }

    /// What was seen of each thing, by context; nothing where it is absent.
    pub const fn seen(&self) -> &BTreeMap<ThingName, BTreeMap<Context, Option<Arc<Sym>>>> {
        &self.seen
    }

    /// The blocks of each text, in an order that holds in every context.
    pub fn order(&self) -> Result<BTreeMap<String, Vec<String>>, Fault> {
        let mut order: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for picture in &self.full {
            let mut blocks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for name in picture {
                if let ThingName::Block(text, block) = name {
                    blocks.entry(text).or_default().push(block);
                }
            }
            for (text, blocks) in blocks {
                insert(order.entry(text.to_owned()).or_default(), &blocks)
                    .map_err(|block| Fault::disorder(&format!("{text}, block {block}")))?;
            }
        }
        Ok(order)
    }

    /// Renders the star around a context, and the stars around every context in it that shows something new.
    pub fn explore(&mut self, context: Context) -> Result<(), Fault> {
        let mut queue = vec![Home {
            context,
            things: None,
        }];
        while let Some(home) = queue.pop() {
            if self.homes == MOST_HOMES {
                return Err(Fault::tangled());
            }
            queue.extend(self.star(&home)?);
            self.homes += 1;
        }
        Ok(())
    }

    /// Renders a context and all that differ from it in one choice. Gives the places to look from next.
    fn star(&mut self, home: &Home) -> Result<Vec<Home>, Fault> {
        let dims: Vec<usize> = match &home.things {
            None => (0..home.context.len()).collect(),
            // Other choices were seen to have no part in these; should they have one here, the proof finds it.
            Some(things) => {
                let dims: BTreeSet<usize> = things
                    .iter()
                    .filter_map(|name| self.influence.get(name))
                    .flatten()
                    .copied()
                    .collect();
                dims.into_iter().collect()
            }
        };
        let mut contexts = vec![home.context.clone()];
        contexts.extend(dims.iter().map(|dim| flipped(&home.context, *dim)));
        let wanted = |name: &ThingName| {
            home.things
                .as_ref()
                .is_none_or(|things| things.contains(name))
        };
        let rendered: Result<Vec<Picture>, Fault> = contexts
            .par_iter()
            .map(|context| self.picture(context, wanted))
            .collect();
        let pictures = rendered?;
        self.remember(home, &contexts, &pictures);
        if home.things.is_none() {
            let names = |picture: &Picture| picture.iter().map(|(name, _)| name.clone()).collect();
            self.full.extend(pictures.iter().map(names));
        }
        let Some((base, flips)) = pictures.split_first() else {
            return Ok(Vec::new());
        };
        self.learn(base);
        let mut found = Vec::new();
        for (dim, picture) in dims.into_iter().zip(flips) {
            let changed = changed(base, picture);
            for name in &changed {
                self.influence.entry(name.clone()).or_default().insert(dim);
            }
            let news = self.learn(picture);
            if !news.is_empty() {
                found.push(News {
                    dim,
                    things: news,
                    changed,
                });
            }
        }
        Ok(grouped(&found)
            .into_iter()
            .map(|(dims, things)| {
                let mut context = home.context.clone();
                for dim in dims {
                    context[dim] = !context[dim];
                }
                Home {
                    context,
                    things: Some(things),
                }
            })
            .collect())
    }

    /// Notes what was seen in these contexts, and what was looked for and absent.
    fn remember(&mut self, home: &Home, contexts: &[Context], pictures: &[Picture]) {
        let mut names: BTreeSet<ThingName> = self.seen.keys().cloned().collect();
        names.extend(pictures.iter().flatten().map(|(name, _)| name.clone()));
        if let Some(things) = &home.things {
            names.retain(|name| things.contains(name));
        }
        for (context, picture) in contexts.iter().zip(pictures) {
            let picture: BTreeMap<&ThingName, &Arc<Sym>> =
                picture.iter().map(|(name, sym)| (name, sym)).collect();
            for name in &names {
                let sym = picture.get(name).map(|sym| Arc::clone(sym));
                let seen = self.seen.entry(name.clone()).or_default();
                seen.insert(context.clone(), sym);
            }
        }
    }

    /// The things in a picture that hold something not seen before.
    fn learn(&mut self, picture: &Picture) -> BTreeSet<ThingName> {
        let mut news = BTreeSet::new();
        for (name, sym) in picture {
            let mut all = Vec::new();
            facts(sym, hash(name), &mut all);
            let before = self.facts.len();
            self.facts.extend(all);
            if self.facts.len() > before {
                news.insert(name.clone());
            }
        }
        news
    }

    /// Renders a context with both sets of probes. A value that is not merely placed shows in their difference.
    fn picture(
        &self,
        context: &Context,
        wanted: impl Fn(&ThingName) -> bool,
    ) -> Result<Picture, Fault> {
        let things = |set| {
            let assignment = self.probes.assignment(context, set);
            self.world.things(&assignment, &wanted)
        };
        let (one, other) = (
            self.lifted(&things(Set::A)?, Set::A),
            self.lifted(&things(Set::B)?, Set::B),
        );
        if one == other {
            return Ok(one
                .into_iter()
                .map(|(name, sym)| (name, Arc::new(sym)))
                .collect());
        }
        Err(self.culprits(context, &wanted, &one)?)
    }

    fn lifted(&self, things: &Things, set: Set) -> Vec<(ThingName, Sym)> {
        let lift = match set {
            Set::A => &self.lifts[0],
            Set::B => &self.lifts[1],
        };
        things
            .iter()
            .map(|(name, thing)| (name.clone(), lift.thing(thing)))
            .collect()
    }

    /// Names whose second probe alone changes more than the places where it is put.
    fn culprits(
        &self,
        context: &Context,
        wanted: impl Fn(&ThingName) -> bool,
        one: &[(ThingName, Sym)],
    ) -> Result<Fault, Fault> {
        let first = self.probes.assignment(context, Set::A);
        let second = self.probes.assignment(context, Set::B);
        let mut found = Vec::new();
        for (name, value) in &second {
            let mut mixed: Assignment = first.clone();
            if mixed.insert(name.clone(), value.clone()).as_ref() == Some(value) {
                continue;
            }
            let things = self.world.things(&mixed, &wanted)?;
            // Seen with the first set, only the changed name's own probes are strange.
            let lifted = self.lifted(&things, Set::A);
            for ((thing, before), (_, after)) in one.iter().zip(&lifted) {
                if before != after && !self.is_placed(before, after, name) {
                    found.push(format!("{name} is not merely placed in {thing}"));
                }
            }
        }
        if found.is_empty() {
            found.push("two parameters act on one place together".to_owned());
        }
        Ok(Fault::Inexpressible(found.join("; ")))
    }

    /// Whether two trees differ only where one has the name.
    fn is_placed(&self, before: &Sym, after: &Sym, name: &str) -> bool {
        let _ = self;
        match (before, after) {
            (Sym::Map(one), Sym::Map(other)) if one.len() == other.len() => one
                .iter()
                .zip(other)
                .all(|((key, one), (other_key, other))| {
                    (key == other_key || matches!(key, Key::Splice(_)))
                        && self.is_placed(one, other, name)
                }),
            (Sym::List(one), Sym::List(other)) if one.len() == other.len() => one
                .iter()
                .zip(other)
                .all(|(one, other)| self.is_placed(one, other, name)),
            (one, other) => one == other || one.refs().iter().any(|found| found.name == name),
        }
    }
}

/// A flip that shows something new.
struct News {
    dim: usize,
    things: BTreeSet<ThingName>,
    changed: BTreeSet<ThingName>,
}

/// Flips that do not touch each other's news are looked at together.
fn grouped(found: &[News]) -> Vec<(Vec<usize>, BTreeSet<ThingName>)> {
    let mut groups: Vec<Vec<&News>> = Vec::new();
    for flip in found {
        let free = groups.iter_mut().find(|group| {
            group.iter().all(|other| {
                flip.things.is_disjoint(&other.changed) && other.things.is_disjoint(&flip.changed)
            })
        });
        match free {
            Some(group) => group.push(flip),
            None => groups.push(vec![flip]),
        }
    }
    groups
        .into_iter()
        .map(|group| {
            let dims = group.iter().map(|flip| flip.dim).collect();
            let things = group.iter().flat_map(|flip| flip.things.clone()).collect();
            (dims, things)
        })
        .collect()
}

fn changed(one: &Picture, other: &Picture) -> BTreeSet<ThingName> {
    let map =
        |picture: &Picture| -> BTreeMap<ThingName, Arc<Sym>> { picture.iter().cloned().collect() };
    let (one, other) = (map(one), map(other));
    one.keys()
        .chain(other.keys())
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect()
}

/// The context with one choice the other way.
pub fn flipped(context: &Context, dim: usize) -> Context {
    let mut other = context.clone();
    other[dim] = !other[dim];
    other
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A number for every node and every leaf's value.
fn facts(sym: &Sym, place: u64, all: &mut Vec<u64>) {
    match sym {
        Sym::Map(entries) => {
            for (key, value) in entries {
                let place = hash((place, key));
                all.push(place);
                facts(value, place, all);
            }
        }
        Sym::List(items) => {
            for item in items {
                let place = hash((place, identity(item)));
                all.push(place);
                facts(item, place, all);
            }
        }
        Sym::Lines(lines) => {
            for (index, line) in lines.iter().enumerate() {
                all.push(hash((place, index, line)));
            }
        }
        Sym::Range(name, item) => facts(item, hash((place, name)), all),
        leaf => all.push(hash((place, format!("{leaf:?}")))),
    }
}

/// Keys that tell items of a list apart, as Kubernetes merges them.
const MERGE_KEYS: [&str; 6] = ["name", "mountPath", "host", "path", "type", "topologyKey"];

/// What makes an item of a list the same item in another context: its name, else its content. A rule or peer of a
/// NetworkPolicy has no name; it is known by what no choice changes.
pub fn identity(item: &Sym) -> String {
    let Sym::Map(entries) = item else {
        return format!("{item:?}");
    };
    let get = |wanted: &str| {
        entries.iter().find_map(|(key, value)| match key {
            Key::Name(name) if name == wanted => Some(value),
            _ => None,
        })
    };
    for key in MERGE_KEYS {
        if let Some(Sym::Text(text)) = get(key) {
            return format!("{key}={text:?}");
        }
    }
    if let Some(Sym::Map(block)) = get("ipBlock") {
        let cidr = block
            .iter()
            .find(|(key, _)| *key == Key::Name("cidr".into()));
        return format!("{cidr:?}");
    }
    if get("namespaceSelector").is_some() {
        return "namespaceSelector".to_owned();
    }
    if let Some(Sym::List(peers)) = get("to").or_else(|| get("from")) {
        let outside = peers.first().map(identity).filter(|_| {
            let inside = |peer: &Sym| matches!(peer, Sym::Map(entries) if entries.iter().any(|(key, _)| *key == Key::Name("podSelector".into())));
            !peers.iter().any(inside)
        });
        return outside.unwrap_or_else(|| format!("{:?}", get("ports")));
    }
    format!("{item:?}")
}

/// Adds a sequence to an order that all sequences share; gives the item that contradicts it.
pub fn insert<S: AsRef<str> + From<String>>(
    order: &mut Vec<S>,
    sequence: &[&str],
) -> Result<(), String> {
    let mut position = 0;
    for item in sequence {
        if let Some(found) = order.iter().position(|known| known.as_ref() == *item) {
            if found < position {
                return Err((*item).to_owned());
            }
            position = found + 1;
        } else {
            order.insert(position, S::from((*item).to_owned()));
            position += 1;
        }
    }
    Ok(())
}
