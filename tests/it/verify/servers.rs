//! Redis and PostgreSQL start with every configuration that a ConfigMap holds for them.

use super::{
    run,
    texts::{Kind, texts},
};
use crate::support::{examples::rendered, tools::tool};
use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        net::UnixStream,
        process::CommandExt,
    },
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a server may take to answer; on a busy machine it takes a second or two.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn redis_starts_with_every_configuration() {
    for text in texts(&rendered(), Kind::Redis) {
        let Some(outcome) = start_redis(&text.text) else {
            return;
        };
        assert_eq!(outcome, Ok(()), "{}", text.place);
    }
}

#[test]
fn redis_refuses_a_bad_configuration() {
    let Some(good) = start_redis("maxmemory 100mb\nappendonly yes\nrequirepass secret\n") else {
        return;
    };
    assert_eq!(good, Ok(()));
    let log = start_redis("maxmemori 100mb\n").unwrap().unwrap_err();
    assert!(log.contains("Bad directive"), "{log}");
}

#[test]
fn postgresql_starts_with_every_configuration() {
    let mut seen = BTreeSet::new();
    for tree in rendered() {
        let place = format!("{}/{}", tree.example, tree.profile);
        let trees = [tree];
        let only = |kind| {
            let mut found = texts(&trees, kind);
            assert!(found.len() < 2, "{place} has several texts of {kind:?}");
            found.pop().map(|text| text.text)
        };
        let pair = (only(Kind::Postgresql), only(Kind::HostBasedAuthentication));
        if pair == (None, None) || !seen.insert(pair.clone()) {
            continue;
        }
        let Some(outcome) = start_postgresql(pair.0.as_deref(), pair.1.as_deref()) else {
            return;
        };
        assert_eq!(outcome, Ok(()), "{place}");
    }
}

#[test]
fn postgresql_refuses_a_bad_configuration() {
    let access = Some("local all all trust\nhostssl all all 10.0.0.0/8 scram-sha-256\n");
    let Some(good) = start_postgresql(Some("max_connections = 50\n"), access) else {
        return;
    };
    assert_eq!(good, Ok(()));
    for (settings, access, complaint) in [
        (
            Some("max_conections = 50\n"),
            access,
            "unrecognized configuration parameter \"max_conections\"",
        ),
        (
            None,
            Some("host all all 10.0.0.0/8 scram\n"),
            "invalid authentication method \"scram\"",
        ),
    ] {
        let log = start_postgresql(settings, access).unwrap().unwrap_err();
        assert!(log.contains(complaint), "{log}");
    }
}

/// A server that ends with the test, also when the test fails.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until `answers` or the server ends. The error is its log.
fn await_start(
    mut server: Server,
    log: &Path,
    mut answers: impl FnMut() -> bool,
) -> Result<(), String> {
    let start = Instant::now();
    loop {
        if server.0.try_wait().unwrap().is_some() {
            return Err(fs::read_to_string(log).unwrap());
        }
        if answers() {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            return Err(format!(
                "no answer after {PATIENCE:?}\n{}",
                fs::read_to_string(log).unwrap()
            ));
        }
        sleep(Duration::from_millis(20));
    }
}

fn spawn(command: &mut Command, log: &Path) -> Server {
    let file = fs::File::create(log).unwrap();
    let copy = file.try_clone().unwrap();
    Server(
        command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(copy)
            .spawn()
            .unwrap(),
    )
}

/// Starts Redis on a private socket until it answers; `None` when the program is missing.
fn start_redis(config: &str) -> Option<Result<(), String>> {
    let program = tool("redis-server")?;
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    let file = root.join("redis.conf");
    // What Redis opens while it reads is put into the private folder; the options below would come too late.
    let users = root.join("users.acl");
    fs::write(&users, "user default on nopass ~* &* +@all\n").unwrap();
    let relocated = config
        .lines()
        .map(|line| match line.split_whitespace().next() {
            Some("dir") => format!("dir {}\n", root.display()),
            Some("aclfile") => format!("aclfile {}\n", users.display()),
            _ => format!("{line}\n"),
        });
    fs::write(&file, relocated.collect::<String>()).unwrap();
    let mut command = Command::new(program);
    // What follows the file wins over it: where it keeps and says things, and that it listens nowhere else.
    command.arg(&file).args([
        "--port",
        "0",
        "--daemonize",
        "no",
        "--logfile",
        "",
        "--unixsocket",
    ]);
    command.arg(root.join("socket")).arg("--dir").arg(root);
    let log = root.join("log");
    let server = spawn(&mut command, &log);
    Some(await_start(server, &log, || {
        redis_answers(&root.join("socket")).unwrap_or(false)
    }))
}

/// Whether something that speaks Redis' protocol answers: a refusal for want of a password is an answer too.
fn redis_answers(socket: &Path) -> std::io::Result<bool> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"+PONG" || &answer == b"-NOAU")
}

/// Starts PostgreSQL on a private socket until it answers; `None` when a program is missing.
fn start_postgresql(settings: Option<&str>, access: Option<&str>) -> Option<Result<(), String>> {
    let (initdb, postgres, ready) = (tool("initdb")?, tool("postgres")?, tool("pg_isready")?);
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    let user = ordinary_user(root);
    let data = root.join("data");
    let mut init = as_user(&initdb, user);
    let (report, made) = run(init
        .args([
            "--no-sync",
            "--auth",
            "trust",
            "--username",
            "postgres",
            "-D",
        ])
        .arg(&data));
    assert!(made, "{report}");

    let mut command = as_user(&postgres, user);
    command.arg("-D").arg(&data).args([
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
        "-c",
        "logging_collector=off",
    ]);
    command
        .arg("-c")
        .arg(format!("unix_socket_directories={}", root.display()));
    // A file that is not given is the one that initdb wrote: the other may name a place that exists only in the pod.
    let files = [
        ("postgresql.conf", "config_file", settings),
        ("pg_hba.conf", "hba_file", access),
    ];
    for (name, setting, text) in files {
        let mut file = data.join(name);
        if let Some(text) = text {
            file = root.join(name);
            fs::write(&file, text).unwrap();
        }
        command
            .arg("-c")
            .arg(format!("{setting}={}", file.display()));
    }
    let log = root.join("log");
    let server = spawn(&mut command, &log);
    Some(await_start(server, &log, || {
        run(Command::new(&ready).arg("-q").arg("-h").arg(root)).1
    }))
}

/// The user and group to run PostgreSQL as, which refuses to run as root; the folder becomes theirs.
fn ordinary_user(folder: &Path) -> Option<u32> {
    const NOBODY: u32 = 65534;
    if fs::metadata(folder).unwrap().uid() != 0 {
        return None;
    }
    chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    Some(NOBODY)
}

fn as_user(program: &Path, user: Option<u32>) -> Command {
    // The folder of links may lie in a home that the user cannot enter.
    let mut command = Command::new(fs::canonicalize(program).unwrap());
    if let Some(id) = user {
        command.uid(id).gid(id).current_dir("/");
    }
    command
}
