//! Where `resolve` takes the values of a site from.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::rc::Rc;

use serde_json::{Value, json};

use super::formula::Formula;
use super::go::Go;
use super::registry::{Definition, Kind, Name, Param, Registry, Shape};
use super::term::{Mark, Term};
use crate::config::decode::{Decode, Int};
use crate::config::scalars::{Duration, Port, Quantity};
use crate::config::schema;
use crate::plan::Par;

/// Values by the names of parameters and definitions, in place of the site's own.
pub type Assignment = BTreeMap<String, Value>;

/// Quantities that a chart can compute with: no exponent, at most three decimals, no overflow of 64 bits.
const QUANTITY: &str = "^([1-9][0-9]{0,14}|([1-9][0-9]{0,5}([.][0-9]{1,3})?|0[.]([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))(m|k|M|G|T|Ki|Mi|Gi|Ti)?|[1-9][0-9]{0,2}([.][0-9]{1,3})?(P|Pi))$";

/// A source of values, at some place of the site.
#[derive(Clone, Debug)]
pub struct Scope {
    place: String,
    when: Option<String>,
    shared: Rc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    assigned: Assignment,
    registry: Option<RefCell<Registry>>,
}

/// A text that may be absent: in a chart an empty one is.
#[derive(Clone, Debug)]
pub struct Optional {
    /// Whether there is one.
    pub given: Term<bool>,
    /// The text; empty when there is none.
    pub text: Term<String>,
}

impl Optional {
    /// The text as a formula.
    pub fn formula(&self) -> Formula<String> {
        (&self.text).into()
    }
}

impl Scope {
    fn new(shared: Shared) -> Self {
        Self {
            place: String::new(),
            when: None,
            shared: Rc::new(shared),
        }
    }

    /// The site's own values, for plain rendering.
    pub fn plain() -> Self {
        Self::new(Shared::default())
    }

    /// The site's own values, and a list of all that is asked for; the chart's own templates begin with `prefix`.
    pub fn survey(prefix: &str) -> Self {
        Self::new(Shared {
            assigned: Assignment::new(),
            registry: Some(RefCell::new(Registry::new(prefix))),
        })
    }

    /// These values, and the site's own for what they do not name.
    pub fn assigned(assigned: Assignment) -> Self {
        Self::new(Shared {
            assigned,
            registry: None,
        })
    }

    /// What was asked for; empty unless this is a survey.
    pub fn registry(&self) -> Registry {
        self.shared
            .registry
            .as_ref()
            .map_or_else(Registry::default, |registry| registry.borrow().clone())
    }

    /// The same source below a section.
    #[must_use]
    pub fn at(&self, section: &str) -> Self {
        Self {
            place: self.path(section),
            ..self.clone()
        }
    }

    /// The same source at the top of the site.
    #[must_use]
    pub fn top(&self) -> Self {
        Self {
            place: String::new(),
            when: None,
            ..self.clone()
        }
    }

    /// The same source, for values that are only used, and only required, while a switch is on.
    #[must_use]
    pub fn when(&self, switch: &Term<bool>) -> Self {
        Self {
            when: Some(switch.name.clone()),
            ..self.clone()
        }
    }

