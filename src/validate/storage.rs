//! Volumes.

use super::case::{Case, own, part};
use super::pods::tiers;
use crate::config::fault::Build;
use crate::config::site::{AccessMode, Opensearch, Postgresql, Rabbitmq, Redis, Retention};
use crate::diag::{Diagnostic, codes};

/// Refuses several pods on files that one node mounts, outside development. They would start, all on that node: then
/// neither the loss of a node nor load is shared, and that is what several pods are for.
pub fn files_on_one_node(case: &Case) -> Vec<Diagnostic> {
    let site = case.site;
    if case.in_development() || site.storage.files.access_mode != AccessMode::ReadWriteOnce {
        return Vec::new();
    }
    let several: Vec<_> = tiers(site)
        .into_iter()
        .filter(|tier| tier.most() > 1)
        .collect();
    if several.is_empty() {
        return Vec::new();
    }
    let counted: Vec<_> = several
        .iter()
        .map(|tier| format!("{} pods of {}", tier.most(), tier.name))
        .collect();
    let mut parts = vec![part("storage.files.accessMode")];
    parts.extend(several.iter().map(|tier| part(tier.most_path())));
    vec![
        case.error(
            codes::FILES_ON_ONE_NODE,
            &parts,
            format!(
                "the files are on a volume for one node (ReadWriteOnce), but up to {} mount it",
                counted.join(" and ")
            ),
        )
        .because(
            "all these pods are forced onto the one node that has the volume: when it fails the site is gone, more \
             pods bring no more room, and every update stops the site for a while",
        )
        .help(
            "write `storage: {files: {accessMode: ReadWriteMany, className: …}}` with a class that many nodes can mount \
             (CephFS, NFS), or set replicas to 1 and autoscaling off everywhere",
        ),
    ]
}

/// Warns of a database on a volume that many nodes mount: mostly a network file system, which databases do not trust.
pub fn shared_databases(case: &Case) -> Vec<Diagnostic> {
    let services = &case.site.services;
    let postgresql = match &services.postgresql {
        Postgresql::Internal(own) => Some(own.access_mode),
        Postgresql::Bitnami(_) => None,
    };
    let redis = match &services.redis {
        Redis::Internal(own) => Some(own.access_mode),
        Redis::Bitnami(_) => None,
    };
    let rabbitmq = match &services.rabbitmq {
        Rabbitmq::Internal(own) => Some(own.access_mode),
        Rabbitmq::Bitnami(_) => None,
    };
    let Opensearch::Internal(opensearch) = &services.opensearch;
    [
        ("postgresql", postgresql),
        ("redis", redis),
        ("rabbitmq", rabbitmq),
        ("opensearch", Some(opensearch.access_mode)),
    ]
    .into_iter()
    .filter(|(_, mode)| *mode == Some(AccessMode::ReadWriteMany))
    .map(|(service, _)| {
        let path = format!("services.{service}.accessMode");
        let class = format!("services.{service}.className");
        case.warning(
            codes::SHARED_DATABASE,
            &[part(path), own(class), own("storage.className")],
            format!("{service} keeps its data on a volume that many nodes can mount (ReadWriteMany)"),
        )
        .because(
            "such volumes are network file systems, whose locks and delayed writes have corrupted databases; and each \
             pod of a service has a volume of its own, so nothing is gained",
        )
        .help(format!(
            "remove `services.{service}.accessMode`, and name a storage class of block volumes in \
             `services.{service}.className`"
        ))
    })
    .collect()
}

/// Warns when production data would go with the service that wrote it.
pub fn deleted_data(case: &Case) -> Vec<Diagnostic> {
    if !case.in_production() || case.site.storage.retention != Retention::Delete {
        return Vec::new();
    }
    vec![
        case.warning(
            codes::DATA_DELETED,
            &[part("storage.retention")],
            "in production, volumes of database, search, broker and cache go with their service",
        )
        .because("deleting a StatefulSet, by mistake or to make it anew, then deletes its data as well")
        .help("write `storage: {retention: Retain}`, and delete volumes by hand when nobody needs them"),
    ]
}
