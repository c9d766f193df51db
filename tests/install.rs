//! `scripts/install` puts the binary and the `node` link where programs find them, and what they start is Ironode too.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn install(prefix: &Path, more: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Command::new(root.join("scripts/install"))
        .arg("--prefix")
        .arg(prefix)
        .args(["--binary", env!("CARGO_BIN_EXE_ironode")])
        .args(more)
        .output()
        .expect("the script starts")
}

/// Runs `program` with the installed folder first on the PATH, and gives what it prints.
fn run(prefix: &Path, program: &Path) -> String {
    let path = format!("{}:/usr/bin:/bin", prefix.join("bin").display());
    let output = Command::new(program).env_clear().env("PATH", path).output().expect("the program starts");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// A tool as packages install them, which starts children in the ways there are.
const TOOL: &str = r#"#!/usr/bin/env node
const { execFileSync, execSync } = require('child_process');
const where = 'require("fs").realpathSync(process.execPath)';
console.log(eval(where));
console.log(execFileSync(process.execPath, ['-p', where], { encoding: 'utf8' }).trim());
console.log(execFileSync('node', ['-p', where], { encoding: 'utf8' }).trim());
console.log(execSync(`node -p '${where}'`, { encoding: 'utf8' }).trim());
"#;

#[test]
fn tools_and_their_children_run_on_it() {
    let folder = TempDir::new().expect("a folder");
    let prefix = folder.path().canonicalize().expect("its name");
    let output = install(&prefix, &["--node"]);
    assert!(output.status.success(), "{output:?}");

    let tool = prefix.join("tool");
    fs::write(&tool, TOOL).expect("the tool is written");
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("and executable");
    let binary = prefix.join("bin/ironode").display().to_string();
    assert_eq!(run(&prefix, &tool).lines().collect::<Vec<_>>(), vec![binary.as_str(); 4]);

    // Again, over what is there.
    assert!(install(&prefix, &["--node"]).status.success());
    assert_eq!(run(&prefix, &tool).lines().count(), 4);
}

#[test]
fn the_link_is_made_only_where_it_is_asked_for_and_free() {
    let folder = TempDir::new().expect("a folder");
    let output = install(folder.path(), &[]);
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not on the PATH yet"));
    let node = folder.path().join("bin/node");
    assert!(!node.exists());

    fs::write(&node, "another").expect("another node is there");
    let output = install(folder.path(), &["--node"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&node).expect("it is still there"), "another");

    assert_eq!(install(folder.path(), &["--unknown"]).status.code(), Some(2));
}
