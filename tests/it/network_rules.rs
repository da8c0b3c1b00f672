//! The meaning of NetworkPolicies, one rule a test, on three workloads in one namespace.

use crate::support::examples::documents;
use crate::support::netpol::{edges, table};
use serde_json::{Value, json};

fn workload(name: &str, ports: &Value) -> Value {
    let labels = json!({"app.kubernetes.io/component": name, "tier": if name == "web" { "front" } else { "back" }});
    let pod = json!({"containers": [{"name": "main", "ports": ports}]});
    json!({"kind": "Deployment", "metadata": {"name": format!("lab-{name}"), "namespace": "lab"},
        "spec": {"template": {"metadata": {"labels": labels}, "spec": pod}}})
}

/// Namespace `lab` with `web` (http 8080), `db` (sql 5432, and 9187) and `job` (no port), and policies from short YAML.
fn tree(policies: &str) -> Vec<Value> {
    let mut objects = vec![
        json!({"kind": "Namespace", "metadata": {"name": "lab", "labels": {"team": "rdm"}}}),
        workload("web", &json!([{"name": "http", "containerPort": 8080}])),
        workload(
            "db",
            &json!([{"name": "sql", "containerPort": 5432}, {"containerPort": 9187}]),
        ),
        workload("job", &json!([])),
    ];
    for (at, spec) in documents(policies)
        .unwrap()
        .into_iter()
        .filter(|spec| !spec.is_null())
        .enumerate()
    {
        let metadata = json!({"name": format!("policy-{at}"), "namespace": "lab"});
        objects.push(json!({"kind": "NetworkPolicy", "metadata": metadata, "spec": spec}));
    }
    objects
}

const DENY: &str = "{podSelector: {}, policyTypes: [Ingress, Egress]}\n---\n";
const WEB: &str = "podSelector: {matchLabels: {app.kubernetes.io/component: web}}";
const DB: &str = "podSelector: {matchLabels: {app.kubernetes.io/component: db}}";

/// The edges under default deny and these policies.
fn under_deny(policies: &str) -> Vec<String> {
    edges(&tree(&format!("{DENY}{policies}")))
}

/// The edges of `web` to anything when it may send to what `rule` says and all accept everything.
fn sends(rule: &str) -> Vec<String> {
    under_deny(&format!(
        "{{{WEB}, policyTypes: [Egress], egress: [{rule}]}}\n---\n{{podSelector: {{}}, policyTypes: [Ingress], ingress: [{{from: [{{podSelector: {{}}}}]}}]}}"
    ))
}

/// The edges to `db` when it accepts what `rule` says and all may send everything.
fn accepts(rule: &str) -> Vec<String> {
    under_deny(&format!(
        "{{{DB}, policyTypes: [Ingress], ingress: [{rule}]}}\n---\n{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{podSelector: {{}}}}]}}]}}"
    ))
}

#[test]
fn an_unselected_direction_is_open() {
    let open = edges(&tree(""));
    assert!(open.contains(&"web -> db:any".to_owned()), "{open:?}");
    assert!(
        open.contains(&"anyone -> *:any".to_owned())
            && open.contains(&"* -> anyone:any".to_owned()),
        "{open:?}"
    );
    let only_in = edges(&tree("{podSelector: {}, policyTypes: [Ingress]}"));
    assert_eq!(
        only_in,
        ["* -> anyone:any"],
        "egress stays open and leads to no pod"
    );
}

#[test]
fn an_empty_list_of_rules_denies() {
    assert_eq!(under_deny(""), [""; 0]);
    assert_eq!(
        under_deny("{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: []}"),
        [""; 0]
    );
}

#[test]
fn an_edge_needs_egress_and_ingress() {
    let out = format!(
        "{{{WEB}, policyTypes: [Egress], egress: [{{to: [{{{DB}}}], ports: [{{port: 5432}}]}}]}}"
    );
    let into = format!(
        "{{{DB}, policyTypes: [Ingress], ingress: [{{from: [{{{WEB}}}], ports: [{{port: 5432}}]}}]}}"
    );
    assert_eq!(under_deny(&out), [""; 0]);
    assert_eq!(under_deny(&into), [""; 0]);
    assert_eq!(
        under_deny(&format!("{out}\n---\n{into}")),
        ["web -> db:5432/TCP"]
    );
}

