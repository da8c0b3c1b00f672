//! The JSON Schema of the site file (draft-07, which every editor knows), from the same declarations as the decoder.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::decode::{Decode, Field};
use super::node::Node;

const PREFIX: &str = "#/definitions/";
const OVERLAY: &str = "Overlay";

/// The named definitions while a schema is made.
#[derive(Debug, Default)]
pub struct Schemas {
    definitions: BTreeMap<String, Value>,
    /// Full type name of each definition, to tell equal short names apart.
    types: BTreeMap<String, &'static str>,
    overlays: Vec<String>,
}

impl Schemas {
    /// A reference to the definition of `T`, which `build` makes when it is first asked for.
    pub fn define<T>(&mut self, name: &str, build: impl FnOnce(&mut Self) -> Value) -> Value {
        let name = self.name::<T>(name);
        if !self.definitions.contains_key(&name) {
            // Taken before it is built, so that a type may refer to itself.
            self.definitions.insert(name.clone(), Value::Null);
            let schema = build(self);
            self.definitions.insert(name.clone(), schema);
        }
        reference(&name)
    }

    /// A reference to the definition of `T` in which no key is required.
    pub fn overlay<T: Decode>(&mut self, name: &str) -> Value {
        let _ = T::schema(self);
        let name = self.name::<T>(name);
        if !self.overlays.contains(&name) {
            self.overlays.push(name.clone());
        }
        reference(&format!("{name}{OVERLAY}"))
    }

    fn name<T>(&mut self, wanted: &str) -> String {
        let full = std::any::type_name::<T>();
        let mut name = wanted.to_owned();
        let mut number = 2;
        while *self.types.entry(name.clone()).or_insert(full) != full {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}

/// The short name of a type.
pub fn type_name<T>() -> &'static str {
    let full = std::any::type_name::<T>();
    let path = full.split('<').next().unwrap_or(full);
    path.rsplit("::").next().unwrap_or(path)
}

/// A closed map while it is described.
#[derive(Debug)]
pub struct Object {
    description: String,
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl Object {
    /// One without keys.
    pub fn new(description: &str) -> Self {
        Self {
            description: description.to_owned(),
            properties: Map::new(),
            required: Vec::new(),
        }
    }

    /// Adds a key of type `T`.
    pub fn field<T: Decode>(
        &mut self,
        field: Option<&Field>,
        default: Option<fn() -> T>,
        schemas: &mut Schemas,
    ) {
        let Some(field) = field else { return };
        let mut schema = described(T::schema(schemas), &field.description);
        if let Some(default) = default {
            let value = default().encode();
            if !value.is_null() {
                schema["default"] = value;
            }
        }
        self.property(&field.key, schema, !field.optional);
    }

    /// Adds a key.
    pub fn property(&mut self, key: &str, schema: Value, required: bool) {
        self.properties.insert(key.to_owned(), schema);
        if required {
            self.required.push(key.into());
        }
    }

    /// The schema.
    pub fn finish(self) -> Value {
        let mut schema = json!({
            "description": self.description,
            "type": "object",
            "properties": self.properties,
            "additionalProperties": false,
        });
        if !self.required.is_empty() {
            schema["required"] = Value::Array(self.required);
        }
        schema
    }
}

/// The schema with null allowed too.
pub fn nullable(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// The schema with a description of its own; beside a `$ref` draft-07 ignores everything, so that goes into `allOf`.
fn described(schema: Value, description: &str) -> Value {
    let mut described = json!({ "description": description });
    match schema {
        Value::Object(map) if !map.contains_key("$ref") => {
            for (key, value) in map {
                if key != "description" {
                    described[key.as_str()] = value;
                }
            }
        }
        schema => described["allOf"] = json!([schema]),
    }
    described
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{PREFIX}{name}") })
}

/// The schema document of `T`.
///
/// `supplied` are the built-in profiles: a key that each of them writes is not required of the site file. Sections used in
/// several places lose the requirement in all of them; `invgen validate` is exact where an editor cannot be.
pub fn json_schema<T: Decode>(title: &str, supplied: &[Node]) -> Value {
    let mut schemas = Schemas::default();
    let root = T::schema(&mut schemas);
    let profiles: Vec<Value> = supplied.iter().map(Node::to_json).collect();
    // Overlays have nothing required, so they are made before or after with the same result.
    let mut definitions = schemas.definitions;
    if !profiles.is_empty() {
        relax(
            &root,
            &profiles.iter().collect::<Vec<_>>(),
            &mut definitions,
        );
    }
    let mut pending = schemas.overlays;
    let mut made = Vec::new();
    while let Some(name) = pending.pop() {
        if made.contains(&name) {
            continue;
        }
        let overlay = definitions
            .get(&name)
            .map(|definition| optional(definition, &definitions, &mut pending));
        if let Some(overlay) = overlay {
            definitions.insert(format!("{name}{OVERLAY}"), overlay);
        }
        made.push(name);
    }
    let mut document =
        json!({"$schema": "http://json-schema.org/draft-07/schema#", "title": title});
    if let Value::Object(root) = root {
        for (key, value) in root {
            if key == "$ref" {
                document["allOf"] = json!([{ "$ref": value }]);
            } else {
                document[key.as_str()] = value;
            }
        }
    }
    document["definitions"] = definitions.into_iter().collect::<Map<_, _>>().into();
    document
}

/// Removes from `required` what every one of `values` holds, here and below.
fn relax(schema: &Value, values: &[&Value], definitions: &mut BTreeMap<String, Value>) {
    if let Some(name) = referred(schema).map(str::to_owned) {
        if let Some(mut definition) = definitions.get(&name).cloned() {
            relax_map(&mut definition, values, definitions);
            definitions.insert(name, definition);
        }
        return;
    }
    for combined in ["allOf", "anyOf"] {
        for part in schema[combined].as_array().into_iter().flatten() {
            relax(part, values, definitions);
        }
    }
}

fn relax_map(definition: &mut Value, values: &[&Value], definitions: &mut BTreeMap<String, Value>) {
    let mut complete = Vec::new();
    for (key, property) in definition["properties"].as_object().into_iter().flatten() {
        let inner: Vec<&Value> = values
            .iter()
            .filter_map(|value| value.get(key))
            .filter(|value| !value.is_null())
            .collect();
        if inner.len() == values.len() {
            relax(property, &inner, definitions);
            if !requires(property, definitions) {
                complete.push(key.clone());
            }
        }
    }
    if let Some(required) = definition.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|key| !complete.iter().any(|complete| key == complete));
    }
    if definition["required"].as_array().is_some_and(Vec::is_empty) {
        definition.as_object_mut().map(|map| map.remove("required"));
    }
    if let Some(variants) = definition.get_mut("anyOf").and_then(Value::as_array_mut) {
        for variant in variants
            .iter_mut()
            .filter(|variant| variant.get("properties").is_some())
        {
            relax_map(variant, values, definitions);
        }
    }
}

/// Whether a map that this schema describes still has required keys of its own.
fn requires(schema: &Value, definitions: &BTreeMap<String, Value>) -> bool {
    let target = referred(schema)
        .and_then(|name| definitions.get(name))
        .unwrap_or(schema);
    let open = |part: &Value| part.get("required").is_some();
    open(target)
        || schema["allOf"]
            .as_array()
            .is_some_and(|parts| parts.iter().any(|part| requires(part, definitions)))
        || target["anyOf"]
            .as_array()
            .is_some_and(|variants| !variants.is_empty() && variants.iter().all(open))
}

fn referred(schema: &Value) -> Option<&str> {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|target| target.strip_prefix(PREFIX))
}

