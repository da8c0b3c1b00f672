//! How long one site takes, and how that compares with merely writing the same bytes.
//!
//! `cargo bench` runs `invgen render` of an example, and a program that writes the same bytes, in turn, as whole processes;
//! it prints user + system time of each and their ratio. It judges nothing: timings depend on the machine.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs of each program. The kernel counts in hundredths of a second, so the sum of many is needed.
const RUNS: u32 = 200;
/// Set for the process that only writes bytes.
const FLOOR: &str = "INVGEN_BENCH_WRITE";

fn main() {
    if let Some(path) = std::env::var_os(FLOOR) {
        let bytes = fs::read(path).unwrap();
        std::io::stdout().lock().write_all(&bytes).unwrap();
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (floor, output) = (
        scratch.join("bench-floor.yaml"),
        scratch.join("bench-output.yaml"),
    );
    let mut render = Command::new(env!("CARGO_BIN_EXE_invgen"));
    render
        .current_dir(root)
        .args(["render", "-f", "examples/lab/site.yaml", "-p", "prod"]);
    let mut write = Command::new(std::env::current_exe().unwrap());
    write.env(FLOOR, &floor);

    run(&mut render, &floor);
    let (mut rendering, mut writing) = (0, 0);
    for _ in 0..RUNS {
        rendering += ticks(|| run(&mut render, &output));
        writing += ticks(|| run(&mut write, &output));
    }
    let millis = |ticks: u64| f64::from(u32::try_from(ticks).unwrap()) * 10.0 / f64::from(RUNS);
    println!(
        "bytes written                  {:>8}",
        fs::metadata(&floor).unwrap().len()
    );
    println!(
        "invgen render, user + system   {:>8.2} ms",
        millis(rendering)
    );
    println!("writing only, user + system    {:>8.2} ms", millis(writing));
    println!(
        "ratio                          {:>8.1}",
        millis(rendering) / millis(writing.max(1))
    );
}

fn run(command: &mut Command, output: &Path) {
    let status = command
        .stdout(File::create(output).unwrap())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

/// User and system time that finished children took meanwhile, in hundredths of a second.
fn ticks(work: impl FnOnce()) -> u64 {
    let children = || {
        let stat = fs::read_to_string("/proc/self/stat").unwrap();
        // The name in parentheses may hold blanks; what follows it does not. Fields 16 and 17 are the children's times.
        let fields: Vec<&str> = stat
            .rsplit_once(')')
            .unwrap()
            .1
            .split_whitespace()
            .collect();
        fields[13].parse::<u64>().unwrap() + fields[14].parse::<u64>().unwrap()
    };
    let before = children();
    work();
    children() - before
}
