//! Sizes and times of uploads.

use super::case::{Case, part};
use crate::config::fault::Build;
use crate::diag::{Diagnostic, codes};

const FILE: &str = "invenio.uploads.maxFileSize";
const RECORD: &str = "invenio.uploads.recordQuota";
const VOLUME: &str = "storage.files.size";
const TIMEOUT: &str = "invenio.uploads.timeout";

/// Refuses records larger than the volume for all of them, and warns of files larger than a record: such an upload is
/// promised and then fails near its end.
pub fn sizes(case: &Case) -> Vec<Diagnostic> {
    let uploads = &case.site.invenio.uploads;
    let (file, record) = (&uploads.max_file_size, &uploads.record_quota);
    let volume = &case.site.storage.files.size;
    let mut found = Vec::new();
    if file > record {
        found.push(
            case.warning(
                codes::UPLOAD_SIZES,
                &[part(FILE), part(RECORD)],
                format!("a file may have {file}, but all files of a record together only {record}"),
            )
            .because("an upload between the two is refused, although the setting allows it")
            .help(format!(
                "write `{RECORD}: {file}` or more, or lower `{FILE}` to {record}"
            )),
        );
    }
    if record > volume {
        found.push(
            case.error(
                codes::UPLOAD_SIZES,
                &[part(RECORD), part(VOLUME)],
                format!("one record may have {record} of files, but the volume for all files has {volume}"),
            )
            .because("a single upload could fill the volume, and then nobody can upload anything")
            .help(format!("write a `{VOLUME}` many times as large, or lower `{RECORD}`")),
        );
    }
    found
}

/// Warns when the largest file only arrives in time over a line of more than 1 Gbit/s.
pub fn timeout(case: &Case) -> Vec<Diagnostic> {
    const BYTES_A_SECOND: u64 = 125_000_000;
    let uploads = &case.site.invenio.uploads;
    let needed = uploads.max_file_size.bytes().div_ceil(BYTES_A_SECOND);
    if uploads.timeout.seconds() >= needed {
        return Vec::new();
    }
    let comfortable = needed.saturating_mul(10).div_ceil(3600);
    vec![
        case.warning(
            codes::UPLOAD_TIMEOUT,
            &[part(TIMEOUT), part(FILE)],
            format!(
                "{} do not arrive within {} on a line of 1 Gbit/s",
                uploads.max_file_size, uploads.timeout
            ),
        )
        .because(
            "an upload that takes longer is cut off, so that nobody can upload the largest file",
        )
        .help(format!(
            "write `{TIMEOUT}: {comfortable}h`, the time on a line of 100 Mbit/s, or lower `{FILE}`"
        )),
    ]
}
