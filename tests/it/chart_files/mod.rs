//! The files of a chart around its templates, put before the real Helm.

mod fixed;
mod helm;
mod made;
mod refused;
mod values;