    fn path(&self, key: &str) -> String {
        if self.place.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.place)
        }
    }

    /// A text.
    pub fn text<T: Decode + Display>(&self, key: &str, value: &T) -> Term<String> {
        self.text_of(key, Some(value))
    }

    /// A text of a section that the site may not have.
    pub fn text_of<T: Decode + Display>(&self, key: &str, value: Option<&T>) -> Term<String> {
        let value = value.map(ToString::to_string);
        self.string(key, value, || Shape {
            optional: false,
            ..self.shape::<T>(None)
        })
    }

    /// A text that the site file holds nowhere, of the form of a `T`, with a sentence of its own.
    pub fn own_text<T: Decode>(
        &self,
        key: &str,
        value: String,
        docs: &'static str,
    ) -> Term<String> {
        self.string(key, Some(value), || Shape {
            optional: false,
            ..self.shape::<T>(Some(docs))
        })
    }

    /// A text that may be absent.
    pub fn optional<T: Decode + Display>(&self, key: &str, value: Option<&T>) -> Optional {
        let value = value.map_or_else(String::new, ToString::to_string);
        let text = self.string(key, Some(value), || Shape {
            optional: true,
            ..self.shape::<T>(None)
        });
        let given = Formula {
            value: !text.value.is_empty(),
            go: Go::Given(text.name.clone()),
            free: false,
        };
        let given = self.define(&format!("{key}?"), "", given);
        Optional { given, text }
    }

    /// A quantity of CPU, memory or storage.
    pub fn quantity(&self, key: &str, value: &Quantity) -> Term<String> {
        self.quantity_of(key, Some(value))
    }

    /// A quantity of a section that the site may not have.
    pub fn quantity_of(&self, key: &str, value: Option<&Quantity>) -> Term<String> {
        let value = value.map(ToString::to_string);
        self.string(key, value, || Shape {
            optional: false,
            ..self.shape::<Quantity>(None)
        })
    }

    fn string(
        &self,
        key: &str,
        value: Option<String>,
        shape: impl FnOnce() -> Shape,
    ) -> Term<String> {
        let neutral = || Value::String(String::new());
        let (value, term) = self.take(key, Kind::Text, value.map(Value::String), neutral, shape);
        term.with(value.as_str().unwrap_or_default().to_owned())
    }

    /// A whole number.
    pub fn whole<N: Number>(&self, key: &str, value: &N) -> Term<i64> {
        self.whole_of(key, Some(value))
    }

    /// A whole number of a section that the site may not have.
    pub fn whole_of<N: Number>(&self, key: &str, value: Option<&N>) -> Term<i64> {
        self.number(key, value.map(Number::number), N::BOUNDS, None)
    }

    /// A time in seconds, which the site file writes with units.
    pub fn seconds(&self, key: &str, value: Option<&Duration>, docs: &'static str) -> Term<i64> {
        let seconds = |duration: &Duration| i64::try_from(duration.seconds()).unwrap_or(i64::MAX);
        self.number(
            key,
            value.map(seconds),
            (1, i64::from(i32::MAX)),
            Some(docs),
        )
    }

    fn number(
        &self,
        key: &str,
        value: Option<i64>,
        (least, most): (i64, i64),
        docs: Option<&'static str>,
    ) -> Term<i64> {
        let value = value.map(Value::from);
        let (value, term) = self.take(
            key,
            Kind::Whole,
            value,
            || least.into(),
            || Shape {
                schema: json!({"type": "integer", "minimum": least, "maximum": most}),
                docs,
                optional: false,
                free: false,
                when: self.when.clone(),
            },
        );
        term.with(value.as_i64().unwrap_or_default())
    }

    /// A switch of the site file.
    pub fn switch(&self, key: &str, value: bool) -> Term<bool> {
        self.boolean(key, Some(value), None)
    }

    /// A switch of a section that the site may not have.
    pub fn switch_of(&self, key: &str, value: Option<bool>) -> Term<bool> {
        self.boolean(key, value, None)
    }

    /// A switch that the site file writes in another way, such as by leaving a section out.
    pub fn toggle(&self, key: &str, value: bool, docs: &'static str) -> Term<bool> {
        self.boolean(key, Some(value), Some(docs))
    }

    fn boolean(&self, key: &str, value: Option<bool>, docs: Option<&'static str>) -> Term<bool> {
        let value = value.map(Value::Bool);
        let (value, term) = self.take(
            key,
            Kind::Switch,
            value,
            || false.into(),
            || Shape {
                schema: json!({"type": "boolean"}),
                docs,
                optional: false,
                free: false,
                when: self.when.clone(),
            },
        );
        term.with(value.as_bool().unwrap_or_default())
    }

    /// Texts by name; they may be placed at once.
    pub fn map<T: Decode>(&self, key: &str, value: Option<&T>) -> Vec<(String, Par<String>)> {
        let value = value.map(Decode::encode);
        let value = self.placed(
            key,
            Kind::Map,
            value,
            || json!({}),
            || self.shape::<T>(None),
        );
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().into()))
            .collect()
    }

    /// Maps in order, made of their JSON; they may be placed at once.
    pub fn list<T: Decode, R>(
        &self,
        key: &str,
        value: &Vec<T>,
        make: impl Fn(&Value) -> R,
    ) -> Vec<R>
    where
        Vec<T>: Decode,
    {
        let value = without_nulls(value.encode());
        let value = self.placed(
            key,
            Kind::List,
            Some(value),
            || json!([]),
            || self.shape::<Vec<T>>(None),
        );
        value.as_array().into_iter().flatten().map(make).collect()
    }

    /// Texts in order.
    pub fn words<T: Decode>(&self, key: &str, value: &Vec<T>) -> Term<Vec<String>>
    where
        Vec<T>: Decode,
    {
        let value = Some(value.encode());
        let (value, term) = self.take(
            key,
            Kind::Words,
            value,
            || json!([]),
            || self.shape::<Vec<T>>(None),
        );
        let words = value.as_array().into_iter().flatten();
        term.with(
            words
                .filter_map(Value::as_str)
                .map(ToOwned::to_owned)
                .collect(),
        )
    }

    /// Port numbers in order, at least one; they may be placed at once.
    pub fn ports(&self, key: &str, value: &[Port]) -> Vec<Par<i32>> {
        let value = value.iter().map(|port| Value::from(port.get())).collect();
        let (least, most) = Port::BOUNDS;
        let value = self.placed(key, Kind::Wholes, Some(value), || json!([]), || Shape {
            schema: json!({"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": least, "maximum": most}}),
            docs: None,
            optional: false,
            free: false,
            when: self.when.clone(),
        });
        let numbers = value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64);
        numbers
            .map(|number| Par::new(i32::try_from(number).unwrap_or_default()))
            .collect()
    }

    /// The name under which the site is installed: in a chart that of the release.
    pub fn release(&self, name: &impl Display) -> Term<String> {
        self.helm("Release.Name", name)
    }

    /// The namespace in which the site is installed: in a chart that of the release.
    pub fn namespace(&self, name: &impl Display) -> Term<String> {
        self.helm("Release.Namespace", name)
    }

    fn helm(&self, name: &str, value: &impl Display) -> Term<String> {
        let top = Self {
            place: String::new(),
            ..self.clone()
        };
        top.string(name, Some(value.to_string()), || Shape {
            schema: Value::Null,
            docs: None,
            optional: false,
            free: false,
            when: None,
        })
    }

    /// Gives a formula a name, and a sentence for readers of the chart.
    pub fn define<T: Defined>(
        &self,
        key: &str,
        docs: &'static str,
        formula: Formula<T>,
    ) -> Term<T> {
        let name = self.path(key);
        let placed = Mark::default();
        if let Some(registry) = &self.shared.registry {
            registry.borrow_mut().add(Name::Definition(Definition {
                name: name.clone(),
                kind: T::KIND,
                go: formula.go,
                docs,
                free: formula.free,
                value: formula.value.to_json(),
                placed: placed.clone(),
            }));
        }
        let assigned = self.shared.assigned.get(&name).and_then(T::from_json);
        Term {
            value: assigned.unwrap_or(formula.value),
            name,
            free: formula.free,
            placed,
        }
    }

    fn placed(
        &self,
        key: &str,
        kind: Kind,
        value: Option<Value>,
        neutral: impl FnOnce() -> Value,
        shape: impl FnOnce() -> Shape,
    ) -> Value {
        let (value, term) = self.take(key, kind, value, neutral, shape);
        term.placed.set();
        value
    }

    fn take(
        &self,
        key: &str,
        kind: Kind,
        value: Option<Value>,
        neutral: impl FnOnce() -> Value,
        shape: impl FnOnce() -> Shape,
    ) -> (Value, Term<()>) {
        let path = self.path(key);
        let mut term = Term {
            value: (),
            name: path,
            free: false,
            placed: Mark::default(),
        };
        if let Some(registry) = &self.shared.registry {
            let known = match registry.borrow().get(&term.name) {
                Some(Name::Param(param)) => Some((param.placed.clone(), param.shape.free)),
                _ => None,
            };
            if let Some((placed, free)) = known {
                term.placed = placed;
                term.free = free;
            } else {
                let shape = shape();
                term.free = shape.free;
                registry.borrow_mut().add(Name::Param(Param {
                    path: term.name.clone(),
                    kind,
                    value: value.clone(),
                    shape,
                    placed: term.placed.clone(),
                }));
            }
        }
        let assigned = self.shared.assigned.get(&term.name).cloned();
        (assigned.or(value).unwrap_or_else(neutral), term)
    }

    fn shape<T: Decode>(&self, docs: Option<&'static str>) -> Shape {
        let mut schema = schema::standalone::<T>();
        if schema == schema::standalone::<Quantity>() {
            schema = json!({"type": "string", "pattern": QUANTITY});
        }
        // A pattern that names what it refuses lets everything else in.
        let free = schema["type"] == "string"
            && schema["enum"].is_null()
            && schema["pattern"]
                .as_str()
                .is_none_or(|pattern| pattern.starts_with("^[^"));
        Shape {
            schema,
            docs,
            optional: false,
            free,
            when: self.when.clone(),
        }
    }
}

