//! `ARCHITECTURE.md` has a table of who may import whom. It is true.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Rooms = BTreeMap<String, BTreeSet<String>>;

fn table() -> Rooms {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let quoted = |cell: &str| -> BTreeSet<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            (quoted(cells[0]).pop_first().unwrap(), quoted(cells[2]))
        })
        .collect()
}

/// The rooms that each room imports, by its `crate::…` paths; a room's own unit tests, at the
/// end of a file, may call on the whole house.
fn imports(folder: &Path, rooms: &mut Rooms, room: Option<&str>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if room.is_none() && (stem == "lib" || stem == "main") {
            continue;
        }
        let room = room.unwrap_or(&stem);
        if path.is_dir() {
            imports(&path, rooms, Some(room));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let imported = rooms.entry(room.to_owned()).or_default();
        for (at, _) in text.match_indices("crate::") {
            let rest = &text[at + "crate::".len()..];
            let names = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap(),
                None => rest
                    .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .next()
                    .unwrap(),
            };
            for name in names.split(',') {
                let name = name
                    .trim()
                    .split("::")
                    .next()
                    .unwrap()
                    .split(' ')
                    .next()
                    .unwrap();
                if !name.is_empty() && name != room {
                    imported.insert(name.to_owned());
                }
            }
        }
    }
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let allowed = table();
    let mut found = Rooms::new();
    imports(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
        None,
    );
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        allowed.keys().collect::<Vec<_>>(),
        "the rooms under src/ (left) and in ARCHITECTURE.md (right)"
    );
    for (room, imported) in &found {
        let strangers: Vec<_> = imported.difference(&allowed[room]).collect();
        assert!(
            strangers.is_empty(),
            "{room} imports {strangers:?}, which ARCHITECTURE.md does not allow"
        );
        let unused: Vec<_> = allowed[room].difference(imported).collect();
        assert!(
            unused.is_empty(),
            "ARCHITECTURE.md lets {room} import {unused:?}, which it does not"
        );
    }
}

#[test]
fn no_room_reaches_itself() {
    let allowed = table();
    for start in allowed.keys() {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&String> = allowed[start].iter().collect();
        while let Some(room) = next.pop() {
            assert_ne!(room, start, "{start} imports itself by a detour");
            if seen.insert(room) {
                next.extend(&allowed[room]);
            }
        }
    }
}
