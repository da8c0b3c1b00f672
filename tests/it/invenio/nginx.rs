//! nginx.conf under a real nginx, with a stand-in for uWSGI behind it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::tools::tool;

/// nginx and its upstream, both ended when dropped.
struct Front {
    folder: tempfile::TempDir,
    port: u16,
    processes: Vec<Child>,
}

impl Drop for Front {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// nginx stands beside the folders of the search path of people in Debian.
fn nginx() -> Option<PathBuf> {
    let usual = Path::new("/usr/sbin/nginx");
    if usual.is_file() {
        Some(usual.to_owned())
    } else {
        tool("nginx")
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn start() -> Option<Front> {
    let (nginx, python) = (nginx()?, tool("python3")?);
    let folder = tempfile::tempdir().unwrap();
    let (port, upstream) = (free_port(), free_port());
    let path = folder.path().to_str().unwrap();
    super::write(folder.path(), 13, |_, text| {
        text.replace(" /tmp/", &format!(" {path}/"))
            .replace("listen 8080", &format!("listen 127.0.0.1:{port}"))
            .replace("127.0.0.1:5000", &format!("127.0.0.1:{upstream}"))
            .replace("/dev/stdout", &format!("{path}/access.log"))
            .replace("root /srv;", &format!("root {path};"))
    });
    let files = folder.path().join("static/dist");
    std::fs::create_dir_all(&files).unwrap();
    std::fs::write(files.join("app.5c3f0af0b6f86d5b8a65.js"), "1").unwrap();
    std::fs::write(files.join("pdf.mjs"), "1").unwrap();
    let echo = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/uwsgi_echo.py");
    let config = folder.path().join("nginx.conf");
    let quiet = |mut command: Command| {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(folder.path().join("stderr.log"))
            .unwrap();
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    };
    let mut upstream_command = Command::new(python);
    upstream_command.arg(echo).arg(upstream.to_string());
    let mut nginx_command = Command::new(nginx);
    // One process, so that ending it ends all.
    nginx_command
        .arg("-c")
        .arg(config)
        .args(["-g", "daemon off; master_process off;"]);
    let processes = vec![quiet(upstream_command), quiet(nginx_command)];
    for port in [port, upstream] {
        let up = (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(
            up,
            "nothing listens: {}",
            std::fs::read_to_string(folder.path().join("stderr.log")).unwrap()
        );
    }
    Some(Front {
        folder,
        port,
        processes,
    })
}

impl Front {
    /// Sends a request as it is and gives the status of the answer, without waiting for the connection to end: nginx
    /// gives those whose body it refuses some seconds to notice.
    fn status(&self, request: &str) -> String {
        let mut start = [0; 12];
        self.send(request).read_exact(&mut start).unwrap();
        String::from_utf8_lossy(&start[9..]).into_owned()
    }

    /// Sends a request as it is and gives the whole answer.
    fn raw(&self, request: &str) -> String {
        let mut answer = String::new();
        self.send(request).read_to_string(&mut answer).unwrap();
        answer
    }

    fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn get(&self, path: &str, headers: &str) -> String {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: data.lab.example.org\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// What the application was sent.
    fn variables(&self, path: &str, headers: &str) -> serde_json::Value {
        let answer = self.get(path, headers);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            !head.contains("X-Session-ID") && !head.contains("X-User-ID"),
            "{head}"
        );
        serde_json::from_str::<serde_json::Value>(body).unwrap()["variables"].take()
    }
}

#[test]
fn the_application_learns_who_asks_and_how() {
    let Some(front) = start() else { return };
    let sent = front.variables(
        "/search?q=x",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Request-Id: ingress-4711\r\n",
    );
    assert_eq!(
        sent["HTTP_X_FORWARDED_FOR"],
        "6.6.6.6, 192.0.2.1, 127.0.0.1"
    );
    assert_eq!(sent["HTTP_X_FORWARDED_PROTO"], "https");
    assert_eq!(sent["HTTP_X_REQUEST_ID"], "ingress-4711");
    assert_eq!(sent["HTTP_HOST"], "data.lab.example.org");
    assert_eq!(sent["QUERY_STRING"], "q=x");
    let sent = front.variables("/", "X-Forwarded-Proto: gopher\r\nX-Request-Id: \"},{\r\n");
    assert_eq!(
        sent["HTTP_X_FORWARDED_PROTO"], "http",
        "an unknown scheme is not passed on"
    );
    assert_eq!(
        sent["HTTP_X_REQUEST_ID"].as_str().unwrap().len(),
        32,
        "an odd id is replaced"
    );
}

#[test]
fn only_the_content_of_a_file_may_be_large_and_it_announces_its_length() {
    let Some(front) = start() else { return };
    let put = |path: &str, header: &str| {
        let request =
            format!("PUT {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}\r\n\r\n");
        front.status(&request)
    };
    let large = "Content-Length: 200000000";
    let chunked = "Transfer-Encoding: chunked";
    assert_eq!(put("/api/records", large), "413");
    for path in [
        "/api/records/x/draft/files/a.zip/content",
        "/api/records/x/draft/media-files/a%2Fb.zip/content/3",
    ] {
        assert_eq!(put(path, "Content-Length: 0"), "200", "{path}");
        assert_eq!(put(path, chunked), "411", "{path}");
        assert_eq!(put(path, "Content-Length: 90000000000000"), "413", "{path}");
    }
    let body = "x".repeat(300_000);
    let request = format!(
        "PUT /api/records/x/draft/files/a/content HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(front.raw(&request).contains("\"received\": 300000"));
}

#[test]
fn static_files_are_cached_as_long_as_they_cannot_change() {
    let Some(front) = start() else { return };
    let hashed = front.get("/static/dist/app.5c3f0af0b6f86d5b8a65.js", "");
    assert!(
        hashed.contains("Cache-Control: public, max-age=31536000, immutable\r\n"),
        "{hashed}"
    );
    let module = front.get("/static/dist/pdf.mjs", "");
    assert!(
        module.contains("Cache-Control: public, max-age=3600\r\n"),
        "{module}"
    );
    assert!(
        module.contains("Content-Type: application/javascript\r\n"),
        "{module}"
    );
    assert!(
        module.contains("X-Content-Type-Options: nosniff\r\n"),
        "{module}"
    );
    assert!(front.get("/static/none.js", "").starts_with("HTTP/1.1 404"));
    assert!(
        !front
            .get("/static/../nginx.conf", "")
            .contains("worker_processes")
    );
    assert!(front.get("/nginx-health", "").ends_with("\r\n\r\nok\n"));
}

#[test]
fn the_access_log_is_json_without_secrets() {
    let Some(front) = start() else { return };
    front.get("/records/1?token=s3cret", "User-Agent: \"quoted\"\r\n");
    front.get("/nginx-health", "");
    let log = std::fs::read_to_string(front.folder.path().join("access.log")).unwrap();
    assert!(!log.contains("s3cret"));
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1, "health checks are not logged");
    assert_eq!(lines[0]["path"], "/records/1");
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[0]["user_agent"], "\"quoted\"");
}
