//! Redis.

use super::sandbox::{Sandbox, Started, free_port};
use super::{AWKWARD, MARK, Service};
use crate::support::tools::tool;
use rustix::process::Signal;

struct Redis {
    sandbox: Sandbox,
    port: u16,
}

impl Redis {
    fn new() -> Option<Self> {
        let (server, client) = (tool("redis-server")?, tool("redis-cli")?);
        let sandbox = Sandbox::new("redis", &[&server, &client]);
        let port = free_port();
        let service = Service::of("redis");
        let secrets = sandbox.at("secrets");
        let (data, run, etc) = (sandbox.at("data"), sandbox.at("run"), sandbox.at("etc"));
        let secret = ("/run/secrets/invgen", secrets.as_str());
        let runtime = ("/run/redis", run.as_str());
        let listen = format!("port {port}");
        let folder = format!("dir {data}");
        let address = format!("-h 127.0.0.1 -p {port}");
        let config = [
            ("bind * -::*", "bind 127.0.0.1"),
            ("port 6379", &listen),
            ("dir /data", &folder),
            runtime,
        ];
        let start = [secret, runtime, ("/etc/redis", &etc)];
        let probe = [secret, ("-h 127.0.0.1", &address)];
        sandbox.write("etc/redis.conf", &service.text("redis.conf", &config));
        sandbox.write("etc/start.sh", &service.text("start.sh", &start));
        sandbox.write("etc/probe.sh", &service.text("probe.sh", &probe));
        for folder in ["data", "run"] {
            sandbox.writable(folder);
        }
        Some(Self { sandbox, port })
    }

    fn password(&self, text: &str) {
        self.sandbox.write("secrets/redis/password", text);
    }

    fn start(&self) -> Started {
        let script = self.sandbox.path("etc/start.sh");
        let mut server = self.sandbox.spawn(self.sandbox.command("sh").arg(script));
        server.until(|| self.probe().0);
        server
    }

    fn probe(&self) -> (bool, String) {
        let script = self.sandbox.path("etc/probe.sh");
        self.sandbox.run(self.sandbox.command("sh").arg(script))
    }

    fn ask(&self, password: Option<&str>, words: &[&str]) -> String {
        let mut client = self.sandbox.command("redis-cli");
        client.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        if let Some(password) = password {
            client.env("REDISCLI_AUTH", password);
        }
        let output = client.args(words).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

#[test]
fn redis_asks_for_the_secrets_password_and_keeps_its_data() {
    let Some(redis) = Redis::new() else {
        return;
    };
    redis.password(&format!("{AWKWARD}\n"));
    let (answers, said) = redis.probe();
    assert!(!answers && said.contains("Connection refused"), "{said}");

    let mut server = redis.start();
    let secret = Some(AWKWARD);
    assert_eq!(redis.ask(secret, &["ping"]), "PONG");
    assert!(redis.ask(None, &["ping"]).starts_with("NOAUTH"));
    assert!(redis.ask(Some("wrong"), &["ping"]).starts_with("NOAUTH"));
    let policy = ["config", "get", "maxmemory-policy"];
    assert_eq!(redis.ask(secret, &policy), "maxmemory-policy\nvolatile-lru");
    let written = Service::of("redis").texts["redis.conf"].clone();
    let (_, limit) = written.split_once("\nmaxmemory ").unwrap();
    let limit: u64 = limit.split_once("mb\n").unwrap().0.parse().unwrap();
    assert_eq!(
        redis.ask(secret, &["config", "get", "maxmemory"]),
        format!("maxmemory\n{}", limit * 1024 * 1024)
    );
    assert_eq!(redis.ask(secret, &["set", "session", "kept"]), "OK");
    assert_eq!(
        server.stop(Signal::TERM).code(),
        Some(0),
        "{}",
        server.said()
    );
    assert!(!server.said().contains(MARK));

    // A restarted pod takes the password that the Secret has then.
    redis.password("another");
    let mut server = redis.start();
    assert!(redis.ask(secret, &["ping"]).starts_with("NOAUTH"));
    assert_eq!(redis.ask(Some("another"), &["get", "session"]), "kept");
    assert_eq!(
        redis.ask(Some("another"), &["set", "session", "again"]),
        "OK"
    );
    // What was written more than a second ago survives a kill as well.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    redis.sandbox.kill();
    assert!(!server.end().success());
    redis.start();
    assert_eq!(redis.ask(Some("another"), &["get", "session"]), "again");
}

#[test]
fn redis_does_not_start_without_a_password() {
    let Some(redis) = Redis::new() else {
        return;
    };
    let script = redis.sandbox.path("etc/start.sh");
    let start = || redis.sandbox.run(redis.sandbox.command("sh").arg(&script));
    let (started, said) = start();
    assert!(!started && said.contains("No such file"), "{said}");
    redis.password("\n");
    let (started, said) = start();
    assert!(!started && said.contains("holds no password"), "{said}");
}
