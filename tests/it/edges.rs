//! Who may reach whom in every example and profile is what the reviewed list says.

use crate::support::{examples, golden, netpol};

#[test]
fn network_edges_are_the_reviewed_ones() {
    let differs = examples::rendered().into_iter().filter_map(|tree| {
        let documents = tree.documents().into_iter().map(|(_, object)| object);
        let objects: Vec<_> = documents.chain(tree.beside()).collect();
        let path = format!("snapshots/{}/{}.edges.txt", tree.example, tree.profile);
        golden::difference(&path, &netpol::table(&objects))
    });
    let differs: Vec<String> = differs.collect();
    assert!(differs.is_empty(), "\n{}", differs.join("\n"));
}
