use std::fmt::Write;

use proptest::prelude::*;

use super::*;

fn source(text: &str) -> Arc<Source> {
    Arc::new(Source {
        name: "site.yaml".to_owned(),
        text: text.to_owned(),
    })
}

/// `line:column text` of a span, both from 1.
fn place(span: &Span) -> String {
    let before = &span.source.text[..span.start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    format!(
        "{line}:{column} {}",
        &span.source.text[span.start..span.end]
    )
}

fn good(text: &str) -> Node {
    parse(source(text)).unwrap_or_else(|problems| panic!("{text:?}: {}", problems[0].message))
}

/// Code, place and message of every problem.
fn bad(text: &str) -> Vec<String> {
    let Err(problems) = parse(source(text)) else {
        panic!("{text:?} was accepted")
    };
    assert!(!problems.is_empty());
    problems
        .iter()
        .map(|problem| {
            let span = problem.span.as_ref().expect("every problem has a place");
            format!("{} {}: {}", problem.code, place(span), problem.message)
        })
        .collect()
}

fn places(node: &Node, found: &mut Vec<String>) {
    match &node.value {
        Kind::List(items) => {
            found.push(format!("list {}", place(&node.span)));
            for item in items {
                places(item, found);
            }
        }
        Kind::Map(entries) => {
            for entry in entries {
                found.push(format!("key {}", place(&entry.key_span)));
                places(&entry.value, found);
            }
        }
        _ => found.push(place(&node.span)),
    }
}

#[test]
fn spans_cover_exactly_what_is_written() {
    for ending in ["\n", "\r\n"] {
        let text = "# é comment\nname: lab # why\n\"quoted key\":   'it''s'  \nlist: [ä, \"b\", 3]\nmap:\n  inner: 日本 x\n  empty:\nblock:\n- one\n-   two\n"
            .replace('\n', ending);
        let mut found = Vec::new();
        places(&good(&text), &mut found);
        let wanted = [
            "key 2:1 name",
            "2:7 lab",
            "key 3:1 \"quoted key\"",
            "3:17 'it''s'",
            "key 4:1 list",
            "list 4:7 [ä, \"b\", 3]",
            "4:8 ä",
            "4:11 \"b\"",
            "4:16 3",
            "key 5:1 map",
            "key 6:3 inner",
            "6:10 日本 x",
            "key 7:3 empty",
            "7:3 empty",
            "key 8:1 block",
            &format!("list 9:1 - one{ending}-   two"),
            "9:3 one",
            "10:5 two",
        ];
        assert_eq!(found, wanted, "{ending:?}");
    }
}

#[test]
fn block_scalars_and_long_texts_keep_their_value() {
    let node = good("a: |\n  one\n  two\n\nb: >-\n  one\n  two\nc: one\n  two\n");
    assert_eq!(
        node.to_json(),
        serde_json::json!({"a": "one\ntwo\n", "b": "one two", "c": "one two"})
    );
    assert_eq!(place(&node.get("b").unwrap().key_span), "5:1 b");
    assert_eq!(place(&node.get("c").unwrap().value.span), "8:4 one\n  two");
}

#[test]
fn anchors_repeat_a_value_where_the_alias_stands() {
    let node = good("a: &x {k: [1, 2]}\nb: *x\n");
    assert_eq!(
        node.to_json(),
        serde_json::json!({"a": {"k": [1, 2]}, "b": {"k": [1, 2]}})
    );
    let repeated = &node.get("b").unwrap().value;
    assert_eq!(place(&repeated.span), "2:4 *x");
    assert_eq!(place(&repeated.entries()[0].key_span), "1:8 k");
}

#[test]
fn core_tags_are_followed() {
    let node = good("a: !!str 1\nb: ! 2\nc: !!int 3\nd: !!map {}\ne: !!seq []\n");
    assert_eq!(
        node.to_json(),
        serde_json::json!({"a": "1", "b": "2", "c": 3, "d": {}, "e": []})
    );
}

#[test]
fn documents_that_are_no_site_are_refused_with_place_and_reason() {
    let table: &[(&str, &[&str])] = &[
        ("", &["INV002 1:1 : the file is empty"]),
        ("# nothing\n\n", &["INV002 1:1 : the file is empty"]),
        ("---\n", &["INV002 1:1 : the file is empty"]),
        ("...\n", &["INV002 1:1 : the file is empty"]),
        (
            "~\n",
            &["INV002 1:1 ~: the file holds `~` (nothing), but a map of keys is wanted"],
        ),
        (
            "[a]\n",
            &["INV002 1:1 [a]: the file holds a list, but a map of keys is wanted"],
        ),
        (
            "lab\n",
            &["INV002 1:1 lab: the file holds the text \"lab\", but a map of keys is wanted"],
        ),
        (
            "a: 1\n---\nb: 2\n",
            &["INV002 2:1 ---: a second document begins here"],
        ),
        (
            "a: 1\na: 2\nb: {c: 1, c: 2, c: 3}\n",
            &[
                "INV003 2:1 a: the key `a` is written twice in this map",
                "INV003 3:11 c: the key `c` is written twice in this map",
                "INV003 3:17 c: the key `c` is written twice in this map",
            ],
        ),
        (
            "a: 1\n\"a\": 2\n",
            &["INV003 2:1 \"a\": the key `a` is written twice in this map"],
        ),
        (
            "8080: web\n",
            &["INV002 1:1 8080: the number `8080` stands as a key, but keys are text"],
        ),
        (
            "true: x\n",
            &["INV002 1:1 true: the boolean `true` stands as a key, but keys are text"],
        ),
        ("[a]: x\n", &["INV002 1:1 [a]: a list stands as a key"]),
        ("a: {{ x }}\n", &["INV002 1:5 { x }: a map stands as a key"]),
        (": x\n", &["INV002 1:1 : a key is missing before `:`"]),
        (
            "a: &x {}\nb:\n  <<: *x\n",
            &["INV002 3:3 <<: the merge key `<<` is not supported"],
        ),
        (
            "a: !secret b\n",
            &["INV002 1:4 !secret b: the tag `!secret` is not supported here"],
        ),
        (
            "a: !!binary b\nc: !!int x\n",
            &[
                "INV002 1:4 !!binary b: the tag `!!binary` is not supported here",
                "INV002 2:4 !!int x: the tag `!!int` does not fit \"x\"",
            ],
        ),
        (
            "a: !!set {}\n",
            &["INV002 1:4 !!set {: the tag `!!set` is not supported here"],
        ),
        (
            "a: &x [*x]\n",
            &["INV002 1:8 *x: this alias repeats a value that contains the alias itself"],
        ),
    ];
    for (text, wanted) in table {
        assert_eq!(bad(text), *wanted, "{text:?}");
    }
}

#[test]
fn syntax_errors_say_where_and_what_to_do() {
    let table = [
        ("a:\n\tb: 1\n", "2:1 \t", "spaces"),
        ("a:\n  b: 1\n\tc: 2\n", "3:1 \t", "spaces"),
        ("a: b: c\n", "1:5 :", "quotes"),
        ("a: [1, 2\nb: 3\n", "2:2 :", "not closed"),
        ("a: \"x\n", "1:4 \"", "not closed"),
        ("a: 'x\nb: y\n", "1:4 '", "not closed"),
        ("a: @x\n", "1:4 @", "quotes"),
        ("a: `x`\n", "1:4 `", "quotes"),
        ("a: *nobody\n", "1:4 *", "quotes"),
        ("a: %x\n", "1:4 %", "quotes"),
        ("a: 1\n b: 2\n", "2:3 :", "same column"),
        ("a: {b: 1\n", "2:1 ", "not closed"),
        ("a: 1\nb\n", "3:1 ", "a colon and a space"),
        ("a: ]\n", "1:4 ]", "bracket"),
    ];
    let mut wrong = Vec::new();
    for (text, at, says) in table {
        let Err(problems) = parse(source(text)) else {
            panic!("{text:?} was accepted")
        };
        let problem = &problems[0];
        let found = place(problem.span.as_ref().unwrap());
        let words = format!(
            "{} | {:?} | {:?}",
            problem.message, problem.reason, problem.help
        );
        if problems.len() != 1
            || problem.code != codes::SYNTAX
            || found != at
            || !words.contains(says)
        {
            wrong.push(format!("{text:?}: {found:?} {words}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn duplicate_keys_point_to_the_first() {
    let problems = parse(source("a: 1\nb: 2\na: 3\n")).unwrap_err();
    let (first, label) = &problems[0].related[0];
    assert_eq!(
        (place(first).as_str(), label.as_str()),
        ("1:1 a", "first written here")
    );
}

#[test]
fn depth_and_size_are_limited() {
    let nested = |depth: usize| format!("a: {}{}\n", "[".repeat(depth), "]".repeat(depth));
    good(&nested(DEEPEST - 1));
    assert!(bad(&nested(DEEPEST))[0].contains("more than 64 deep"));
    assert!(bad(&nested(100_000))[0].contains("more than 64 deep"));
    let lines: Vec<String> = (0..200).map(|depth| " ".repeat(depth) + "a:\n").collect();
    let block = lines.concat();
    assert!(bad(&block)[0].contains("more than 64 deep"));

    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let below = format!("*a{}", level - 1);
        writeln!(
            laughs,
            "a{level}: &a{level} [{}]",
            [below.as_str(); 9].join(", ")
        )
        .unwrap();
    }
    assert!(bad(&laughs)[0].contains("more than 100000 values"));
    let open: String = ('a'..='z')
        .map(|name| format!("&{name} ["))
        .collect::<Vec<_>>()
        .concat();
    let anchors = format!("x: {open}{}{}\n", "1, ".repeat(5000), "]".repeat(26));
    assert!(bad(&anchors)[0].contains("more than 100000 values"));
    // Aliases may not smuggle in depth either.
    let mut deep = "a0: &a0 [x]\n".to_owned();
    for level in 1..100 {
        writeln!(deep, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert!(bad(&deep)[0].contains("more than 64 deep"));
}

const SAMPLE: &str = "# site\nname: lab\nimage: {repository: \"r.io/é\", tag: '1.10'}\nweb: &w\n  replicas: 3\n  list:\n  - a\n  - {b: c}\nold: *w\ntext: |\n  one\n  two\n";

fn check(text: &str) {
    match parse(source(text)) {
        Ok(node) => {
            let mut found = Vec::new();
            places(&node, &mut found);
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in &problems {
                place(problem.span.as_ref().unwrap());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_is_read_or_refused_with_sound_spans(text in "\\PC*|[\\x00-\\x7f]{0,60}|[-:,?\\[\\]{}#&*!|>'\"%@` \n\tab0é~]{0,60}") {
        check(&text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_damage_to_a_file_is_read_or_refused(
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), "[-:,?\\[\\]{}#&*!|>'\"%@` \n\t\r\u{feff}aé~]{0,3}", 0_usize..4), 1..5),
    ) {
        let mut text: Vec<char> = SAMPLE.chars().collect();
        for (at, put, remove) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + remove).min(text.len());
            text.splice(at..end, put.chars());
        }
        check(&text.into_iter().collect::<String>());
    }

    #[test]
    fn json_is_yaml(keys in proptest::collection::btree_map("\\PC{1,8}", "\\PC{0,8}", 0..6)) {
        let value = serde_json::to_value(&keys).unwrap();
        let node = parse(source(&value.to_string())).map_err(|problems| TestCaseError::fail(problems[0].message.clone()))?;
        prop_assert_eq!(node.to_json(), value);
    }
}
