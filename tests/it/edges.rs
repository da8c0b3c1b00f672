//! Who may reach whom in every example and profile is what the reviewed list says.

use crate::support::{examples, golden, netpol};
use std::path::Path;

#[test]
fn network_edges_are_the_reviewed_ones() {
    for tree in examples::rendered() {
        let objects: Vec<_> = tree
            .documents()
            .into_iter()
            .map(|(_, object)| object)
            .collect();
        let path = format!("snapshots/{}/{}.edges.txt", tree.example, tree.profile);
        golden::assert_golden(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(path),
            &netpol::table(&objects),
        );
    }
}
