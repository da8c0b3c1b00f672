//! Texts of the repository that a reviewer reads when output changes.

use snapbox::data::DataFormat;
use snapbox::report::Palette;
use snapbox::{Assert, Data};
use std::path::Path;

/// How a text differs from a file of the repository, with what to do; `None` when it does not.
///
/// `INVGEN_BLESS=1` writes the file instead, in the folder that must exist already.
pub fn difference(path: &str, actual: &str) -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var("INVGEN_BLESS").as_deref() == Ok("1") {
        std::fs::write(file, actual).unwrap();
        return None;
    }
    let remedy = "run the tests with INVGEN_BLESS=1 to write it, and review the change";
    if !file.is_file() {
        return Some(format!("{path} is missing; {remedy}"));
    }
    let expected = Data::read_from(&file, Some(DataFormat::Text)).raw();
    let compared = Assert::new().palette(Palette::plain()).try_eq(
        Some(&path),
        Data::text(actual).raw(),
        expected,
    );
    compared
        .err()
        .map(|difference| format!("{difference}\n{path} differs; {remedy}"))
}
