//! PostgreSQL.

use super::sandbox::{Sandbox, Started, free_port};
use super::{AWKWARD, MARK, Service};
use crate::support::tools::tool;
use rustix::process::Signal;
use std::fs;

struct Postgresql {
    sandbox: Sandbox,
    service: Service,
    port: String,
}

impl Postgresql {
    fn new() -> Option<Self> {
        let programs = [tool("postgres")?, tool("psql")?];
        let sandbox = Sandbox::new("postgres", &[&programs[0]]);
        let port = free_port().to_string();
        let service = Service::of("postgresql");
        let (etc, run) = (sandbox.at("etc"), sandbox.at("run"));
        let (secrets, scratch) = (sandbox.at("secrets"), sandbox.at("tmp/bootstrap"));
        let listen = format!("port = {port}");
        let bootstrap = [
            ("/run/secrets/invgen", secrets.as_str()),
            ("/tmp/bootstrap", &scratch),
            ("/etc/postgresql", &etc),
        ];
        let settings = [
            ("port = 5432", listen.as_str()),
            ("listen_addresses = '*'", "listen_addresses = '127.0.0.1'"),
            ("/var/run/postgresql", &run),
            ("/etc/postgresql", &etc),
            // Logs every statement with its text, to prove that none has a password.
            (
                "log_min_duration_statement = '5s'",
                "log_min_duration_statement = 0",
            ),
        ];
        for (name, replacements) in [
            ("bootstrap.sh", bootstrap.as_slice()),
            ("postgresql.conf", &settings),
            ("pg_hba.conf", &[]),
        ] {
            sandbox.write(&format!("etc/{name}"), &service.text(name, replacements));
        }
        for folder in ["tmp", "run", "volume"] {
            sandbox.writable(folder);
        }
        Some(Self {
            sandbox,
            service,
            port,
        })
    }

    fn password(&self, text: &str) {
        self.sandbox.write("secrets/postgresql/password", text);
    }

    fn data(&self) -> String {
        self.sandbox.at("volume/pgdata")
    }

    fn spawn_bootstrap(&self) -> Started {
        let script = self.sandbox.path("etc/bootstrap.sh");
        let mut command = self.sandbox.command("sh");
        self.sandbox.spawn(
            command
                .arg(script)
                .envs([("PGDATA", &self.data()), ("PGPORT", &self.port)]),
        )
    }

    fn bootstrap(&self) -> (bool, String) {
        let mut started = self.spawn_bootstrap();
        let status = started.end();
        (status.success(), started.said())
    }

    fn start(&self) -> Started {
        let option = format!("config_file={}", self.sandbox.at("etc/postgresql.conf"));
        let mut command = self.sandbox.command("postgres");
        let mut server = self
            .sandbox
            .spawn(command.args(["-c", &option]).env("PGDATA", self.data()));
        server.until(|| self.is_ready());
        server
    }

    /// Gives a killed server the number of no process in `postmaster.pid`, as it is in the container after the next.
    /// Here the dead may still be listed.
    fn forget_process(&self) {
        const NOBODY: &str = "2147483646";
        let path = self.sandbox.path("volume/pgdata/postmaster.pid");
        let Ok(text) = fs::read_to_string(&path) else {
            return;
        };
        if let Some((_, rest)) = text.split_once('\n') {
            fs::write(&path, format!("{NOBODY}\n{rest}")).unwrap();
        }
    }

    fn is_ready(&self) -> bool {
        let probe = self.service.probe("readinessProbe");
        let (program, arguments) = probe.split_first().unwrap();
        let mut command = self.sandbox.command(program);
        let command = command.args(arguments).args(["--port", &self.port]);
        self.sandbox.run(command).0
    }

    /// What a statement gives, or the complaint.
    fn query(
        &self,
        host: &str,
        user: &str,
        database: &str,
        password: &str,
        statement: &str,
    ) -> Result<String, String> {
        let mut client = self.sandbox.command("psql");
        client
            .args(["-X", "-A", "-t", "-w", "-h", host, "-p", &self.port])
            .args(["-U", user, "-d", database, "-c", statement])
            .env("PGPASSWORD", password);
        let (done, said) = self.sandbox.run(&mut client);
        if done {
            Ok(said.trim().to_owned())
        } else {
            Err(said)
        }
    }

    fn application(&self, password: &str, statement: &str) -> Result<String, String> {
        self.query("127.0.0.1", "invenio", "invenio", password, statement)
    }
}

