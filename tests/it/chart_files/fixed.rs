//! Files that say more in words: `Chart.yaml`, `NOTES.txt`, `README.md`, and the test that the site answers.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use invgen::k8s;

use super::helm::{helms, notes};
use super::made::{Made, values_yaml};
use crate::support::{examples, tools};

#[test]
fn the_definition_names_chart_application_and_clusters() {
    let made = Made::of("busy");
    let definition = values_yaml(&made.text("Chart.yaml"));
    assert_eq!(
        definition,
        serde_json::json!({
            "apiVersion": "v2",
            "name": "busy",
            "description": "The site busy: invenio-rdm with all that it needs to run",
            "type": "application",
            "version": "0.1.0",
            // A text, although it looks like a number.
            "appVersion": "4.2",
            "kubeVersion": ">=1.31.0-0",
        })
    );
}

#[test]
fn notes_say_where_the_site_is_and_what_it_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    Made::of("busy").write(folder.path());
    for helm in helms() {
        let notes = |set: &str| notes(&helm, folder.path(), &["--set", set]);
        let usual = notes("web.replicas=1");
        for line in [
            "busy 4.2 is the release rel in the namespace ns.",
            "People find it at https://repository.example.org",
            "  repository-keys: secret-key, password-salt, jwt-secret, login-salt, confirm-salt, reset-salt, change-salt, remember-salt, csrf-salt",
            "  rel-mail: password",
            "  rel-postgresql: password",
            "  kubectl -n ns logs job/rel-init",
            "  helm test rel -n ns --logs",
        ] {
            assert!(
                usual.lines().any(|found| found == line),
                "{line} is not in\n{usual}"
            );
        }
        assert!(
            !usual.contains("tls.crt") && !usual.contains("\n\n\n"),
            "{usual}"
        );

        let hidden = notes("exposure.ingress.enabled=false,mail.username=");
        let inside =
            "Inside the cluster http://rel-web:8080 answers to the host repository.example.org";
        assert!(hidden.contains(inside), "{hidden}");
        assert!(
            !hidden.contains("rel-mail") && !hidden.contains("https://"),
            "{hidden}"
        );

        let own = notes("exposure.ingress.tls.issuer=");
        assert!(
            own.contains("\n  repository-certificate: tls.crt, tls.key\n"),
            "{own}"
        );
        let usual = notes(
            "exposure.ingress.tls.issuer=,exposure.ingress.tls.secretName=x,secrets.names.redis=mine",
        );
        assert!(
            usual.contains("\n  x: tls.crt") && usual.contains("\n  mine: password\n"),
            "{usual}"
        );
    }
}

#[test]
fn the_readme_has_every_value_once() {
    for example in examples::examples() {
        let made = Made::of(&example);
        let readme = made.text("README.md");
        let (_, table) = readme.split_once("| Value | Default |").unwrap();
        let mut listed = BTreeSet::new();
        for row in table.lines().skip(2) {
            let cells: Vec<_> = row
                .replace(r"\|", "")
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect();
            let [start, path, default, what, end] = cells.as_slice() else {
                panic!("{row}");
            };
            assert!(
                start.is_empty() && end.is_empty() && what.ends_with('.'),
                "{row}"
            );
            let is_part = made
                .subcharts
                .iter()
                .any(|part| format!("`{}`", part.name) == *path);
            if is_part {
                assert_eq!(default, "see `values.yaml`", "{row}");
                continue;
            }
            assert!(default.starts_with('`') && default.ends_with('`'), "{row}");
            assert!(listed.insert(path.trim_matches('`').to_owned()), "{row}");
        }
        let shown = values_yaml(&made.text("values.yaml"));
        let all: BTreeSet<_> = made
            .registry
            .params()
            .filter(|param| {
                shown
                    .pointer(&format!("/{}", param.path.replace('.', "/")))
                    .is_some()
            })
            .map(|param| param.path.clone())
            .collect();
        assert_eq!(listed, all);
        for (profile, _) in &made.profiles {
            assert!(readme.contains(&format!("- `values-{profile}.yaml`")));
        }
        let text = readme.split("## Values").next().unwrap();
        assert!(
            text.lines()
                .all(|line| line.starts_with('|') || line.chars().count() <= 100),
            "{text}"
        );
    }
}