/// Whether a property is the map of overlays itself, which cannot stand in an overlay.
fn holds_overlays(schema: &Value) -> bool {
    let part = &schema["additionalProperties"]["anyOf"][0];
    referred(part).is_some_and(|name| name.ends_with(OVERLAY))
}

/// A copy with nothing required and no defaults, whose references lead to such copies too.
fn optional(
    schema: &Value,
    definitions: &BTreeMap<String, Value>,
    pending: &mut Vec<String>,
) -> Value {
    match schema {
        Value::Object(map) => {
            if let Some(name) = referred(schema) {
                let closed = definitions
                    .get(name)
                    .is_some_and(|target| target["type"] == "object");
                if !closed {
                    return schema.clone();
                }
                pending.push(name.to_owned());
                return reference(&format!("{name}{OVERLAY}"));
            }
            let kept = map
                .iter()
                .filter(|(_, value)| !holds_overlays(value))
                .filter(|(key, value)| {
                    !(key.as_str() == "required" && value.is_array()
                        || key.as_str() == "default" && map.contains_key("description"))
                });
            Value::Object(
                kept.map(|(key, value)| (key.clone(), optional(value, definitions, pending)))
                    .collect(),
            )
        }
        Value::Array(items) => items
            .iter()
            .map(|item| optional(item, definitions, pending))
            .collect(),
        other => other.clone(),
    }
}

/// The JSON Schema of a type by itself, without references and descriptions.
pub fn standalone<T: Decode>() -> Value {
    let mut schemas = Schemas::default();
    let schema = T::schema(&mut schemas);
    plain(&schema, &schemas.definitions)
}

fn plain(schema: &Value, definitions: &BTreeMap<String, Value>) -> Value {
    if let Some(target) = referred(schema).and_then(|name| definitions.get(name)) {
        return plain(target, definitions);
    }
    let Value::Object(map) = schema else {
        return match schema {
            Value::Array(items) => items.iter().map(|item| plain(item, definitions)).collect(),
            other => other.clone(),
        };
    };
    let mut result = Map::new();
    for (key, value) in map {
        match (key.as_str(), value) {
            ("allOf", Value::Array(parts)) => {
                for part in parts {
                    if let Value::Object(part) = plain(part, definitions) {
                        result.extend(part);
                    }
                }
            }
            ("description" | "examples" | "default" | "enumDescriptions", value)
                if !value.is_object() => {}
            (key, value) => {
                result.insert(key.to_owned(), plain(value, definitions));
            }
        }
    }
    Value::Object(result)
}
