//! The rules of the house that a reader relies on, as tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files of more than 800 lines, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[("runtime/isolate.rs", "unsafe code beside `ops` stands in one file")];

/// What may stand at the top of the repository.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".git",
    ".gitignore",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "fixtures",
    "js",
    "ops",
    "peers",
    "runtime",
    "rustfmt.toml",
    "scripts",
    "target",
    "tests",
    "third_party",
];

/// Where `unsafe` may stand.
const UNSAFE_HOMES: &[&str] =
    &["ops/bind/", "ops/sys/", "ops/napi/", "runtime/isolate.rs", "runtime/stand_ins.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let relative = path.strip_prefix(root()).unwrap_or(&path);
                found.push(relative.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_default()
}

fn sources() -> impl Iterator<Item = String> {
    ["ops", "runtime", "js", "tests"].into_iter().flat_map(|folder| files(folder, "rs"))
}

fn assert_none(mistakes: &[String]) {
    assert!(mistakes.is_empty(), "\n{}", mistakes.join("\n"));
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        camel.push_str(&word[..1].to_uppercase());
        camel.push_str(&word[1..]);
    }
    camel
}

/// The names between the brackets after `key:` in a `binding!` list.
fn listed(declaration: &str, key: &str) -> Vec<String> {
    let Some(start) = declaration.find(&format!("{key}: [")) else { return Vec::new() };
    let list = &declaration[start + key.len() + 3..];
    let list = &list[..list.find(']').unwrap_or(list.len())];
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What each binding gives JavaScript, by its name.
fn exported() -> BTreeMap<String, BTreeSet<String>> {
    let mut bindings = BTreeMap::new();
    for file in sources().filter(|file| !file.starts_with("tests/")) {
        let text = text(&file);
        let Some(start) = text.find("= binding! {").or_else(|| text.find("binding! { \"")) else { continue };
        let declaration = &text[start..];
        let mut quotes = declaration.split('"');
        let Some(name) = quotes.nth(1) else { continue };
        let declaration = &declaration[..declaration.find("};").unwrap_or(declaration.len())];
        let mut functions = BTreeSet::new();
        for function in listed(declaration, "sync").into_iter().chain(listed(declaration, "raw")) {
            functions.insert(camel_case(&function));
        }
        for function in listed(declaration, "both") {
            functions.insert(camel_case(&function));
            functions.insert(format!("{}Sync", camel_case(&function)));
        }
        if declaration.contains("extend:") {
            functions.insert("*".into());
        }
        bindings.insert(name.to_owned(), functions);
    }
    bindings
}

/// The uses `name.property` of each `const name = internalBinding('binding')` of a file.
fn uses(text: &str) -> Vec<(String, String)> {
    let mut uses = Vec::new();
    for line in text.lines() {
        let Some((left, right)) = line.split_once(" = internalBinding('") else { continue };
        let (Some(name), Some((binding, rest))) =
            (left.trim().strip_prefix("const "), right.split_once('\''))
        else {
            continue;
        };
        if rest != ");" {
            continue;
        }
        for (index, _) in text.match_indices(&format!("{name}.")) {
            let is_word = text[..index].ends_with(|c: char| c.is_alphanumeric() || "_$.'`".contains(c));
            let property: String = text[index + name.len() + 1..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !is_word && !property.is_empty() {
                uses.push((binding.to_owned(), property));
            }
        }
    }
    uses
}

#[test]
fn every_function_that_javascript_calls_exists() {
    let bindings = exported();
    let mut mistakes = Vec::new();
    for file in files("js", "js") {
        for (binding, property) in uses(&text(&file)) {
            let Some(functions) = bindings.get(&binding) else {
                mistakes.push(format!("{file}: there is no binding {binding}"));
                continue;
            };
            if !functions.contains(&property) && !functions.contains("*") {
                mistakes.push(format!("{file}: {binding} has no {property}"));
            }
        }
    }
    assert_none(&mistakes);
}

#[test]
fn every_binding_is_used() {
    let js: String = files("js", "js").iter().map(|file| text(file)).collect();
    let unused = exported().into_keys().filter(|name| !js.contains(&format!("('{name}')")));
    assert_none(&unused.map(|name| format!("no file of js/ uses the binding {name}")).collect::<Vec<_>>());
}

#[test]
fn bindings_are_not_destructured() {
    let is_bad =
        |line: &str| line.contains("} = internalBinding(") && !line.contains("internalBinding('constants')");
    let offenders = files("js", "js").into_iter().filter(|file| text(file).lines().any(is_bad));
    assert_none(&offenders.collect::<Vec<_>>());
}

/// The snapshot refers to the texts of these files as strings of one byte a character.
#[test]
fn the_javascript_layer_is_ascii() {
    assert_none(&files("js", "js").into_iter().filter(|file| !text(file).is_ascii()).collect::<Vec<_>>());
}

#[test]
fn unsafe_code_stays_at_home() {
    let mut mistakes = Vec::new();
    for file in sources().filter(|file| file != "tests/tidy.rs") {
        let at_home = UNSAFE_HOMES.iter().any(|home| file.starts_with(home));
        let text = text(&file);
        let has_unsafe =
            ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"].iter().any(|form| text.contains(form));
        if has_unsafe && !at_home {
            mistakes.push(format!("{file} has unsafe code"));
        }
    }
    assert_none(&mistakes);
}

#[test]
fn files_begin_with_what_they_are() {
    let rust = sources().filter(|file| !text(file).starts_with("//! "));
    let js = files("js", "js").into_iter().filter(|file| !text(file).starts_with("// "));
    let scripts = files("tests/modules", "js").into_iter().filter(|file| {
        let text = text(file);
        !text.starts_with("// ") && !text.starts_with("#!")
    });
    assert_none(&rust.chain(js).chain(scripts).collect::<Vec<_>>());
}

#[test]
fn files_are_short() {
    let mut mistakes = Vec::new();
    for file in sources().chain(files("js", "js")) {
        let lines = text(&file).lines().count();
        if lines > 800 && !LONG_FILES.iter().any(|(name, _)| *name == file) {
            mistakes.push(format!("{file} has {lines} lines"));
        }
    }
    assert_none(&mistakes);
}

#[test]
fn nothing_is_left_over() {
    let words = ["TO\u{44}O", "FIX\u{4d}E", "XX\u{58}", "HAC\u{4b}"];
    let mut mistakes = Vec::new();
    for file in sources().chain(files("js", "js")).chain(files("tests", "js")) {
        let text = text(&file);
        for word in words.iter().filter(|word| text.replace("XXXXXX", "").contains(**word)) {
            mistakes.push(format!("{file}: {word}"));
        }
    }
    assert_none(&mistakes);
}

#[test]
fn the_top_level_stays_as_it_is() {
    let entries = fs::read_dir(root()).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    assert_none(&names.filter(|name| !TOP.contains(&name.as_str())).collect::<Vec<_>>());
}

#[test]
fn the_map_shows_what_is_there() {
    let map = text("ARCHITECTURE.md");
    let mut mistakes = Vec::new();
    for (index, word) in map.split('`').enumerate() {
        let is_path = index % 2 == 1 && word.contains('/') && !word.contains([' ', '*', '(', ':', '<']);
        let upper = word.chars().any(|c| c.is_ascii_uppercase());
        if is_path && !upper && !root().join(word).exists() {
            mistakes.push(format!("ARCHITECTURE.md names {word}"));
        }
    }
    assert!(map.lines().count() <= 200, "ARCHITECTURE.md has more than 200 lines");
    assert_none(&mistakes);
}
