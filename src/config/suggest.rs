//! "Did you mean": the known word nearest to a misspelt one.

/// The word of `known` that `wanted` most likely meant, if one is near enough; the earlier one when two are equally near.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(wanted);
    let allowed = (wanted.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|word| (strsim::osa_distance(&wanted, &plain(word)), word))
        .filter(|(distance, word)| *distance <= allowed && *distance < word.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Letters and digits in lower case, so that `pull_secrets` finds `pullSecrets`.
fn plain(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let known = ["replicas", "resources", "pullSecrets", "tag"];
        assert_eq!(nearest("replcas", known), Some("replicas"));
        assert_eq!(nearest("pull_secrets", known), Some("pullSecrets"));
        assert_eq!(nearest("Tag", known), Some("tag"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("x", known), None);
    }
}
