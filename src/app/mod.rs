//! What the applications are: their processes, commands, settings and secrets.

pub mod invenio;
