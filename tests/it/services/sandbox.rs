//! A private folder in which servers run as an ordinary user, and an end for all of them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A folder that everything started from it has as its working directory, or lies below it.
pub struct Sandbox {
    folder: TempDir,
    /// User and group for programs, when the test runs as root.
    user: Option<(u32, u32)>,
    path: OsString,
}

impl Sandbox {
    /// An empty folder. Programs run with `programs` before everything else on their `PATH`, and as `user` if the test runs as root.
    pub fn new(user: &str, programs: &[&Path]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let user = (fs::metadata(folder.path()).unwrap().uid() == 0).then(|| ids(user));
        if let Some((user, group)) = user {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let before = programs.iter().map(|program| {
            // Links lead to where a program's own helpers lie beside it.
            let program = fs::canonicalize(program).unwrap();
            program.parent().unwrap().to_owned()
        });
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(before.chain(std::env::split_paths(&path))).unwrap();
        Self { folder, user, path }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as text, for configuration.
    pub fn at(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Makes a folder that programs can write.
    pub fn writable(&self, name: &str) {
        let path = self.path(name);
        fs::create_dir_all(&path).unwrap();
        self.give(&path);
    }

    /// Writes a file that programs can only read, as a mounted Secret or ConfigMap.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    }

    fn give(&self, path: &Path) {
        if let Some((user, group)) = self.user {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }

    /// The name of the user that programs run as.
    pub fn user_name(&self) -> String {
        let output = self.command("id").arg("-un").output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A program with an environment of its own.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("/usr/bin/env");
        command
            .env_clear()
            .env("PATH", &self.path)
            .env("LANG", "C.UTF-8")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .arg(program);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// Runs to the end: whether it ended well, and all that it said.
    pub fn run(&self, command: &mut Command) -> (bool, String) {
        let mut started = self.spawn(command);
        let status = started.end();
        (status.success(), started.said())
    }

    /// Starts a program.
    pub fn spawn(&self, command: &mut Command) -> Started {
        let log = tempfile::tempfile_in(self.folder.path()).unwrap();
        let child = command
            .stdout(log.try_clone().unwrap())
            .stderr(log.try_clone().unwrap())
            .spawn()
            .unwrap();
        Started { child, log }
    }

    /// Ends everything that runs here at once, as the end of a container does.
    pub fn kill(&self) {
        let start = Instant::now();
        loop {
            let running = self.running();
            if running.is_empty() {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{running:?} cannot be killed");
            for process in running {
                // It may have ended in between.
                let _ = kill_process(process, Signal::KILL);
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// Processes whose working directory lies here; the ended ones that nobody has waited for have none.
    fn running(&self) -> Vec<Pid> {
        fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| {
                let entry = entry.unwrap();
                let number = entry.file_name().to_str()?.parse().ok()?;
                let working = fs::read_link(entry.path().join("cwd")).ok()?;
                working
                    .starts_with(self.folder.path())
                    .then(|| Pid::from_raw(number))?
            })
            .collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program that was started.
pub struct Started {
    child: Child,
    log: File,
}

impl Started {
    /// All that it has said so far.
    pub fn said(&self) -> String {
        let path = format!(
            "/proc/self/fd/{}",
            std::os::fd::AsRawFd::as_raw_fd(&self.log)
        );
        let mut bytes = Vec::new();
        File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Sends a signal and waits for the end.
    pub fn stop(&mut self, signal: Signal) -> ExitStatus {
        let process = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(process, signal).unwrap();
        self.end()
    }

    /// Waits for the end.
    pub fn end(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "no end\n{}", self.said());
            sleep(Duration::from_millis(10));
        }
    }

    /// Waits until something holds; fails when the program ends before or takes too long.
    pub fn until(&mut self, mut holds: impl FnMut() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(self.runs(), "it has ended\n{}", self.said());
            assert!(start.elapsed() < PATIENCE, "it takes long\n{}", self.said());
            sleep(Duration::from_millis(10));
        }
    }
}

/// A port on loopback on which nothing listens, each time another one.
///
/// It lies below those that the system gives to outgoing connections, so that none of these takes it in between.
pub fn free_port() -> u16 {
    const FIRST: u32 = 20_000;
    const COUNT: u32 = 12_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let offset = std::process::id() % COUNT * 61 + NEXT.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(FIRST + offset % COUNT).unwrap();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// Ids of a user, or of `nobody` where there is no such user.
fn ids(name: &str) -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2).map(|field| field.parse().unwrap());
        Some((fields.next()?, fields.next()?))
    };
    find(name).or_else(|| find("nobody")).unwrap()
}
