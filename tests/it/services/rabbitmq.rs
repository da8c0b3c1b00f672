//! RabbitMQ.

use super::sandbox::{Sandbox, Started, free_port};
use super::{AWKWARD, MARK, Service};
use crate::support::tools::tool;
use rustix::process::Signal;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

/// What Debian's RabbitMQ 3.10 does not know yet.
const NEWER: [&str; 2] = [
    "deprecated_features.permit.global_qos = true\n",
    "deprecated_features.permit.transient_nonexcl_queues = true\n",
];

struct Rabbitmq {
    sandbox: Sandbox,
    service: Service,
    amqp: u16,
    management: u16,
    distribution: String,
    names: String,
}

impl Rabbitmq {
    fn new() -> Option<Self> {
        let (found, _curl) = (tool("rabbitmq-server")?, tool("curl")?);
        // Debian wraps it in a script that insists on a user; the programs themselves lie elsewhere.
        let debian = Path::new("/usr/lib/rabbitmq/bin/rabbitmq-server");
        let program = if debian.is_file() { debian } else { &found };
        let sandbox = Sandbox::new("rabbitmq", &[program]);
        let service = Service::of("rabbitmq");
        let (amqp, management, metrics) = (free_port(), free_port(), free_port());
        let (home, secrets) = (sandbox.at("home"), sandbox.at("secrets"));
        let home = ("/var/lib/rabbitmq", home.as_str());
        let port = amqp.to_string();
        let mut replacements = vec![home, ("5672", &port)];
        replacements.extend(NEWER.map(|line| (line, "")));
        let config = service.text("rabbitmq.conf", &replacements);
        sandbox.write(
            "etc/rabbitmq.conf",
            &format!(
                "{config}management.tcp.port = {management}\nprometheus.tcp.port = {metrics}\n"
            ),
        );
        let script = service.text("start.sh", &[home, ("/run/secrets/invgen", &secrets)]);
        sandbox.write("etc/start.sh", &script);
        sandbox.write("etc/enabled_plugins", &service.text("enabled_plugins", &[]));
        // The settings that the official image adds by itself.
        sandbox.write(
            "image/10-defaults.conf",
            "loopback_users.guest = false\nlog.console = true\n",
        );
        for folder in ["home", "home/mnesia", "log"] {
            sandbox.writable(folder);
        }
        Some(Self {
            sandbox,
            service,
            amqp,
            management,
            distribution: free_port().to_string(),
            names: free_port().to_string(),
        })
    }

    /// A program in the environment of the pod, with what the image and the pod's network give in another way.
    fn command(&self, program: &str) -> Command {
        let at = |name| self.sandbox.at(name);
        let mut command = self.sandbox.command(program);
        for name in ["RABBITMQ_CONFIG_FILE", "RABBITMQ_ENABLED_PLUGINS_FILE"] {
            let path = self.service.variable(name);
            command.env(name, path.replace("/etc/invgen", &at("etc")));
        }
        command
            .env(
                "ERL_CRASH_DUMP_SECONDS",
                self.service.variable("ERL_CRASH_DUMP_SECONDS"),
            )
            .env("HOME", at("home"))
            .env("RABBITMQ_MNESIA_BASE", at("home/mnesia"))
            .env("RABBITMQ_GENERATED_CONFIG_DIR", at("home/config"))
            .env("RABBITMQ_SCHEMA_DIR", at("home/schema"))
            .env("RABBITMQ_LOG_BASE", at("log"))
            .env("RABBITMQ_CONFIG_FILES", at("image/*.conf"))
            .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
            .env(
                "RABBITMQ_NODENAME",
                format!("invgen-{}@localhost", self.amqp),
            )
            .env("RABBITMQ_DIST_PORT", &self.distribution)
            .env("ERL_EPMD_PORT", &self.names)
            .env("ERL_EPMD_ADDRESS", "127.0.0.1");
        command
    }

    fn password(&self, text: &str) {
        self.sandbox.write("secrets/rabbitmq/password", text);
    }

    fn spawn(&self) -> Started {
        let script = self.sandbox.path("etc/start.sh");
        self.sandbox.spawn(self.command("sh").arg(script))
    }

    fn start(&self) -> Started {
        let mut server = self.spawn();
        server.until(|| TcpStream::connect(("127.0.0.1", self.amqp)).is_ok());
        server
    }

