//! Lists the files of the JavaScript layer, so that a new one needs no registration.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let debug = env::var("CARGO_CFG_DEBUG_ASSERTIONS").is_ok();
    let mut text = String::new();
    if debug {
        println!("cargo::rerun-if-changed=build.rs");
        let _ = writeln!(text, "const ROOT: &str = {root:?};");
    } else {
        println!("cargo::rerun-if-changed=.");
        let mut files = Vec::new();
        collect(Path::new(&root), "", &mut files)?;
        files.sort_unstable();
        let (names, count) = (files.concat(), files.len());
        let mut ends = Vec::new();
        let _ = writeln!(text, "/// The texts of all files in the order of their names; they are ASCII.");
        let _ = writeln!(text, "pub static TEXTS: [&str; {count}] = [");
        for id in files {
            let file = format!("{root}/{id}.js");
            if !fs::read(&file)?.is_ascii() {
                return Err(io::Error::other(format!("{file}: not all is ASCII")));
            }
            let _ = writeln!(text, "    include_str!({file:?}),");
            ends.push(ends.last().unwrap_or(&0) + id.len());
        }
        let _ = writeln!(text, "];");
        let _ = writeln!(
            text,
            "/// All names in ascending order, side by side, so that a look for one touches few pages."
        );
        let _ = writeln!(text, "static NAMES: &str = {names:?};");
        let _ = writeln!(text, "/// Where each of them ends.");
        let _ = writeln!(text, "static ENDS: [usize; {count}] = {ends:?};");
    }
    fs::write(Path::new(&out).join("files.rs"), text)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if let Some(stem) = name.strip_suffix(".js") {
            files.push(format!("{prefix}{stem}"));
        }
    }
    Ok(())
}
