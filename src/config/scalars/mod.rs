//! The words of the site file: each a type that holds only what is valid.

#[macro_use]
mod text;

mod cidr;
mod cron;
mod dns;
mod duration;
mod image;
mod kubernetes;
mod labels;
mod line;
mod port;
mod quantity;

pub use cidr::Cidr;
pub use cron::Cron;
pub use dns::{DnsLabel, Hostname, ObjectName, SecretName, StorageClassName};
pub use duration::Duration;
pub use image::{Digest, ImageRepository, ImageTag};
pub use kubernetes::KubernetesVersion;
pub use labels::{LabelKey, LabelValue};
pub use line::{Email, QueueName, Text};
pub use port::Port;
pub use quantity::Quantity;
