//! OpenSearch, of which no server can be had here: what its file and variables say.

use super::{Service, words};
use serde_json::{Value, json};

#[test]
fn opensearch_settings_are_yaml_that_names_only_folders_the_pod_can_write() {
    let service = Service::of("opensearch");
    let settings: Value = serde_yaml::from_str(&service.texts["opensearch.yml"]).unwrap();
    let writable = service.writable();
    for folder in ["path.data", "path.logs"] {
        let folder = settings[folder].as_str().unwrap();
        assert!(writable.contains(&folder), "{folder}: {writable:?}");
    }
    assert_eq!(
        settings["discovery.seed_hosts"],
        json!(["lab-opensearch-headless"])
    );
    // The image's entry point turns variables with a dot into settings; it does so only when it is run.
    assert_eq!(service.container()["command"], Value::Null);
    let managers = service.variable("cluster.initial_cluster_manager_nodes");
    assert_eq!(
        managers,
        "lab-opensearch-0,lab-opensearch-1,lab-opensearch-2"
    );
    let variables = service.container()["env"].as_array().unwrap();
    let names: Vec<_> = variables.iter().map(|variable| &variable["name"]).collect();
    assert!(!names.contains(&&json!("discovery.type")), "{names:?}");
    assert!(names.contains(&&json!("node.name")), "{names:?}");
}

/// Java's collector logs to files of 2 GiB by the image's own options, which would have the pod evicted after some months.
#[test]
fn opensearch_logs_to_the_console_alone() {
    let service = Service::of("opensearch");
    let options: Vec<_> = service
        .variable("OPENSEARCH_JAVA_OPTS")
        .split(' ')
        .collect();
    let position = |option| options.iter().position(|own| *own == option);
    let off = position("-Xlog:disable").unwrap();
    assert!(off < position("-Xlog:all=warning:stderr:utctime,level,tags").unwrap());
    let configure = words(&service.pod["initContainers"][0]["command"]);
    assert_eq!(configure[..2], ["sh", "-c"]);
}
