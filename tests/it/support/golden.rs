//! Texts of the repository that a reviewer reads when output changes.

use snapbox::data::DataFormat;
use snapbox::{Assert, Data};
use std::path::Path;

/// Compares a text with a file of the repository, or writes the file when `INVGEN_BLESS=1`.
///
/// # Panics
/// With a diff when they differ, and with what to do when the file is missing.
pub fn assert_golden(path: &Path, actual: &str) {
    if std::env::var("INVGEN_BLESS").as_deref() == Ok("1") {
        std::fs::write(path, actual).unwrap();
        return;
    }
    assert!(
        path.is_file(),
        "{} is missing; run the tests with INVGEN_BLESS=1 to write it",
        path.display()
    );
    let expected = Data::read_from(path, Some(DataFormat::Text)).raw();
    Assert::new()
        .action_env("INVGEN_BLESS")
        .eq(Data::text(actual).raw(), expected);
}
