//! The list of parameters and definitions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::go::Go;
use super::term::Mark;

/// What a parameter or definition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text of one line.
    Text,
    /// A whole number.
    Whole,
    /// True or false.
    Switch,
    /// Texts by name.
    Map,
    /// Maps, each placed as it is.
    List,
    /// Texts in order.
    Words,
    /// Whole numbers in order.
    Wholes,
}

/// One value that the users of a chart may choose.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its place in `values.yaml`, keys joined by dots; `Release.Name` and `Release.Namespace` are Helm's own.
    pub path: String,
    /// What it holds.
    pub kind: Kind,
    /// The site's value; `None` where the site says nothing of it.
    pub value: Option<Value>,
    /// What it may be.
    pub shape: Shape,
    /// Whether it was placed, and not only computed with.
    pub placed: Mark,
}

/// What the values of a parameter may be, and what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// JSON Schema of one value, without references; an optional one may be empty as well.
    pub schema: Value,
    /// One sentence for people, if the site file has no key of the same path.
    pub docs: Option<&'static str>,
    /// Whether an empty text stands for none.
    pub optional: bool,
    /// Whether it may hold quotes and backslashes.
    pub free: bool,
    /// The switch without which it is not used, and may be empty.
    pub when: Option<String>,
}

/// A formula with a name.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// What it yields.
    pub kind: Kind,
    /// How.
    pub go: Go,
    /// What it is, one sentence.
    pub docs: &'static str,
    /// Whether it may hold quotes and backslashes.
    pub free: bool,
    /// The site's value.
    pub value: Value,
    /// Whether it was placed, and not only computed with.
    pub placed: Mark,
}

/// An entry of the list.
#[derive(Clone, Debug)]
pub enum Name {
    /// A parameter.
    Param(Param),
    /// A definition.
    Definition(Definition),
}

impl Name {
    /// The path or name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Param(param) => &param.path,
            Self::Definition(definition) => &definition.name,
        }
    }

    /// What it holds.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Param(param) => param.kind,
            Self::Definition(definition) => definition.kind,
        }
    }

    /// Whether it was placed.
    pub fn is_placed(&self) -> bool {
        match self {
            Self::Param(param) => param.placed.get(),
            Self::Definition(definition) => definition.placed.get(),
        }
    }
}

/// All parameters and definitions of a site, in the order in which they were first asked for.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// Begins the names of the chart's own templates.
    pub prefix: String,
    names: Vec<Name>,
    index: BTreeMap<String, usize>,
}

impl Registry {
    /// An empty list for a chart whose own templates begin with this.
    pub fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            ..Self::default()
        }
    }

    /// Adds an entry, unless one of its name is there.
    pub fn add(&mut self, name: Name) {
        if !self.index.contains_key(name.as_str()) {
            self.index
                .insert(name.as_str().to_owned(), self.names.len());
            self.names.push(name);
        }
    }

    /// All entries, in order.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The entry of this name.
    pub fn get(&self, name: &str) -> Option<&Name> {
        self.index
            .get(name)
            .and_then(|index| self.names.get(*index))
    }

    /// What a name holds.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.get(name).map(Name::kind)
    }

    /// Whether a name's text may hold quotes and backslashes.
    pub fn is_free(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Name::Param(param)) => param.shape.free,
            Some(Name::Definition(definition)) => definition.free,
            None => true,
        }
    }

    /// The definition of this name.
    pub fn definition(&self, name: &str) -> Option<&Definition> {
        match self.get(name) {
            Some(Name::Definition(definition)) => Some(definition),
            _ => None,
        }
    }

    /// The parameters.
    pub fn params(&self) -> impl Iterator<Item = &Param> {
        self.names.iter().filter_map(|name| match name {
            Name::Param(param) => Some(param),
            Name::Definition(_) => None,
        })
    }

    /// The definitions.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.names.iter().filter_map(|name| match name {
            Name::Definition(definition) => Some(definition),
            Name::Param(_) => None,
        })
    }
}
