//! The sections and values of `values.yaml`, in the order of the site file.

use std::collections::BTreeSet;

use super::docs::Docs;
use super::{Chart, Fault, Subchart};
use crate::params::{Name, Param, Registry};

/// A section or a value.
#[derive(Debug)]
pub struct Node<'a> {
    /// Its key in the section above.
    pub key: String,
    /// All keys down to it, joined by dots.
    pub path: String,
    /// What it is for; empty within the values of another chart, which has documentation of its own.
    pub docs: String,
    /// What stands there.
    pub content: Content<'a>,
}

/// What stands at a place of `values.yaml`.
#[derive(Debug)]
pub enum Content<'a> {
    /// Further sections and values.
    Section(Vec<Node<'a>>),
    /// A parameter.
    Value(&'a Param),
    /// The values of another chart, and the parameters among them.
    Subchart(&'a Subchart, Vec<Node<'a>>),
}

impl<'a> Node<'a> {
    /// What stands below; nothing below a value.
    pub fn children(&self) -> &[Node<'a>] {
        match &self.content {
            Content::Section(children) | Content::Subchart(_, children) => children,
            Content::Value(_) => &[],
        }
    }
}

/// All sections and values of a chart.
pub fn outline<'a>(chart: &Chart<'a>) -> Result<Vec<Node<'a>>, Fault> {
    let docs = Docs::of_site_file();
    let mut top = Vec::new();
    for param in used(chart.registry) {
        insert(&mut top, param)?;
    }
    for subchart in chart.subcharts {
        let at = top.iter().position(|node| node.key == subchart.name);
        let children = match at.map(|at| top.remove(at).content) {
            Some(Content::Section(children)) => children,
            Some(_) => {
                return Err(Fault::TwoKinds {
                    path: subchart.name.clone(),
                });
            }
            None => Vec::new(),
        };
        top.push(Node {
            key: subchart.name.clone(),
            path: subchart.name.clone(),
            docs: String::new(),
            content: Content::Subchart(subchart, children),
        });
    }
    finish(&mut top, &docs, false)?;
    Ok(top)
}

/// The parameters that some template uses: those that are placed, and those of which something placed is computed.
pub fn used(registry: &Registry) -> Vec<&Param> {
    fn reach<'r>(registry: &'r Registry, name: &'r str, reached: &mut BTreeSet<&'r str>) {
        if reached.insert(name)
            && let Some(definition) = registry.definition(name)
        {
            for name in definition.go.names() {
                reach(registry, name, reached);
            }
        }
    }
    let mut reached = BTreeSet::new();
    for name in registry.names().iter().filter(|name| name.is_placed()) {
        reach(registry, name.as_str(), &mut reached);
    }
    registry
        .params()
        .filter(|param| !param.path.starts_with("Release."))
        .filter(|param| reached.contains(param.path.as_str()))
        .collect()
}

/// Whether users of the chart set this name themselves, as true or false.
pub fn switch<'r>(registry: &'r Registry, name: &str) -> Option<&'r Param> {
    match registry.get(name) {
        Some(Name::Param(param)) if param.kind == crate::params::Kind::Switch => Some(param),
        _ => None,
    }
}

fn insert<'a>(top: &mut Vec<Node<'a>>, param: &'a Param) -> Result<(), Fault> {
    let two_kinds = || Fault::TwoKinds {
        path: param.path.clone(),
    };
    let mut level = top;
    let mut end = 0;
    loop {
        let rest = &param.path[end..];
        let (key, is_last) = rest
            .split_once('.')
            .map_or((rest, true), |(key, _)| (key, false));
        let path = &param.path[..end + key.len()];
        end = path.len() + 1;
        let at = level.iter().position(|node| node.key == key);
        if is_last {
            if at.is_some() {
                return Err(two_kinds());
            }
            level.push(node(path, key, Content::Value(param)));
            return Ok(());
        }
        let at = at.unwrap_or_else(|| {
            level.push(node(path, key, Content::Section(Vec::new())));
            level.len() - 1
        });
        match &mut level[at].content {
            Content::Section(children) => level = children,
            Content::Value(_) | Content::Subchart(..) => return Err(two_kinds()),
        }
    }
}

fn node<'a>(path: &str, key: &str, content: Content<'a>) -> Node<'a> {
    Node {
        key: key.to_owned(),
        path: path.to_owned(),
        docs: String::new(),
        content,
    }
}

/// Puts a level and all below it in order, and gives everything its sentence.
fn finish(level: &mut [Node], docs: &Docs, is_foreign: bool) -> Result<(), Fault> {
    let ranks: Vec<_> = level.iter().map(|node| rank(node, docs)).collect();
    let ranks: Vec<_> = level
        .iter()
        .zip(&ranks)
        .map(|(node, own)| own.or_else(|| before_dependents(node, level, &ranks)))
        .map(|rank| rank.unwrap_or((usize::MAX, 0)))
        .collect();
    let mut paths: Vec<_> = level
        .iter()
        .map(|node| node.path.clone())
        .zip(ranks)
        .collect();
    paths.sort_by_key(|(_, rank)| *rank);
    level.sort_by_key(|node| paths.iter().position(|(path, _)| *path == node.path));
    for node in level {
        let sentence = match &mut node.content {
            Content::Section(children) => {
                finish(children, docs, is_foreign)?;
                docs.section(&node.path)
            }
            Content::Subchart(subchart, children) => {
                finish(children, docs, true)?;
                Some(format!(
                    "Values of the chart {} {}, which is installed with this one; see the documentation of that chart.",
                    subchart.name, subchart.version
                ))
            }
            Content::Value(param) => docs.value(param),
        };
        node.docs = match sentence {
            Some(sentence) => sentence,
            None if is_foreign => String::new(),
            None => {
                return Err(Fault::NoSentence {
                    path: node.path.clone(),
                });
            }
        };
    }
    Ok(())
}

/// Where the site file has it, or the key that it stands for; the second number puts a switch before what it switches.
type Rank = (usize, u8);

fn rank(node: &Node, docs: &Docs) -> Option<Rank> {
    docs.position(&node.path)
        .or_else(|| docs.position_of_stem(&node.path))
        .map(|position| (position, 1))
}

/// A switch that the site file does not have stands before the first value that depends on it.
fn before_dependents(switch: &Node, level: &[Node], ranks: &[Option<Rank>]) -> Option<Rank> {
    level
        .iter()
        .zip(ranks)
        .filter(|(node, _)| depends(node, &switch.path))
        .filter_map(|(_, rank)| *rank)
        .min()
        .map(|(position, _)| (position, 0))
}

fn depends(node: &Node, switch: &str) -> bool {
    match &node.content {
        Content::Value(param) => param.shape.when.as_deref() == Some(switch),
        Content::Section(children) | Content::Subchart(_, children) => {
            children.iter().any(|child| depends(child, switch))
        }
    }
}
