//! What a template may contain, so that a Helm template can be derived from it.

use std::path::{Path, PathBuf};

/// Every file below `templates/` but the starter site file, which is no text of a ConfigMap.
fn templates() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if folder.ends_with("starter") {
            continue;
        }
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            found.push((path.clone(), std::fs::read_to_string(path).unwrap()));
        }
    }
    assert!(found.len() > 10, "{} templates", found.len());
    found
}

fn word(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|character| character.is_ascii_lowercase() || character == '_')
}

/// Whether all that stands between `{{` and `}}` in a line is a name.
fn places_names(line: &str) -> bool {
    line.split("{{ ")
        .skip(1)
        .all(|rest| rest.split_once(" }}").is_some_and(|(name, _)| word(name)))
}

/// Reads a template as strictly as the derivation will.
fn read(source: &str) -> Result<(), String> {
    let mut lines = source.lines().peekable();
    let mut first = true;
    while let Some(line) = lines.next() {
        let name = line
            .strip_prefix("{% block ")
            .and_then(|rest| rest.strip_suffix(" %}"));
        let name = name.ok_or_else(|| format!("between blocks: {line}"))?;
        let gate = lines.next_if(|line| line.starts_with("{% if "));
        if let Some(gate) = gate {
            let condition = gate.trim_start_matches("{% if ").trim_end_matches(" %}");
            if !word(condition.strip_prefix("not ").unwrap_or(condition)) {
                return Err(format!("not a plain condition: {gate}"));
            }
        }
        let end = if gate.is_some() {
            "{% endif %}"
        } else {
            "{% endblock %}"
        };
        loop {
            let line = lines
                .next()
                .ok_or_else(|| format!("block {name} has no end"))?;
            if line == end {
                break;
            }
            if line.contains("{%") || line.contains("{#") || !places_names(line) {
                return Err(format!(
                    "more than places for values in block {name}: {line}"
                ));
            }
        }
        if gate.is_some() && lines.next() != Some("{% endblock %}") {
            return Err(format!("something after the condition of block {name}"));
        }
        if gate.is_some() && (first || lines.peek().is_none()) {
            return Err(format!(
                "the first and the last block have no condition: {name}"
            ));
        }
        first = false;
    }
    Ok(())
}

#[test]
fn templates_place_values_and_gate_whole_blocks_and_nothing_else() {
    for (path, source) in templates() {
        if source.contains("{%") {
            read(&source).unwrap_or_else(|message| panic!("{}: {message}", path.display()));
        }
    }
}

#[test]
fn the_reader_of_templates_sees_what_it_is_to_refuse() {
    let block =
        |name: &str, body: &str| format!("{{% block {name} %}}\n{body}\n{{% endblock %}}\n");
    let gated = |condition: &str| block("b", &format!("{{% if {condition} %}}\nx\n{{% endif %}}"));
    let plain = block("a", "x");
    assert_eq!(read(&format!("{plain}{}{plain}", gated("not on"))), Ok(()));
    for bad in [
        format!("# x\n{plain}"),
        format!("{plain}{}", gated("on")),
        format!("{}{plain}", gated("on")),
        format!("{plain}{}{plain}", gated("on == 1")),
        format!("{plain}{}{plain}", gated("on and off")),
        block("a", "x\n{% if on %}\ny\n{% endif %}"),
        block("a", "{{ x | upper }}"),
        block("a", "{{ x + 1 }}"),
        block("a", "{% for x in y %}\nx\n{% endfor %}"),
        block("a", "{# note #}"),
    ] {
        assert!(read(&bad).is_err(), "{bad}");
    }
}

#[test]
fn every_text_says_what_it_is_and_where_it_ends() {
    for major in [12, 13, 14] {
        for (name, text) in super::texts(major) {
            assert!(
                text.lines().take(2).any(|line| line.contains(&name)),
                "{name} does not name itself"
            );
            assert!(
                text.lines()
                    .last()
                    .unwrap()
                    .contains(&format!("end of {name}")),
                "{name} does not say where it ends"
            );
        }
    }
}
