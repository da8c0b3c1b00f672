//! The schema document that is committed, printed, and written beside a new site file.

use super::node::Node;
use super::profiles::BUILT_IN;
use super::schema::json_schema;
use super::site::Site;
use super::yaml;

/// The JSON Schema of the site file as a text, the content of `schema/site.schema.json`.
pub fn site_schema() -> String {
    let profiles: Vec<Node> = BUILT_IN
        .iter()
        .filter_map(|profile| yaml::parse(profile.source()).ok())
        .collect();
    let mut text = format!("{:#}", json_schema::<Site>("invgen site file", &profiles));
    text.push('\n');
    text
}
