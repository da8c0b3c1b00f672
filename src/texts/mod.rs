//! The application texts under `templates/`, embedded, and how they are filled in.
//!
//! A template is a sequence of `{% block NAME %}` … `{% endblock %}`, with nothing between them. A block places values with
//! `{{ name }}` and may be wrapped as a whole in one `{% if name %}` or `{% if not name %}`; it does nothing else, because what
//! it did would have to be said again in a Helm template. A template without blocks is a text that is the same for every site.

pub mod literal;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::plan::ConfigFile;
use crate::plan::text::{Block, Text, TextError};

/// One embedded template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// The name of its file, which is also the key in the ConfigMap.
    pub name: &'static str,
    /// Its content.
    pub source: &'static str,
}

/// The template at a path below `templates/`; its name is the file's.
macro_rules! template {
    ($folder:literal / $name:literal) => {
        $crate::texts::Template {
            name: $name,
            source: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/templates/",
                $folder,
                "/",
                $name
            )),
        }
    };
}
pub(crate) use template;

/// Why a template gave no text. Always a fault of ours: a template and its context do not fit.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It does not parse, or takes a value that the context does not have.
    #[error("template {name}: {error:#}")]
    Template {
        /// The template's name.
        name: &'static str,
        /// What minijinja says.
        error: minijinja::Error,
    },
    /// It gave lines that are no text.
    #[error("template {name}: {error}")]
    Text {
        /// The template's name.
        name: &'static str,
        /// The rule and the line that breaks it.
        error: TextError,
    },
}

/// Fills a template in, block by block; blocks whose condition does not hold are left out.
///
/// The context serialises to a map with every name that the template uses.
pub fn render(template: Template, context: impl Serialize) -> Result<Text, Fault> {
    let name = template.name;
    let blocks = fill(template, context).map_err(|error| Fault::Template { name, error })?;
    blocks
        .into_iter()
        .filter(|(_, content)| !content.is_empty())
        .map(|(block, content)| Block::new(block, &content))
        .collect::<Result<Vec<_>, _>>()
        .and_then(Text::new)
        .map_err(|error| Fault::Text { name, error })
}

/// Fills a template in as a file of a ConfigMap, under the template's name.
pub fn file(template: Template, context: impl Serialize) -> Result<ConfigFile, Fault> {
    Ok(ConfigFile {
        name: template.name,
        text: render(template, context)?,
    })
}

fn fill(
    template: Template,
    context: impl Serialize,
) -> Result<Vec<(String, String)>, minijinja::Error> {
    let names = block_names(template.source);
    if names.is_empty() {
        return Ok(vec![("text".to_owned(), template.source.to_owned())]);
    }
    let environment = environment(template)?;
    let loaded = environment.get_template(template.name)?;
    let mut rendered = loaded.render_captured(Serde(context))?;
    rendered.with_state_mut(|state| {
        names
            .into_iter()
            .map(|name| Ok((name.to_owned(), state.render_block(name)?)))
            .collect()
    })
}

/// The parsed template; deriving a chart fills it in thousands of times, so it is kept.
fn environment(template: Template) -> Result<Arc<Environment<'static>>, minijinja::Error> {
    static PARSED: Mutex<BTreeMap<&str, Arc<Environment>>> = Mutex::new(BTreeMap::new());
    let mut parsed = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = parsed.get(template.source) {
        return Ok(Arc::clone(environment));
    }
    let environment = Arc::new(parse(template)?);
    parsed.insert(template.source, Arc::clone(&environment));
    Ok(environment)
}

fn parse(template: Template) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    environment.add_template(template.name, template.source)?;
    Ok(environment)
}

/// The names of the blocks, in the order in which they are written.
fn block_names(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter_map(|line| line.strip_prefix("{% block ")?.strip_suffix(" %}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(source: &'static str, context: serde_json::Value) -> Result<String, String> {
        render(Template { name: "t", source }, context)
            .map(|text| text.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn blocks_come_in_order_and_leave_no_trace_when_absent() {
        let source = "{% block b %}\n# {{ x }}\n{% endblock %}\n{% block a %}\n{% if on %}\n\ny = {{ x }}\n{% endif %}\n{% endblock %}\n{% block z %}\n# end\n{% endblock %}\n";
        let on = render(
            Template { name: "t", source },
            serde_json::json!({"x": "1", "on": true}),
        )
        .unwrap();
        assert_eq!(on.to_string(), "# 1\n\ny = 1\n# end\n");
        assert_eq!(
            on.blocks().iter().map(Block::name).collect::<Vec<_>>(),
            ["b", "a", "z"]
        );
        let off = serde_json::json!({"x": "1", "on": false});
        assert_eq!(lines(source, off).unwrap(), "# 1\n# end\n");
    }

    #[test]
    fn a_missing_value_is_an_error_that_names_the_template() {
        let message = lines(
            "{% block a %}\n{{ nowhere }}\n{% endblock %}\n",
            serde_json::json!({}),
        )
        .unwrap_err();
        assert!(
            message.starts_with("template t: undefined value"),
            "{message}"
        );
    }

    #[test]
    fn a_value_with_a_line_break_of_its_own_kind_is_refused() {
        let message = lines(
            "{% block a %}\n# {{ x }}\n{% endblock %}\n",
            serde_json::json!({"x": "a\u{85}b"}),
        )
        .unwrap_err();
        assert_eq!(
            message,
            "template t: block `a`, line 1: a control character or line separator in the line"
        );
    }

    #[test]
    fn values_are_placed_as_they_are() {
        let source = "{% block a %}\n# {{ x }}\n{% endblock %}\n";
        assert_eq!(
            lines(source, serde_json::json!({"x": "<&\"'> {{ y }}"})).unwrap(),
            "# <&\"'> {{ y }}\n"
        );
    }

    #[test]
    fn a_template_without_blocks_is_taken_as_it_is() {
        assert_eq!(
            lines("# {{ not ours }}\n", serde_json::json!({})).unwrap(),
            "# {{ not ours }}\n"
        );
    }
}
