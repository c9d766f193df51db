//! Native add-ons: what the executable exports for them, and one that is compiled here where the machine has a
//! compiler for C++.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use ironode_ops::napi::SYMBOLS;

const BINARY: &str = env!("CARGO_BIN_EXE_ironode");

fn output(program: &str, args: &[&str]) -> Option<Output> {
    Command::new(program).args(args).output().ok()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn nothing_but_node_api_is_exported() {
    let Some(listed) = output("nm", &["-D", "--defined-only", BINARY]) else { return };
    let listed = stdout(&listed);
    let exported: BTreeSet<_> = listed.lines().filter_map(|line| line.split_whitespace().last()).collect();
    let wanted: BTreeSet<_> = SYMBOLS.iter().copied().collect();
    assert_eq!(exported, wanted);
}

#[test]
fn an_add_on_works_and_is_told_of_the_end() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/napi");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (source, add_on) = (fixtures.join("add_on.cc"), folder.path().join("add_on.node"));
    let (source, add_on) = (source.to_string_lossy(), add_on.to_string_lossy());
    let args = ["-std=c++17", "-shared", "-fPIC", "-pthread", "-o", &add_on, &source];
    let Some(compiled) = output("c++", &args) else { return };
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let program = fixtures.join("program.js");
    let ran = output(BINARY, &[&program.to_string_lossy(), &add_on]).expect("the executable");
    let one = "thrown in C++\nERR_ADD_ON thrown in JavaScript\n[ 1, 2, 3, 4, 5 ]\n";
    let end = "cleaned up\nfinalized\n";
    let printed = stdout(&ran);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    // What a worker prints and what its add-on writes to the descriptor itself have no order.
    assert!(printed.starts_with(one), "{printed}");
    assert!(printed.ends_with(end), "{printed}");
    for text in ["thrown in C++\n", "cleaned up\n", "finalized\n", "[ 1, 2, 3, 4, 5 ]\n"] {
        assert_eq!(printed.matches(text).count(), 2, "{printed}");
    }
}