#[test]
fn a_default_with_a_bar_or_a_backtick_stays_one_cell() {
    let mut made = Made::of("minimal");
    for (_, values) in &mut made.profiles {
        values.insert("invenio.siteName".into(), serde_json::json!("a|b ``c`` d"));
    }
    let readme = made.text("README.md");
    assert!(
        readme.contains("| `invenio.siteName` | ``` a\\|b ``c`` d ``` |"),
        "{readme}"
    );
}

#[test]
fn the_readme_names_release_namespace_secrets_and_the_longest_job() {
    let readme = Made::of("lab").text("README.md");
    for text in [
        "kubectl create namespace lab-rdm\n",
        "pod-security.kubernetes.io/$mode-version=v1.33\n",
        "invgen secrets --profile prod -o ../lab-secrets.yaml\n",
        "helm upgrade --install lab . -n lab-rdm -f values-prod.yaml --timeout 6h\n",
        "helm test lab -n lab-rdm --logs\n",
        "| `lab-postgresql` | `password` |",
        "The Jobs `lab-init` and `lab-upgrade` are hooks",
    ] {
        assert!(readme.contains(text), "{text} is not in\n{readme}");
    }
}

/// The command of the test's pod in a chart of the example.
fn command() -> Vec<String> {
    let plan = Made::of("lab").plan;
    let objects = k8s::connection_test(&plan)
        .into_iter()
        .map(|draft| draft.object().unwrap())
        .collect::<Vec<_>>();
    let pod = &objects.last().unwrap().value;
    let command = pod["spec"]["containers"][0]["command"].as_array().unwrap();
    command
        .iter()
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

/// Runs it against a server that gives these answers, one a connection; what it prints, whether it is content, and what
/// the server was asked.
fn try_out(answers: &[&'static str]) -> Option<(String, bool, Vec<String>)> {
    let python = tools::python()?;
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let answers = answers.to_vec();
    let thread = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = server.accept().unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            asked.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
            stream.write_all(answer.as_bytes()).unwrap();
        }
        asked
    });
    let mut command = command();
    assert_eq!(command[0], "python3");
    // Where nothing answers, it waits between two tries.
    assert!(command[3].contains("time.sleep(5)"));
    command[3] = command[3].replace("time.sleep(5)", "time.sleep(0)");
    command[4] = "127.0.0.1".into();
    command[5] = port;
    let output = Command::new(python).args(&command[1..]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    Some((text, output.status.success(), thread.join().unwrap()))
}

#[test]
fn the_test_of_the_connection_asks_for_the_sites_host_until_it_answers() {
    let bad = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    let good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    let Some((text, is_good, asked)) = try_out(&[bad, "nonsense\r\n\r\n", good]) else {
        return;
    };
    assert!(is_good, "{text}");
    assert!(
        text.contains("status 503") && text.ends_with("status 200\n"),
        "{text}"
    );
    for request in asked {
        assert!(
            request.starts_with("GET /api/ping HTTP/1.1\r\n"),
            "{request}"
        );
        assert!(
            request.contains("\r\nHost: data.lab.example.org\r\n"),
            "{request}"
        );
        assert_eq!(request.matches("Host:").count(), 1, "{request}");
    }
}

#[test]
fn the_test_of_the_connection_fails_when_there_is_no_good_answer() {
    // Then the port is closed.
    let Some((text, is_good, _)) =
        try_out(&["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"])
    else {
        return;
    };
    assert!(!is_good);
    assert!(
        text.contains("status 404") && text.contains("ConnectionRefusedError"),
        "{text}"
    );
    assert!(
        text.contains("failed: no good answer from http://127.0.0.1:"),
        "{text}"
    );
}
