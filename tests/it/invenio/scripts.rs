//! The scripts, as far as they can be judged without running services.

use std::process::Command;

use crate::support::tools::tool;

fn has_suffix(name: &str, suffixes: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, suffix)| suffixes.contains(&suffix))
}

#[test]
fn python_scripts_are_valid_for_the_oldest_python_of_an_image() {
    let Some(python) = tool("python3") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    super::write(folder.path(), 12, |_, text| text);
    for name in super::texts(12)
        .into_keys()
        .filter(|name| has_suffix(name, &["py", "cfg"]))
    {
        let check = "import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1], feature_version=(3, 9))";
        let run = Command::new(&python)
            .args(["-c", check])
            .arg(folder.path().join(&name))
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
}

#[test]
fn shell_scripts_are_portable() {
    let Some(shellcheck) = tool("shellcheck") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    super::write(folder.path(), 13, |_, text| text);
    for name in super::texts(13)
        .into_keys()
        .filter(|name| has_suffix(name, &["sh"]))
    {
        let run = Command::new(&shellcheck)
            .args(["--shell=sh"])
            .arg(folder.path().join(&name))
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&run.stdout)
        );
    }
}

#[test]
fn init_runs_exactly_the_steps_that_state_knows() {
    let texts = super::texts(13);
    let (state, init) = (&texts["state.py"], &texts["init.sh"]);
    let known: Vec<&str> = state
        .lines()
        .skip_while(|line| *line != "STEPS = (")
        .skip(1)
        .take_while(|line| *line != ")")
        .map(|line| line.trim().trim_matches([',', '"']))
        .collect();
    let run: Vec<&str> = init
        .lines()
        .filter_map(|line| line.strip_prefix("state run ")?.split(' ').next())
        .collect();
    assert_eq!(run, known);
    assert!(!known.is_empty());
}

#[test]
fn no_script_names_a_helper_that_is_not_there() {
    let texts = super::texts(13);
    for (name, text) in &texts {
        for rest in text.split("$here/").skip(1) {
            let helper = rest
                .split(|character: char| !character.is_ascii_alphanumeric() && character != '.')
                .next();
            assert!(
                texts.contains_key(helper.unwrap()),
                "{name} calls {helper:?}"
            );
        }
    }
}

#[test]
fn static_files_are_refused_when_they_were_never_built() {
    let folder = tempfile::tempdir().unwrap();
    super::write(folder.path(), 13, |_, text| text);
    let source = folder.path().join("static/dist");
    let target = folder.path().join("target");
    std::fs::create_dir_all(&source).unwrap();
    std::fs::create_dir_all(&target).unwrap();
    let copy = || {
        Command::new("sh")
            .arg(folder.path().join("static.sh"))
            .arg(&target)
            .env("INVENIO_INSTANCE_PATH", folder.path())
            .output()
            .unwrap()
    };
    let run = copy();
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stderr).contains("built without its assets"));
    std::fs::write(source.join("manifest.json"), "{}").unwrap();
    assert!(copy().status.success());
    assert!(target.join("dist/manifest.json").is_file());
}
