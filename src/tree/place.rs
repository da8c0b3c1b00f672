//! Values by their place in a tree.

use serde_json::{Map, Value};

/// Puts a value at a place, keys joined by dots; maps on the way are made, and anything else there gives way to them.
pub fn set(tree: &mut Value, place: &str, value: impl Into<Value>) {
    let mut here = tree;
    for key in place.split('.') {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        here = &mut here[key];
    }
    *here = value.into();
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn maps_on_the_way_are_made_in_order() {
        let mut tree = Value::Null;
        set(&mut tree, "b.x", 1);
        set(&mut tree, "a", "text");
        set(&mut tree, "b.y.z", true);
        assert_eq!(tree, json!({"b": {"x": 1, "y": {"z": true}}, "a": "text"}));
        assert_eq!(
            tree.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["b", "a"]
        );
        set(&mut tree, "a.deep", 2);
        assert_eq!(tree["a"], json!({"deep": 2}));
    }
}
