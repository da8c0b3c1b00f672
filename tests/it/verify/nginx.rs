//! Every nginx.conf passes `nginx -t`.

use super::{
    planted, run,
    texts::{Kind, Text, texts},
};
use crate::support::{
    examples::{Rendered, rendered},
    tools::tool,
};
use std::{collections::BTreeSet, fs, path::Path, process::Command};

#[test]
fn nginx_accepts_every_configuration() {
    let trees = rendered();
    let services = services(&trees);
    for text in texts(&trees, Kind::Nginx) {
        let Some((report, accepted)) = check(&text, &services) else {
            return;
        };
        assert!(accepted, "{}:\n{report}", text.place);
    }
}

#[test]
fn bad_configurations_are_reported_and_a_service_name_is_not_bad() {
    let services = services(&planted(
        "apiVersion: v1\nkind: Service\nmetadata: {name: lab-web, namespace: lab}\n",
    ));
    let cases = [
        ("proxy_pass http://lab-web:80;", None),
        ("proxy_pass http://lab-web.lab.svc.cluster.local:80;", None),
        (
            "include /etc/nginx/uwsgi_params; uwsgi_pass lab-web.lab:5000;",
            None,
        ),
        (
            "proxy_pass http://lab-wep:80;",
            Some("host not found in upstream \"lab-wep\""),
        ),
        (
            "client_max_bodysize 1m;",
            Some("unknown directive \"client_max_bodysize\""),
        ),
        ("client_max_body_size 1T;", Some("invalid value")),
    ];
    for (directives, complaint) in cases {
        let text = format!(
            "pid /run/nginx.pid;\nerror_log /dev/stderr;\nevents {{}}\nhttp {{\n    include /etc/nginx/mime.types;\n    \
             client_body_temp_path /tmp/nginx/body;\n    access_log /dev/stdout;\n    server {{\n        listen 8080;\n        \
             location / {{ {directives} }}\n    }}\n}}\n"
        );
        let text = Text {
            place: "planted".to_owned(),
            text,
        };
        let Some((report, accepted)) = check(&text, &services) else {
            return;
        };
        match complaint {
            None => assert!(accepted, "{directives}\n{report}"),
            Some(complaint) => assert!(
                !accepted && report.contains(complaint),
                "{directives}\n{report}"
            ),
        }
    }
}

/// Every name under which a pod reaches a Service, longest first, so that no name is replaced in the middle of another.
fn services(trees: &[Rendered]) -> Vec<String> {
    let mut names = BTreeSet::from(["kube-dns.kube-system.svc.cluster.local".to_owned()]);
    for (_, object) in trees
        .iter()
        .flat_map(Rendered::documents)
        .filter(|(_, object)| object["kind"] == "Service")
    {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        names.extend([
            name.to_owned(),
            format!("{name}.{namespace}"),
            format!("{name}.{namespace}.svc"),
            format!("{name}.{namespace}.svc.cluster.local"),
        ]);
    }
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

fn check(text: &Text, services: &[String]) -> Option<(String, bool)> {
    let nginx = tool("nginx")?;
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    let etc = root.join("etc/nginx");
    fs::create_dir_all(&etc).unwrap();
    for file in ["mime.types", "uwsgi_params", "proxy_params"] {
        let source = Path::new("/etc/nginx").join(file);
        assert!(
            source.is_file(),
            "{} is missing beside nginx",
            source.display()
        );
        fs::copy(source, etc.join(file)).unwrap();
    }
    let config = etc.join("nginx.conf");
    fs::write(&config, relocate(&text.text, root, services)).unwrap();
    let (report, passed) = run(Command::new(nginx)
        .arg("-t")
        .arg("-p")
        .arg(root)
        .arg("-c")
        .arg(&config)
        .args(["-e", "stderr"]));
    // Warnings are about what the file says twice or in vain, save for those on our running it as somebody else.
    Some((
        report.clone(),
        passed && !report.lines().any(|line| line.contains("[warn]")),
    ))
}

/// The configuration with the files that nginx opens put below `root`, and the names of Services made loopback, because nginx
/// looks both up while it reads. Everything else stays as it is.
fn relocate(text: &str, root: &Path, services: &[String]) -> String {
    let mut out = String::new();
    for statement in text.split_inclusive([';', '{', '}', '\n']) {
        let directive = statement.split_whitespace().next().unwrap_or_default();
        let opens = ["include", "error_log", "access_log", "pid"].contains(&directive)
            || directive.ends_with("_temp_path");
        let resolves = ["server", "resolver"].contains(&directive) || directive.ends_with("_pass");
        if opens && !statement.contains("/dev/") {
            let moved = statement.replacen(" /", &format!(" {}/", root.display()), 1);
            if let Some(path) = moved
                .split_whitespace()
                .nth(1)
                .map(|path| Path::new(path.trim_end_matches(';')))
                && let Some(parent) = path.parent().filter(|parent| parent.starts_with(root))
            {
                fs::create_dir_all(parent).unwrap();
            }
            out += &moved;
        } else if resolves {
            out += &loopback(statement, services);
        } else {
            out += statement;
        }
    }
    out
}

/// Replaces the host name in a statement by loopback when a Service has it.
fn loopback(statement: &str, services: &[String]) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    for service in services {
        for (start, _) in statement.match_indices(service.as_str()) {
            let end = start + service.len();
            if !statement[..start].ends_with(is_name) && !statement[end..].starts_with(is_name) {
                return format!("{}127.0.0.1{}", &statement[..start], &statement[end..]);
            }
        }
    }
    statement.to_owned()
}