impl Term<()> {
    fn with<T>(self, value: T) -> Term<T> {
        Term {
            value,
            name: self.name,
            free: self.free,
            placed: self.placed,
        }
    }
}

/// What a definition may yield.
pub trait Defined: Clone {
    /// Its kind.
    const KIND: Kind;
    /// As JSON.
    fn to_json(&self) -> Value;
    /// From JSON.
    fn from_json(value: &Value) -> Option<Self>;
}

impl Defined for String {
    const KIND: Kind = Kind::Text;
    fn to_json(&self) -> Value {
        self.clone().into()
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str().map(ToOwned::to_owned)
    }
}

impl Defined for i64 {
    const KIND: Kind = Kind::Whole;
    fn to_json(&self) -> Value {
        (*self).into()
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_i64()
    }
}

impl Defined for bool {
    const KIND: Kind = Kind::Switch;
    fn to_json(&self) -> Value {
        (*self).into()
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

/// A bounded whole number of the site file.
pub trait Number {
    /// Least and most.
    const BOUNDS: (i64, i64);
    /// The number.
    fn number(&self) -> i64;
}

impl<const MIN: u32, const MAX: u32> Number for Int<MIN, MAX> {
    const BOUNDS: (i64, i64) = (MIN as i64, MAX as i64);
    fn number(&self) -> i64 {
        self.get().into()
    }
}

impl Number for Port {
    const BOUNDS: (i64, i64) = (1, 65_535);
    fn number(&self) -> i64 {
        self.get().into()
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        other => other,
    }
}
