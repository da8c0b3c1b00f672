//! Every uwsgi.ini is read by the real uWSGI, which in strict mode refuses options that it does not know.

use super::{
    run,
    texts::{Kind, Text, texts},
};
use crate::support::{examples::rendered, tools::python};
use std::{fs, path::Path, process::Command};

#[test]
fn uwsgi_accepts_every_configuration() {
    for text in texts(&rendered(), Kind::Uwsgi) {
        let Some((report, accepted)) = check(&text) else {
            return;
        };
        assert!(accepted, "{}:\n{report}", text.place);
    }
}

#[test]
fn an_unknown_option_is_reported() {
    let good = "[uwsgi]\nmodule = invenio_app.wsgi:application\nsocket = 0.0.0.0:5000\nneed-app = true\nchdir = /opt/invenio\n";
    for (text, complaint) in [
        (good.to_owned(), None),
        (
            format!("{good}harakirri = 60\n"),
            Some("unknown config directive: harakirri"),
        ),
        (
            good.replace("wsgi:application", "wsgi_gone:application"),
            Some("unable to load app"),
        ),
    ] {
        let text = Text {
            place: "planted".to_owned(),
            text,
        };
        let Some((report, accepted)) = check(&text) else {
            return;
        };
        assert_eq!(accepted, complaint.is_none(), "{report}");
        assert!(report.contains(complaint.unwrap_or_default()), "{report}");
    }
}

fn check(text: &Text) -> Option<(String, bool)> {
    let uwsgi = python()?.with_file_name("uwsgi");
    let scratch = tempfile::tempdir().unwrap();
    let package = scratch.path().join("invenio_app");
    fs::create_dir(&package).unwrap();
    fs::write(package.join("__init__.py"), "").unwrap();
    for module in ["wsgi", "wsgi_ui", "wsgi_rest"] {
        let application = "def application(environ, start_response):\n    start_response('200 OK', [])\n    return []\n";
        fs::write(package.join(format!("{module}.py")), application).unwrap();
    }
    let file = scratch.path().join("uwsgi.ini");
    fs::write(&file, relocate(&text.text, scratch.path())).unwrap();
    let mut command = Command::new(uwsgi);
    // Without a server it ends after it has read everything and loaded the application.
    command
        .args(["--strict", "--need-app", "--no-server", "--ini"])
        .arg(&file);
    Some(run(command
        .env("PYTHONPATH", scratch.path())
        .current_dir(scratch.path())))
}

/// The configuration with addresses made private and folders put below `root`; everything else stays as it is.
fn relocate(text: &str, root: &Path) -> String {
    let relocated = text.lines().map(|line| {
        let (key, value) = line
            .split_once('=')
            .map_or((line, ""), |(key, value)| (key.trim(), value.trim()));
        let listens =
            key.ends_with("socket") || key.starts_with("stats") || ["http", "https"].contains(&key);
        match key {
            _ if listens && value.starts_with('/') => {
                format!("{key} = {}/socket\n", root.display())
            }
            _ if listens && !value.is_empty() => format!("{key} = 127.0.0.1:0\n"),
            "chdir" | "chdir2" => format!("{key} = {}\n", root.display()),
            _ => format!("{line}\n"),
        }
    });
    relocated.collect()
}
