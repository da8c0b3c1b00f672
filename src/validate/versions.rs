//! Versions that go together.

use super::case::{Case, part};
use super::images::own_tags;
use crate::config::fault::Build;
use crate::config::site::InvenioVersion;
use crate::diag::{Diagnostic, codes};
use crate::facts::SUPPORTED_MINORS;

/// Refuses a cluster for which the manifests have not been proven valid.
pub fn kubernetes(case: &Case) -> Vec<Diagnostic> {
    let version = case.site.kubernetes_version;
    if version.major == 1 && SUPPORTED_MINORS.contains(&version.minor.into()) {
        return Vec::new();
    }
    let (oldest, newest) = (SUPPORTED_MINORS.start(), SUPPORTED_MINORS.end());
    let older = version.major < 1 || (version.major == 1 && u32::from(version.minor) < *oldest);
    let nearest = if older { oldest } else { newest };
    vec![
        case.error(
            codes::KUBERNETES_VERSION,
            &[part("kubernetesVersion")],
            format!("Kubernetes {version} is not supported; 1.{oldest} to 1.{newest} are"),
        )
        .because("the manifests have been checked against these versions alone; others may refuse or ignore a part of them")
        .help(if older {
            format!("upgrade the cluster, then write `kubernetesVersion: \"1.{nearest}\"` or newer")
        } else {
            format!("write `kubernetesVersion: \"1.{nearest}\"`, the newest that is known, and look for a newer invgen")
        }),
    ]
}

/// A service's versions that an InvenioRDM version accepts.
struct Wanted {
    path: &'static str,
    name: &'static str,
    oldest: (u32, u32),
    /// The first major version that nobody has tried.
    untried: Option<u32>,
}

fn wanted(version: InvenioVersion) -> [Wanted; 2] {
    let (postgresql, opensearch) = match version {
        InvenioVersion::V12 => (12, (2, 0)),
        InvenioVersion::V13 => (12, (2, 12)),
        InvenioVersion::V14 => (15, (2, 12)),
    };
    [
        Wanted {
            path: "services.postgresql",
            name: "PostgreSQL",
            oldest: (postgresql, 0),
            untried: None,
        },
        Wanted {
            path: "services.opensearch",
            name: "OpenSearch",
            oldest: opensearch,
            untried: Some(3),
        },
    ]
}

/// Refuses images of a database or search engine that is too old for the InvenioRDM version, where the tag tells; warns of
/// a major version of OpenSearch that InvenioRDM does not name.
pub fn services(case: &Case) -> Vec<Diagnostic> {
    let invenio = case.site.invenio.version;
    let own = own_tags(case.site);
    let mut found = Vec::new();
    for wanted in wanted(invenio) {
        let own = own.iter().find(|own| own.of == Some(wanted.path));
        let Some((own, version)) = own.and_then(|own| Some((own, version(own.tag.as_str())?)))
        else {
            continue;
        };
        let (tag, key, choice) = (own.tag, &own.key, &own.choice);
        let (name, (major, minor)) = (wanted.name, wanted.oldest);
        let parts = [part(own.path.as_str()), part("invenio.version")];
        let oldest = if minor == 0 {
            major.to_string()
        } else {
            format!("{major}.{minor}")
        };
        // A tag such as `2` stands for the newest release of that major version.
        let is_old = version.0 < major
            || (version.0 == major && version.1.is_some_and(|found| found < minor));
        if is_old {
            found.push(
                case.error(
                    codes::SERVICE_VERSION,
                    &parts,
                    format!("InvenioRDM {invenio} needs {name} {oldest} or newer, but the image is {tag}"),
                )
                .because("initialisation, or a later upgrade, fails on features that the older version does not have")
                .help(format!("write `{key}: {}`, or remove `{choice}` for the version that invgen pins", own.example)),
            );
        } else if wanted.untried.is_some_and(|untried| version.0 >= untried) {
            found.push(
                case.warning(
                    codes::SERVICE_VERSION,
                    &parts,
                    format!("InvenioRDM {invenio} is made for {name} 2, but the image is {tag}"),
                )
                .because("its client and its index settings are those of version 2; searches or the making of indices may fail")
                .help(format!("write `{key}: {}`, or try the image on a staging site first", own.example)),
            );
        }
    }
    found
}

/// The version that a tag begins with, `17.10-bookworm`; `None` when it begins with none.
fn version(tag: &str) -> Option<(u32, Option<u32>)> {
    let plain = tag.strip_prefix('v').unwrap_or(tag);
    let end = plain
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(plain.len());
    let mut numbers = plain[..end].split('.');
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next().and_then(|minor| minor.parse().ok())))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn tags_are_read_as_far_as_they_are_versions() {
        assert_eq!(version("17.10-bookworm"), Some((17, Some(10))));
        assert_eq!(version("v2.11.1"), Some((2, Some(11))));
        assert_eq!(version("12"), Some((12, None)));
        assert_eq!(version("12-alpine"), Some((12, None)));
        assert_eq!(version("pg17"), None);
        assert_eq!(version("_"), None);
        assert_eq!(version("99999999999999999999"), None);
    }
}