#[test]
fn policies_add_up() {
    let policy = |port: u16| {
        format!(
            "{{{DB}, policyTypes: [Ingress], ingress: [{{from: [{{{WEB}}}], ports: [{{port: {port}}}]}}]}}"
        )
    };
    let both = format!(
        "{}\n---\n{}\n---\n{{{WEB}, policyTypes: [Egress], egress: [{{to: [{{{DB}}}]}}]}}",
        policy(5432),
        policy(9187)
    );
    assert_eq!(
        under_deny(&both),
        ["web -> db:5432/TCP", "web -> db:9187/TCP"]
    );
}

#[test]
fn missing_or_empty_peers_mean_anyone() {
    for rule in [
        "{ports: [{port: 5432}]}",
        "{from: [], ports: [{port: 5432}]}",
    ] {
        let expected = [
            "anyone -> db:5432/TCP",
            "db -> db:5432/TCP",
            "job -> db:5432/TCP",
            "web -> db:5432/TCP",
        ];
        assert_eq!(accepts(rule), expected, "{rule}");
    }
    let expected = [
        "web -> anyone:53/UDP",
        "web -> db:53/UDP",
        "web -> job:53/UDP",
        "web -> web:53/UDP",
    ];
    assert_eq!(sends("{ports: [{port: 53, protocol: UDP}]}"), expected);
}

#[test]
fn missing_or_empty_ports_mean_all() {
    assert_eq!(sends(&format!("{{to: [{{{DB}}}]}}")), ["web -> db:any"]);
    assert_eq!(
        sends(&format!("{{to: [{{{DB}}}], ports: []}}")),
        ["web -> db:any"]
    );
    assert_eq!(
        sends(&format!("{{to: [{{{DB}}}], ports: [{{protocol: UDP}}]}}")),
        ["web -> db:any/UDP"]
    );
}

#[test]
fn an_empty_rule_allows_everything() {
    let expected = [
        "anyone -> db:any",
        "db -> db:any",
        "job -> db:any",
        "web -> db:any",
    ];
    assert_eq!(accepts("{}"), expected);
}

#[test]
fn selectors_in_one_peer_must_both_match_and_separate_peers_are_alternatives() {
    let both = "{from: [{namespaceSelector: {matchLabels: {team: other}}, podSelector: {matchLabels: {tier: front}}}]}";
    assert_eq!(accepts(both), ["outside(team=other/tier=front) -> db:any"]);
    let home = "{from: [{namespaceSelector: {matchLabels: {team: rdm}}, podSelector: {matchLabels: {tier: front}}}]}";
    assert_eq!(
        accepts(home),
        ["outside(team=rdm/tier=front) -> db:any", "web -> db:any"]
    );
    let either = "{from: [{namespaceSelector: {matchLabels: {team: other}}}, {podSelector: {matchLabels: {tier: front}}}]}";
    assert_eq!(
        accepts(either),
        ["outside(namespace team=other) -> db:any", "web -> db:any"]
    );
}

#[test]
fn a_pod_selector_alone_means_the_own_namespace() {
    let mut objects = tree(&format!(
        "{DENY}{{{DB}, policyTypes: [Ingress], ingress: [{{from: [{{podSelector: {{}}}}]}}]}}\n---\n{{podSelector: {{}}, policyTypes: [Egress], egress: [{{}}]}}"
    ));
    let mut stranger = workload("stranger", &json!([]));
    stranger["metadata"]["namespace"] = "elsewhere".into();
    objects.push(stranger);
    let found = edges(&objects);
    assert!(found.contains(&"web -> db:any".to_owned()), "{found:?}");
    assert!(
        !found.iter().any(|edge| edge.starts_with("stranger -> db")),
        "{found:?}"
    );
}

#[test]
fn the_name_of_a_namespace_is_a_label_of_it() {
    let home = "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lab}}, podSelector: {matchLabels: {tier: front}}}]}";
    assert_eq!(accepts(home), ["web -> db:any"]);
    let other = "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: haproxy}}}], ports: [{port: sql}]}";
    assert_eq!(
        accepts(other),
        ["outside(namespace haproxy) -> db:5432/TCP"]
    );
    assert!(
        accepts("{from: [{namespaceSelector: {}}]}")
            .contains(&"outside(any namespace) -> db:any".to_owned())
    );
}

