//! Joins the pictures of all contexts into one tree with conditions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Fault;
use super::explore::{flipped, identity, insert};
use super::probes::Context;
use super::sym::{Key, Seg, Sym};
use super::tree::{Block, Entry, Forest, Guard, Leaf, Literal, Node, ObjectNode, Piece, TextNode};
use super::world::ThingName;

/// A thing in those contexts in which it is there; a context is its choices among the thing's own.
type Variants<'v, T> = Vec<(&'v Context, &'v T)>;

/// What was seen of a thing, by context; nothing where it is absent.
type Seen = BTreeMap<Context, Option<Arc<Sym>>>;

/// Joins what was seen of all things; `dims` names the choices of a context, `order` gives the blocks of each text.
pub fn merge(
    seen: &BTreeMap<ThingName, Seen>,
    order: BTreeMap<String, Vec<String>>,
    dims: &[&str],
) -> Result<Forest, Fault> {
    let mut objects = Vec::new();
    let mut blocks: BTreeMap<(String, String), Block> = BTreeMap::new();
    for (name, seen) in seen {
        let at = name.to_string();
        let thing = ThingMerge::new(seen, dims);
        let all: Vec<&Context> = thing.all.iter().collect();
        let present: Variants<Sym> = thing
            .present
            .iter()
            .map(|(context, sym)| (context, &**sym))
            .collect();
        let contexts: Vec<&Context> = present.iter().map(|(context, _)| *context).collect();
        let guard = thing.guard(&all, &contexts, &at)?;
        match name {
            ThingName::Object(path) => objects.push(ObjectNode {
                path: path.clone(),
                guard,
                node: thing.node(&present, &at)?,
            }),
            ThingName::Block(text, block) => {
                let lines = thing.lines(&present, &at)?;
                let name = block.clone();
                blocks.insert((text.clone(), block.clone()), Block { guard, name, lines });
            }
        }
    }
    let texts: Vec<TextNode> = order
        .into_iter()
        .map(|(name, names)| TextNode {
            blocks: names
                .into_iter()
                .filter_map(|block| blocks.remove(&(name.clone(), block)))
                .collect(),
            name,
        })
        .collect();
    framed(&texts)?;
    Ok(Forest { objects, texts })
}

/// A template's tags swallow the white space around them, so a text begins and ends with what is always there.
fn framed(texts: &[TextNode]) -> Result<(), Fault> {
    for text in texts {
        let common = text.common();
        for block in text.blocks.first().into_iter().chain(text.blocks.last()) {
            if block.guard.len() > common.len() {
                return Err(Fault::Inexpressible(format!(
                    "{} begins or ends with the block {}, which depends on a parameter",
                    text.name, block.name
                )));
            }
        }
    }
    Ok(())
}

/// One thing, seen only in the choices that matter to it.
struct ThingMerge<'d> {
    dims: Vec<&'d str>,
    all: BTreeSet<Context>,
    present: Vec<(Context, Arc<Sym>)>,
}

