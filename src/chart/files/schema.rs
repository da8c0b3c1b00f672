//! `values.schema.json`: closed, so that a misspelt or ill-typed value is refused and named.
//!
//! Every key is required: null takes a default away, and is then reported as missing. Patterns are read by Helm, by editors
//! and by the tests: they keep to what RE2 and ECMA 262 with the flag `u` have in common.

use serde_json::{Map, json};

use super::outline::{self, Content, Node};
use super::rules::{RULES, all, at, given, of_value};
use super::{Chart, Fault};
use crate::params::{Kind, Param};
use crate::tree::Value;

/// Control characters and line separators, as the site file's schema has them and in the words of RE2.
const CONTROLS: (&str, &str) = (
    r"\u0000-\u001F\u007F-\u009F\u2028\u2029",
    r"\p{Cc}\p{Zl}\p{Zp}",
);

/// The file.
pub fn text(chart: &Chart, outline: &[Node]) -> Result<String, Fault> {
    let mut all = Map::new();
    let draft = "http://json-schema.org/draft-07/schema#";
    all.insert("$schema".into(), draft.into());
    all.insert(
        "title".into(),
        format!("Values of the chart {}", chart.name).into(),
    );
    all.extend(section("", outline, true));
    if let Some(Value::Object(properties)) = all.get_mut("properties") {
        let docs = "What Helm shares between charts that are installed together.";
        properties.insert(
            "global".into(),
            json!({"description": docs, "type": "object"}),
        );
    }
    let conditions = conditions(chart, outline)?;
    if !conditions.is_empty() {
        all.insert("allOf".into(), conditions.into());
    }
    let mut text = format!("{:#}", Value::Object(all));
    text.push('\n');
    Ok(text)
}

fn section(docs: &str, nodes: &[Node], is_closed: bool) -> Map<String, Value> {
    let mut schema = Map::new();
    if !docs.is_empty() {
        schema.insert("description".into(), docs.into());
    }
    schema.insert("type".into(), "object".into());
    if is_closed {
        schema.insert("additionalProperties".into(), false.into());
    }
    if !nodes.is_empty() {
        let keys: Vec<_> = nodes.iter().map(|node| node.key.as_str()).collect();
        schema.insert("required".into(), json!(keys));
        let properties: Map<_, _> = nodes
            .iter()
            .map(|node| (node.key.clone(), property(node, is_closed).into()))
            .collect();
        schema.insert("properties".into(), properties.into());
    }
    schema
}

fn property(node: &Node, is_closed: bool) -> Map<String, Value> {
    match &node.content {
        Content::Section(children) => section(&node.docs, children, is_closed),
        // What the other chart takes, its own schema says, if it has one.
        Content::Subchart(_, children) => section(&node.docs, children, false),
        Content::Value(param) => {
            let mut schema = Map::new();
            schema.insert("description".into(), node.docs.as_str().into());
            if let Value::Object(own) = value(param) {
                schema.extend(own);
            }
            schema
        }
    }
}

/// The schema of one parameter.
fn value(param: &Param) -> Value {
    let mut schema = closed(portable(param.shape.schema.clone()));
    of_value(&param.path, &mut schema);
    if param.kind == Kind::Text {
        schema["type"] = "string".into();
        if param.shape.optional || param.shape.when.is_some() {
            allow_empty(&mut schema);
        }
    }
    schema
}

/// Patterns in the words that all readers know.
fn portable(schema: Value) -> Value {
    match schema {
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| match value {
                Value::String(pattern) if key == "pattern" => {
                    let pattern = pattern.replace(CONTROLS.0, CONTROLS.1);
                    (key, pattern.into())
                }
                value => (key, portable(value)),
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(portable).collect(),
        other => other,
    }
}

/// Items of lists without null: what may be absent is absent, and the rest is required.
fn closed(mut schema: Value) -> Value {
    if let Some(items) = schema.get_mut("items")
        && let Some(Value::Object(properties)) = items.get_mut("properties")
    {
        let mut required = Vec::new();
        for (key, property) in properties.iter_mut() {
            let choices = property["anyOf"].as_array().cloned().unwrap_or_default();
            let (nulls, others): (Vec<_>, Vec<_>) = choices
                .into_iter()
                .partition(|choice| choice["type"] == "null");
            match <[Value; 1]>::try_from(others) {
                Ok([only]) if !nulls.is_empty() => *property = only,
                _ => required.push(key.clone()),
            }
        }
        items["required"] = json!(required);
    }
    schema
}

/// Lets the empty text in, which stands for none.
fn allow_empty(schema: &mut Value) {
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push("".into());
    }
    let wider = schema["pattern"].as_str().map(|pattern| {
        let inner = pattern.strip_prefix('^').unwrap_or(pattern);
        let inner = inner.strip_suffix('$').unwrap_or(inner);
        format!("^({inner})?$")
    });
    if let Some(wider) = wider {
        schema["pattern"] = wider.into();
    }
}

/// What holds only under conditions: texts that are needed while a switch is on, and the rules across values.
fn conditions(chart: &Chart, outline: &[Node]) -> Result<Vec<Value>, Fault> {
    let params = params(outline);
    let mut needed: Vec<(&str, Vec<&Param>)> = Vec::new();
    for param in &params {
        if let (Some(switch), Kind::Text, false) =
            (&param.shape.when, param.kind, param.shape.optional)
        {
            match needed.iter_mut().find(|(known, _)| known == switch) {
                Some((_, all)) => all.push(param),
                None => needed.push((switch, vec![param])),
            }
        }
    }
    let mut result = Vec::new();
    for (switch, params) in needed {
        let switches = switches(chart, switch, params[0])?;
        let on = switches
            .into_iter()
            .map(|path| at(path, json!({"const": true})));
        let then = params.iter().map(|param| at(&param.path, given()));
        let comment = format!("What is needed while {switch} is true.");
        result.push(condition(&comment, all(on), all(then)));
    }
    for rule in RULES {
        let (when, any) = ((rule.when)(), (rule.any)());
        let mut paths = when.iter().chain(&any).map(|(path, _)| path);
        if !paths.all(|path| params.iter().any(|param| param.path == *path)) {
            continue;
        }
        let when = all(when.into_iter().map(|(path, schema)| at(path, schema)));
        let mut any: Vec<_> = any
            .into_iter()
            .map(|(path, schema)| at(path, schema))
            .collect();
        let then = match any.pop() {
            Some(only) if any.is_empty() => only,
            last => json!({"anyOf": any.into_iter().chain(last).collect::<Vec<_>>()}),
        };
        result.push(condition(rule.comment, when, then));
    }
    Ok(result)
}

fn condition(comment: &str, when: Value, then: Value) -> Value {
    json!({"$comment": comment, "if": when, "then": then})
}

/// A switch, behind those on which it depends itself.
fn switches<'c>(
    chart: &Chart<'c>,
    switch: &'c str,
    dependent: &Param,
) -> Result<Vec<&'c str>, Fault> {
    let mut all = Vec::new();
    let mut next = Some(switch);
    while let Some(name) = next {
        let param = outline::switch(chart.registry, name).ok_or_else(|| Fault::NoSwitch {
            path: dependent.path.clone(),
            switch: name.to_owned(),
        })?;
        all.insert(0, param.path.as_str());
        next = param.shape.when.as_deref();
    }
    Ok(all)
}

/// All parameters, in order.
fn params<'n>(outline: &'n [Node]) -> Vec<&'n Param> {
    outline
        .iter()
        .flat_map(|node| match &node.content {
            Content::Value(param) => vec![*param],
            _ => params(node.children()),
        })
        .collect()
}