#[test]
fn expressions_select_by_set_and_presence() {
    let from = |term: &str| {
        accepts(&format!(
            "{{from: [{{podSelector: {{matchExpressions: [{term}]}}}}], ports: [{{port: 1}}]}}"
        ))
    };
    assert_eq!(
        from("{key: tier, operator: In, values: [front, x]}"),
        ["web -> db:1/TCP"]
    );
    assert_eq!(
        from("{key: tier, operator: NotIn, values: [back]}"),
        ["web -> db:1/TCP"]
    );
    assert_eq!(from("{key: tier, operator: Exists}").len(), 3);
    assert_eq!(
        from("{key: tier, operator: DoesNotExist}"),
        ["outside(pods !tier) -> db:1/TCP"]
    );
}

#[test]
fn names_of_ports_resolve_on_the_destination() {
    let named = format!("{{to: [{{{DB}}}], ports: [{{port: sql}}]}}");
    assert_eq!(sends(&named), ["web -> db:5432/TCP"]);
    assert_eq!(
        sends(&named.replace("sql", "http")),
        [""; 0],
        "http is a port of the source"
    );
    assert_eq!(
        sends(&named.replace("port: sql", "port: sql, protocol: UDP")),
        [""; 0],
        "sql is TCP"
    );
}

#[test]
fn ranges_meet_in_their_common_part() {
    let policies = format!(
        "{{{WEB}, policyTypes: [Egress], egress: [{{to: [{{{DB}}}], ports: [{{port: 5000, endPort: 6000}}, {{port: 9187}}]}}]}}\n---\n{{{DB}, policyTypes: [Ingress], ingress: [{{from: [{{{WEB}}}], ports: [{{port: 5400, endPort: 9999}}]}}]}}"
    );
    assert_eq!(
        under_deny(&policies),
        ["web -> db:5400-6000/TCP", "web -> db:9187/TCP"]
    );
}

#[test]
fn a_port_without_protocol_is_tcp() {
    let rule = |port: &str| format!("{{to: [{{{DB}}}], ports: [{{{port}}}]}}");
    assert_eq!(sends(&rule("port: 53")), ["web -> db:53/TCP"]);
    assert_eq!(
        sends(&rule("port: 53, protocol: UDP")),
        ["web -> db:53/UDP"]
    );
}

#[test]
fn blocks_of_addresses_lead_outside_and_say_what_private_ranges_they_reach() {
    let rule = "{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [192.168.0.0/16, 10.0.0.0/8]}}], ports: [{port: 443}]}";
    let expected = "web -> outside(0.0.0.0/0 except 10.0.0.0/8, 192.168.0.0/16 reaching 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12):443/TCP";
    assert_eq!(sends(rule), [expected]);
    let narrow = "{to: [{ipBlock: {cidr: 10.20.0.0/16}}], ports: [{port: 443}]}";
    assert_eq!(sends(narrow), ["web -> outside(10.20.0.0/16):443/TCP"]);
    let six = "{to: [{ipBlock: {cidr: '::/0', except: ['fe80::/10']}}], ports: [{port: 443}]}";
    assert_eq!(
        sends(six),
        ["web -> outside(::/0 except fe80::/10 reaching fc00::/7):443/TCP"]
    );
}

#[test]
fn what_every_workload_may_do_is_one_line() {
    let dns = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}]}";
    let expected = [
        "* -> dns(kube-system/k8s-app=kube-dns):53/TCP",
        "* -> dns(kube-system/k8s-app=kube-dns):53/UDP",
    ];
    assert_eq!(under_deny(dns), expected);
    assert_eq!(
        table(&tree(&format!("{DENY}{dns}"))).lines().next(),
        Some("*              -> dns(kube-system/k8s-app=kube-dns):53/TCP")
    );
}

#[test]
fn missing_policy_types_follow_the_rules() {
    let only_in = edges(&tree("{podSelector: {}}"));
    assert_eq!(only_in, ["* -> anyone:any"]);
    assert_eq!(edges(&tree("{podSelector: {}, egress: []}")), [""; 0]);
}

#[test]
fn pods_that_others_make_are_shown_by_their_labels() {
    let solver = "{podSelector: {matchLabels: {acme: 'true'}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: haproxy}}}], ports: [{port: 8089}]}]}";
    assert_eq!(
        under_deny(solver),
        ["outside(namespace haproxy) -> pods(acme=true):8089/TCP"]
    );
}

#[test]
fn workloads_of_one_component_are_told_apart() {
    let mut objects = tree("");
    let mut job = workload("web", &json!([]));
    job["kind"] = "Job".into();
    objects.push(job);
    let found = edges(&objects);
    assert!(
        found.contains(&"web(Deployment) -> web(Job):any".to_owned()),
        "{found:?}"
    );
}