    /// Status and answer of the management API.
    fn ask(
        &self,
        user: &str,
        password: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> (u16, Value) {
        let address = format!("http://127.0.0.1:{}/api/{path}", self.management);
        let mut client = self.sandbox.command("curl");
        client
            .args(["-s", "-X", method, "-w", "\n%{http_code}", "-u"])
            .arg(format!("{user}:{password}"));
        if !body.is_null() {
            client.args(["-d", &body.to_string()]);
        }
        let output = client.arg(address).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (answer, status) = text.rsplit_once('\n').unwrap();
        let answer = serde_json::from_str(answer).unwrap_or(Value::Null);
        (status.parse().unwrap(), answer)
    }

    /// Whether the broker's own protocol lets a user in: it goes on to tune the connection, or closes it.
    fn lets_in(&self, user: &str, password: &str) -> bool {
        let mut stream = TcpStream::connect(("127.0.0.1", self.amqp)).unwrap();
        stream
            .set_read_timeout(Some(super::sandbox::PATIENCE))
            .unwrap();
        stream.write_all(b"AMQP\0\0\x09\x01").unwrap();
        assert_eq!(method(&mut stream), Some((10, 10)), "connection.start");
        let answer = format!("\0{user}\0{password}");
        let mut payload = vec![0, 10, 0, 11, 0, 0, 0, 0, 5];
        payload.extend(b"PLAIN");
        payload.extend(u32::try_from(answer.len()).unwrap().to_be_bytes());
        payload.extend(answer.as_bytes());
        payload.extend(b"\x05en_US");
        let mut frame = vec![1, 0, 0];
        frame.extend(u32::try_from(payload.len()).unwrap().to_be_bytes());
        frame.extend(payload);
        frame.push(0xce);
        stream.write_all(&frame).unwrap();
        method(&mut stream) == Some((10, 30))
    }
}

impl Drop for Rabbitmq {
    fn drop(&mut self) {
        self.sandbox.kill();
        // Erlang's register of names outlives the nodes, works in the root folder, and ends when it has heard of their end.
        for _ in 0..100 {
            let (_, said) = self.sandbox.run(self.command("epmd").arg("-kill"));
            if !said.contains("living nodes") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

/// Class and number of the method in the next frame; `None` when the connection is closed.
fn method(stream: &mut TcpStream) -> Option<(u16, u16)> {
    let mut head = [0; 7];
    stream.read_exact(&mut head).ok()?;
    let size = u32::from_be_bytes(head[3..].try_into().unwrap());
    let mut payload = vec![0; usize::try_from(size).unwrap() + 1];
    stream.read_exact(&mut payload).ok()?;
    let number = |at: usize| u16::from_be_bytes(payload[at..at + 2].try_into().unwrap());
    Some((number(0), number(2)))
}

#[test]
fn rabbitmq_lets_the_application_in_and_no_guest() {
    let Some(rabbitmq) = Rabbitmq::new() else {
        return;
    };
    let said = {
        let mut started = rabbitmq.spawn();
        assert!(!started.end().success());
        started.said()
    };
    assert!(said.contains("No such file"), "{said}");

    rabbitmq.password(&format!("{AWKWARD}\n"));
    let mut server = rabbitmq.start();
    assert!(rabbitmq.lets_in("invenio", AWKWARD), "{}", server.said());
    // Takes a second Erlang node and so its time.
    let probe = rabbitmq.service.probe("livenessProbe");
    let mut command = rabbitmq.command(&probe[0]);
    let mut probing = rabbitmq.sandbox.spawn(command.args(&probe[1..]));
    assert!(!server.said().contains(MARK));

    let ask = |method, path, body| rabbitmq.ask("invenio", AWKWARD, method, path, &body);
    server.until(|| ask("GET", "whoami", Value::Null).0 == 200);
    let (_, users) = ask("GET", "users", Value::Null);
    let names: Vec<_> = users
        .as_array()
        .unwrap()
        .iter()
        .map(|user| &user["name"])
        .collect();
    assert_eq!(names, ["invenio"]);
    assert_eq!(
        rabbitmq
            .ask("guest", "guest", "GET", "whoami", &Value::Null)
            .0,
        401
    );
    let queue = json!({"durable": true, "arguments": {}});
    assert_eq!(ask("PUT", "queues/%2F/tasks", queue).0, 201);
    let message = json!({"properties": {"delivery_mode": 2}, "routing_key": "tasks", "payload": "kept", "payload_encoding": "string"});
    let (status, answer) = ask("POST", "exchanges/%2F/amq.default/publish", message);
    assert_eq!((status, &answer["routed"]), (200, &json!(true)));

    let written = &rabbitmq.service.texts["rabbitmq.conf"];
    let (_, mark) = written
        .split_once("vm_memory_high_watermark.absolute = ")
        .unwrap();
    let mark: u64 = mark.split_once("MiB").unwrap().0.parse().unwrap();
    let (memory, disk) = (mark * 1024 * 1024, 512 * 1024 * 1024 / 1_000_000);
    let said = server.said();
    for line in [
        format!("Memory high watermark set to {mark} MiB ({memory} bytes)"),
        format!("Disk free limit set to {disk}MB"),
    ] {
        assert!(said.contains(&line), "{line}\n{said}");
    }

    assert!(probing.end().success(), "{}", probing.said());
    assert!(server.stop(Signal::TERM).success(), "{}", server.said());

    // A restarted pod takes the password that the Secret has then, and keeps what it had.
    rabbitmq.password("another");
    let mut server = rabbitmq.start();
    assert!(rabbitmq.lets_in("invenio", "another"), "{}", server.said());
    assert!(!rabbitmq.lets_in("invenio", AWKWARD));
    let get = json!({"count": 1, "ackmode": "ack_requeue_false", "encoding": "auto"});
    let mut kept = Value::Null;
    server.until(|| {
        let (status, messages) =
            rabbitmq.ask("invenio", "another", "POST", "queues/%2F/tasks/get", &get);
        kept = messages;
        status == 200
    });
    assert_eq!(kept[0]["payload"], "kept");
}
