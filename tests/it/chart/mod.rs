//! The derived chart against the real Helm: it yields what rendering yields, for the values of every profile and for others.

mod arbitrary;
mod compare;
mod coverage;
mod equal;
pub mod made;
mod profiles;
mod property;
mod upgrade;
