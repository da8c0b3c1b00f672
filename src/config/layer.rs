//! The layers of a site.

/// Where a value came from, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Nobody wrote it.
    Default,
    /// The profile of that name that is built in.
    BuiltInProfile,
    /// The site file.
    Site,
    /// The entry under `profiles` in the site file.
    SiteProfile,
    /// A `--set` argument.
    Set,
}
