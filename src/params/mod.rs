//! What the users of a chart may choose, and what follows from it.
//!
//! `resolve` takes every value of a site through a [`Scope`]. In plain rendering the scope hands the value back; while a
//! chart is derived it hands out probes instead and keeps the list of what it was asked for: that list is the chart's
//! `values.yaml`. So a parameter is registered where it is used, in one line.
//!
//! What has to be computed is a [`Formula`]: each operation is written once, as arithmetic here and as the Go template that
//! does the same in a chart. A formula cannot be placed; it is given a name first and becomes a [`Term`], which can.

mod formula;
mod go;
mod registry;
mod scope;
mod term;

pub use formula::{Formula, all, any, either, text};
pub use go::{Go, Root};
pub use registry::{Definition, Kind, Name, Param, Registry, Shape};
pub use scope::{Assignment, Optional, Scope};
pub use term::{Mark, Term};