#[test]
fn postgresql_serves_the_application_and_nobody_else() {
    let Some(postgresql) = Postgresql::new() else {
        return;
    };
    postgresql.password(&format!("{AWKWARD}\n"));
    let (done, said) = postgresql.bootstrap();
    assert!(done, "{said}");
    assert!(
        said.contains("role invenio and database invenio are there\n"),
        "{said}"
    );
    // The log has statements with their texts, as below, but not the one with the password.
    assert!(
        !said.contains(MARK) && !said.contains("SCRAM-SHA-256$"),
        "{said}"
    );

    let mut server = postgresql.start();
    let sql =
        "CREATE TABLE kept AS SELECT 1 AS n; CREATE EXTENSION pg_trgm; SELECT similarity('a', 'a')";
    let answer = postgresql.application(AWKWARD, sql).unwrap();
    assert!(answer.ends_with('1'), "{answer}");
    assert!(server.said().contains(sql), "{}", server.said());
    let identity = "SELECT 'invenio'::regrole::oid, oid FROM pg_database WHERE datname = 'invenio'";
    let first = postgresql.application(AWKWARD, identity).unwrap();
    let setting = |name| {
        postgresql
            .application(AWKWARD, &format!("SHOW {name}"))
            .unwrap()
    };
    assert_eq!(setting("server_encoding"), "UTF8");
    assert_eq!(setting("data_checksums"), "on");
    assert_eq!(setting("password_encryption"), "scram-sha-256");

    let refusal = |host, user, database, password| {
        postgresql
            .query(host, user, database, password, "SELECT 1")
            .unwrap_err()
    };
    let tcp = "127.0.0.1";
    let said = refusal(tcp, "invenio", "invenio", "wrong");
    assert!(said.contains("password authentication failed"), "{said}");
    let said = refusal(tcp, "invenio", "postgres", AWKWARD);
    assert!(said.contains("no pg_hba.conf entry"), "{said}");
    let said = refusal(tcp, "postgres", "postgres", "");
    assert!(said.contains("no pg_hba.conf entry"), "{said}");
    let socket = postgresql.sandbox.at("run");
    let said = refusal(&socket, "invenio", "invenio", AWKWARD);
    assert!(said.contains("no pg_hba.conf entry"), "{said}");
    let superuser = postgresql.query(&socket, "postgres", "postgres", "", "SELECT 1");
    if postgresql.sandbox.user_name() == "postgres" {
        assert_eq!(superuser.as_deref(), Ok("1"));
    } else {
        let said = superuser.unwrap_err();
        assert!(said.contains("Peer authentication failed"), "{said}");
    }
    // The official image asks for SIGINT, a fast shutdown.
    assert!(server.stop(Signal::INT).success(), "{}", server.said());
    assert!(!postgresql.is_ready());

    // A second start changes nothing but the password.
    postgresql.password("another");
    let (done, said) = postgresql.bootstrap();
    assert!(done && !said.contains("making a new cluster"), "{said}");
    let _server = postgresql.start();
    let second = postgresql.application("another", identity).unwrap();
    assert_eq!(first, second);
    let count = "SELECT count(*) FROM kept";
    assert_eq!(postgresql.application("another", count).as_deref(), Ok("1"));
    let said = postgresql.application(AWKWARD, count).unwrap_err();
    assert!(said.contains("password authentication failed"), "{said}");
}

#[test]
fn a_bootstrap_that_is_killed_begins_again() {
    let Some(postgresql) = Postgresql::new() else {
        return;
    };
    postgresql.password("secret");
    for moment in [
        "volume/pgdata.new",
        "volume/pgdata.new/global/pg_control",
        "volume/pgdata/PG_VERSION",
        "volume/pgdata/postmaster.pid",
        &format!("tmp/bootstrap/.s.PGSQL.{}", postgresql.port),
    ] {
        let path = postgresql.sandbox.path(moment);
        // What the kill before has left is no sign that this run is as far.
        let _ = fs::remove_file(postgresql.sandbox.path("volume/pgdata/postmaster.pid"));
        let _ = fs::remove_dir_all(postgresql.sandbox.path("tmp/bootstrap"));
        if moment.contains("pgdata.new") {
            let _ = fs::remove_dir_all(postgresql.sandbox.path("volume/pgdata.new"));
        }
        let mut started = postgresql.spawn_bootstrap();
        started.until(|| path.exists());
        postgresql.sandbox.kill();
        postgresql.forget_process();
        assert!(!started.end().success(), "at {moment}\n{}", started.said());
    }
    let (done, said) = postgresql.bootstrap();
    assert!(done, "{said}");
    assert!(!postgresql.sandbox.path("volume/pgdata.new").exists());
    let _server = postgresql.start();
    assert_eq!(
        postgresql.application("secret", "SELECT 1").as_deref(),
        Ok("1")
    );
}

#[test]
fn a_bootstrap_that_cannot_work_says_why_and_touches_nothing() {
    let Some(postgresql) = Postgresql::new() else {
        return;
    };
    let refusal = || {
        let (done, said) = postgresql.bootstrap();
        assert!(!done, "{said}");
        said
    };
    let said = refusal();
    assert!(said.contains("holds no password"), "{said}");
    postgresql.password("\n");
    let said = refusal();
    assert!(said.contains("holds no password"), "{said}");
    assert!(!postgresql.sandbox.path("volume/pgdata").exists());

    postgresql.password("secret");
    postgresql.sandbox.write("volume/pgdata/base/1", "precious");
    let said = refusal();
    assert!(said.contains("no whole cluster"), "{said}");
    postgresql.sandbox.write("volume/pgdata/PG_VERSION", "9\n");
    let said = refusal();
    assert!(
        said.contains("was made by PostgreSQL 9 and the image holds"),
        "{said}"
    );
    let kept = fs::read_to_string(postgresql.sandbox.path("volume/pgdata/base/1"));
    assert_eq!(kept.unwrap(), "precious");
}

/// `postgres -C` reads the whole file, and refuses a name or value that this version does not know.
#[test]
fn postgresql_knows_every_setting() {
    let Some(postgresql) = Postgresql::new() else {
        return;
    };
    let file = fs::read_to_string(postgresql.sandbox.path("etc/postgresql.conf")).unwrap();
    let option = format!(
        "config_file={}",
        postgresql.sandbox.at("etc/postgresql.conf")
    );
    let mut names = 0;
    for line in file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (name, _) = line.split_once(" = ").unwrap();
        let mut command = postgresql.sandbox.command("postgres");
        let data = postgresql.sandbox.at("volume");
        let (known, said) = postgresql
            .sandbox
            .run(command.args(["-D", &data, "-c", &option, "-C", name]));
        assert!(known, "{name}\n{said}");
        names += 1;
    }
    assert!(names > 20, "{names}");
}