impl<'d> ThingMerge<'d> {
    fn new(seen: &Seen, dims: &[&'d str]) -> Self {
        let matters = |dim: usize| {
            seen.iter().any(|(context, sym)| {
                let other = seen.get(&flipped(context, dim));
                other.is_some_and(|other| other != sym)
            })
        };
        let mut kept: Vec<usize> = (0..dims.len()).filter(|dim| matters(*dim)).collect();
        let project = |kept: &[usize], context: &Context| -> Context {
            kept.iter().map(|dim| context[*dim]).collect()
        };
        // If the choices that seem to matter do not tell all variants apart, all are kept.
        let mut told: BTreeMap<Context, &Option<Arc<Sym>>> = BTreeMap::new();
        let unique = seen
            .iter()
            .all(|(context, sym)| *told.entry(project(&kept, context)).or_insert(sym) == sym);
        if !unique {
            kept = (0..dims.len()).collect();
        }
        let mut present = BTreeMap::new();
        for (context, sym) in seen {
            if let Some(sym) = sym {
                present.insert(project(&kept, context), Arc::clone(sym));
            }
        }
        Self {
            dims: kept.iter().map(|dim| dims[*dim]).collect(),
            all: seen.keys().map(|context| project(&kept, context)).collect(),
            // Contexts with more choices on come first: there most is there.
            present: present.into_iter().rev().collect(),
        }
    }

    /// The condition on which something is present in these of all contexts.
    fn guard(&self, all: &[&Context], present: &[&Context], at: &str) -> Result<Guard, Fault> {
        if all.len() == present.len() {
            return Ok(Guard::new());
        }
        let everywhere: BTreeSet<&Context> = all.iter().copied().collect();
        let there: BTreeSet<&Context> = present.iter().copied().collect();
        let mut counterexample = None;
        for home in present {
            let literals: Vec<(usize, bool)> = (0..self.dims.len())
                .filter(|dim| {
                    let other = flipped(home, *dim);
                    everywhere.contains(&other) && !there.contains(&other)
                })
                .map(|dim| (dim, home[dim]))
                .collect();
            let wrong = all.iter().find(|context| {
                let holds = literals.iter().all(|(dim, on)| context[*dim] == *on);
                holds != there.contains(**context)
            });
            match wrong {
                None => {
                    return Ok(literals
                        .into_iter()
                        .map(|(dim, on)| Literal {
                            dim: self.dims[dim].to_owned(),
                            on,
                        })
                        .collect());
                }
                Some(wrong) => counterexample = counterexample.or(Some(*wrong)),
            }
        }
        let choices: Vec<String> = counterexample
            .into_iter()
            .flat_map(|context| self.dims.iter().zip(context))
            .map(|(dim, on)| format!("{dim}: {on}"))
            .collect();
        Err(Fault::Inexpressible(format!(
            "whether {at} is there is no conjunction of conditions, for instance with {}: define a switch for it",
            choices.join(", ")
        )))
    }

    fn node(&self, variants: &Variants<Sym>, at: &str) -> Result<Node, Fault> {
        let Some((_, first)) = variants.first() else {
            return Err(Fault::disorder(at));
        };
        let same = |kind: fn(&Sym) -> bool| variants.iter().all(|(_, sym)| kind(sym));
        if same(|sym| matches!(sym, Sym::Map(_))) {
            return self.map(variants, at);
        }
        if same(|sym| matches!(sym, Sym::List(_))) {
            return self.list(variants, at);
        }
        match first {
            Sym::Splice(name) if same(|sym| matches!(sym, Sym::Splice(_))) => {
                Ok(Node::Splice(name.clone()))
            }
            Sym::Range(name, _) if same(|sym| matches!(sym, Sym::Range(..))) => {
                let inner: Variants<Sym> = variants
                    .iter()
                    .filter_map(|(context, sym)| match sym {
                        Sym::Range(_, inner) => Some((*context, &**inner)),
                        _ => None,
                    })
                    .collect();
                Ok(Node::Range(name.clone(), Box::new(self.node(&inner, at)?)))
            }
            _ => {
                let leaves: Vec<(&Context, Leaf)> = variants
                    .iter()
                    .filter_map(|(context, sym)| Some((*context, leaf(sym)?)))
                    .collect();
                if leaves.len() < variants.len() {
                    return Err(Fault::Inexpressible(format!(
                        "a parameter changes the type of {at}: define a value for it"
                    )));
                }
                Ok(Node::Leaf(self.leaf(&leaves, at)?))
            }
        }
    }

    fn map(&self, variants: &Variants<Sym>, at: &str) -> Result<Node, Fault> {
        let maps: Vec<(&Context, &Vec<(Key, Sym)>)> = variants
            .iter()
            .filter_map(|(context, sym)| match sym {
                Sym::Map(entries) => Some((*context, entries)),
                _ => None,
            })
            .collect();
        let mut order: Vec<&Key> = Vec::new();
        for (_, entries) in &maps {
            let keys: Vec<&Key> = entries.iter().map(|(key, _)| key).collect();
            // The order of keys has no meaning, so where contexts differ the first one decides.
            for (index, key) in keys.iter().enumerate() {
                if !order.contains(key) {
                    let behind = keys[..index]
                        .iter()
                        .rev()
                        .find_map(|before| order.iter().position(|known| known == before));
                    order.insert(behind.map_or(0, |behind| behind + 1), key);
                }
            }
        }
        let all: Vec<&Context> = maps.iter().map(|(context, _)| *context).collect();
        let mut merged = Vec::new();
        for key in order {
            let values: Variants<Sym> = maps
                .iter()
                .filter_map(|(context, entries)| {
                    let (_, value) = entries.iter().find(|(known, _)| known == key)?;
                    Some((*context, value))
                })
                .collect();
            let at = match key {
                Key::Name(name) => format!("{at}/{name}"),
                Key::Splice(name) => format!("{at}/<{name}>"),
            };
            let present: Vec<&Context> = values.iter().map(|(context, _)| *context).collect();
            merged.push(Entry {
                guard: self.guard(&all, &present, &at)?,
                key: key.clone(),
                node: self.node(&values, &at)?,
            });
        }
        let stays = maps.iter().any(|(_, entries)| entries.is_empty());
        Ok(Node::Map(merged, stays))
    }

    fn list(&self, variants: &Variants<Sym>, at: &str) -> Result<Node, Fault> {
        let lists: Vec<(&Context, &Vec<Sym>)> = variants
            .iter()
            .filter_map(|(context, sym)| match sym {
                Sym::List(items) => Some((*context, items)),
                _ => None,
            })
            .collect();
        // A single item everywhere is the same item, whatever is in it.
        let single = lists.iter().all(|(_, items)| items.len() == 1)
            && lists.iter().all(|(_, items)| {
                matches!(items[0], Sym::Map(_)) || matches!(items[0], Sym::Text(_) | Sym::Whole(_))
            });
        let keyed: Vec<(&Context, Vec<(String, &Sym)>)> = lists
            .iter()
            .map(|(context, items)| {
                let mut keys: Vec<(String, &Sym)> = Vec::new();
                for item in *items {
                    let key = if single {
                        String::new()
                    } else {
                        identity(item)
                    };
                    let twins = keys
                        .iter()
                        .filter(|(known, _)| known.trim_end_matches('\'') == key)
                        .count();
                    keys.push((format!("{key}{}", "'".repeat(twins)), item));
                }
                (*context, keys)
            })
            .collect();
        let mut order: Vec<String> = Vec::new();
        for (_, keys) in &keyed {
            let keys: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
            insert(&mut order, &keys).map_err(|_| Fault::disorder(at))?;
        }
        let all: Vec<&Context> = keyed.iter().map(|(context, _)| *context).collect();
        let mut merged = Vec::new();
        for (index, key) in order.iter().enumerate() {
            let items: Variants<Sym> = keyed
                .iter()
                .filter_map(|(context, keys)| {
                    let (_, item) = keys.iter().find(|(known, _)| known == key)?;
                    Some((*context, *item))
                })
                .collect();
            let at = format!("{at}/{index}");
            let present: Vec<&Context> = items.iter().map(|(context, _)| *context).collect();
            merged.push(Entry {
                guard: self.guard(&all, &present, &at)?,
                key: (),
                node: self.node(&items, &at)?,
            });
        }
        let stays = lists.iter().any(|(_, items)| items.is_empty());
        Ok(Node::List(merged, stays))
    }

    fn lines(&self, variants: &Variants<Sym>, at: &str) -> Result<Vec<Vec<Piece>>, Fault> {
        let blocks: Vec<(&Context, &Vec<Vec<Seg>>)> = variants
            .iter()
            .filter_map(|(context, sym)| match sym {
                Sym::Lines(lines) => Some((*context, lines)),
                _ => None,
            })
            .collect();
        let count = blocks.first().map_or(0, |(_, lines)| lines.len());
        if blocks.iter().any(|(_, lines)| lines.len() != count) {
            return Err(Fault::Inexpressible(format!(
                "the number of lines of {at} depends on a parameter: put them in a block of their own"
            )));
        }
        (0..count)
            .map(|index| {
                let at = format!("{at}, line {}", index + 1);
                let lines: Vec<(&Context, Leaf)> = blocks
                    .iter()
                    .map(|(context, lines)| (*context, Leaf::Text(pieces(&lines[index]))))
                    .collect();
                match self.leaf(&lines, &at)? {
                    Leaf::Text(pieces) => Ok(pieces),
                    Leaf::Either(dim, yes, no) => match (*yes, *no) {
                        (Leaf::Text(yes), Leaf::Text(no)) => Ok(vec![Piece::Either(dim, yes, no)]),
                        _ => Err(Fault::disorder(&at)),
                    },
                    _ => Err(Fault::disorder(&at)),
                }
            })
            .collect()
    }

    /// A leaf that is the same everywhere, or depends on one choice.
    fn leaf(&self, variants: &[(&Context, Leaf)], at: &str) -> Result<Leaf, Fault> {
        let Some((_, first)) = variants.first() else {
            return Err(Fault::disorder(at));
        };
        if variants.iter().all(|(_, leaf)| leaf == first) {
            return Ok(first.clone());
        }
        for dim in 0..self.dims.len() {
            let side = |on: bool| {
                let mut leaves = variants
                    .iter()
                    .filter(|(context, _)| context[dim] == on)
                    .map(|(_, leaf)| leaf);
                let first = leaves.next()?;
                leaves.all(|leaf| leaf == first).then(|| first.clone())
            };
            if let (Some(yes), Some(no)) = (side(true), side(false)) {
                return Ok(either(self.dims[dim], yes, no));
            }
        }
        let mut values: Vec<String> = variants
            .iter()
            .map(|(_, leaf)| format!("{leaf:?}"))
            .collect();
        values.sort();
        values.dedup();
        Err(Fault::Inexpressible(format!(
            "the leaf {at} depends on several choices ({}): define a value for it",
            values.join(" | ")
        )))
    }
}

/// One of two leaves; texts share what they have in common at both ends.
fn either(dim: &str, yes: Leaf, no: Leaf) -> Leaf {
    let (Leaf::Text(mut one), Leaf::Text(mut other)) = (yes.clone(), no.clone()) else {
        return Leaf::Either(dim.to_owned(), Box::new(yes), Box::new(no));
    };
    let (start, end) = (
        common(&mut one, &mut other, true),
        common(&mut one, &mut other, false),
    );
    if start.is_empty() && end.is_empty() {
        return Leaf::Either(dim.to_owned(), Box::new(yes), Box::new(no));
    }
    let mut pieces = start;
    pieces.push(Piece::Either(dim.to_owned(), one, other));
    pieces.extend(end);
    Leaf::Text(joined(pieces))
}

/// Takes away what both begin or end with, in whole words.
fn common(one: &mut Vec<Piece>, other: &mut Vec<Piece>, start: bool) -> Vec<Piece> {
    let (mut words, mut others) = (split(one), split(other));
    let mut shared = Vec::new();
    loop {
        let pair = if start {
            (words.first(), others.first())
        } else {
            (words.last(), others.last())
        };
        let (Some(word), Some(twin)) = pair else {
            break;
        };
        if word != twin {
            break;
        }
        shared.push(word.clone());
        let (at, twin_at) = if start {
            (0, 0)
        } else {
            (words.len() - 1, others.len() - 1)
        };
        words.remove(at);
        others.remove(twin_at);
    }
    if !start {
        shared.reverse();
    }
    *one = joined(words);
    *other = joined(others);
    joined(shared)
}

fn split(pieces: &[Piece]) -> Vec<Piece> {
    let mut words = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => {
                let mut word = String::new();
                for character in text.chars() {
                    if character.is_alphanumeric() {
                        word.push(character);
                        continue;
                    }
                    if !word.is_empty() {
                        words.push(Piece::Literal(std::mem::take(&mut word)));
                    }
                    words.push(Piece::Literal(character.to_string()));
                }
                if !word.is_empty() {
                    words.push(Piece::Literal(word));
                }
            }
            other => words.push(other.clone()),
        }
    }
    words
}

fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut result: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (result.last_mut(), piece) {
            (Some(Piece::Literal(text)), Piece::Literal(more)) => text.push_str(&more),
            (_, piece) => result.push(piece),
        }
    }
    result
}

fn leaf(sym: &Sym) -> Option<Leaf> {
    match sym {
        Sym::Fixed(value) => Some(Leaf::Fixed(value.clone())),
        Sym::Whole(found) => Some(Leaf::Whole(found.clone())),
        Sym::Text(segments) => Some(Leaf::Text(pieces(segments))),
        Sym::Marker(marker) => Some(Leaf::Marker(marker.clone())),
        Sym::Map(_) | Sym::List(_) | Sym::Splice(_) | Sym::Range(..) | Sym::Lines(_) => None,
    }
}

fn pieces(segments: &[Seg]) -> Vec<Piece> {
    segments
        .iter()
        .map(|segment| match segment {
            Seg::Literal(text) => Piece::Literal(text.clone()),
            Seg::Ref(found) => Piece::Ref(found.clone()),
        })
        .collect()
}
