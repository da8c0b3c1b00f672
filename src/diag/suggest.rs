//! "Did you mean": the known word nearest to one that is not known.

/// The known word that `wanted` most likely stands for, or `None` when nothing is near enough to be worth saying.
///
/// Words that differ in case, `_` and `-` alone count as equal. Otherwise one edit (insert, delete, replace, swap of
/// neighbours) is forgiven for every three characters, and a beginning of three characters or more stands for the
/// shortest word it begins. Ties go to the word with the same first character, then to the first in alphabetical order.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(wanted);
    let length = wanted.chars().count();
    known
        .into_iter()
        .filter_map(|word| {
            let candidate = plain(word);
            let distance = strsim::osa_distance(&wanted, &candidate);
            let begins = length >= 3 && candidate.starts_with(&wanted);
            (distance == 0 || distance <= length / 3 || begins).then(|| {
                let other_start = candidate.chars().next() != wanted.chars().next();
                (distance, other_start, word)
            })
        })
        .min()
        .map(|(_, _, word)| word)
}

fn plain(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found() {
        for (wanted, known, expected) in [
            ("replica", vec!["replicas", "resources"], Some("replicas")),
            (
                "pull_secrets",
                vec!["pullSecret", "pullSecrets"],
                Some("pullSecrets"),
            ),
            (
                "ClassName",
                vec!["className", "classNames"],
                Some("className"),
            ),
            ("tsl", vec!["tls", "ttl"], Some("tls")),
            ("host", vec!["hosts2", "hostname", "port"], Some("hosts2")),
            ("mem", vec!["memory", "cpu"], Some("memory")),
            ("postgres", vec!["postgresql", "redis"], Some("postgresql")),
            ("größe", vec!["grösse", "Größe"], Some("Größe")),
        ] {
            assert_eq!(nearest(wanted, known), expected, "{wanted}");
        }
    }

    #[test]
    fn far_words_are_not() {
        for (wanted, known) in [
            ("db", vec!["id", "domain"]),
            ("banana", vec!["namespace", "name"]),
            ("", vec!["a", "name"]),
            ("-", vec!["name"]),
            ("x", vec![]),
        ] {
            assert_eq!(nearest(wanted, known), None, "{wanted}");
        }
    }

    #[test]
    fn ties_do_not_depend_on_the_order() {
        assert_eq!(nearest("cat", ["bat", "hat", "car"]), Some("car"));
        assert_eq!(nearest("cat", ["hat", "bat"]), Some("bat"));
        assert_eq!(nearest("cat", ["bat", "hat"]), Some("bat"));
    }
}
