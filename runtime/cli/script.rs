//! `--run`: a script of the nearest `package.json`, by the system's shell and without the engine.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::{self, Write as _};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// The fields of an object in the order of the text.
struct Fields(Vec<(String, Entry)>);

/// What a field holds.
enum Entry {
    Object(Fields),
    Text(String),
    Other,
}

/// Runs the script with more arguments and these variables; returns whether it has gone well. The error is said as it
/// is.
pub(crate) fn run(name: &str, args: &[OsString], variables: Vec<(String, String)>) -> Result<bool, String> {
    let cwd = env::current_dir().map_err(|error| error.to_string())?;
    let manifest = cwd.ancestors().map(|folder| folder.join("package.json")).find(|file| file.is_file());
    let manifest =
        manifest.ok_or_else(|| format!("Can't find package.json for directory {}\n", cwd.display()))?;
    let mut command = OsString::from(script_of(&manifest, name)?);
    for arg in args {
        command.push(" ");
        command.push(quoted(arg));
    }
    let folder = manifest.parent().unwrap_or(Path::new("/"));
    let mut shell = Command::new("/bin/sh");
    shell.envs(variables.into_iter().filter(|(name, _)| env::var_os(name).is_none()));
    shell.arg("-c").arg(command).current_dir(folder);
    shell.env("NODE_RUN_SCRIPT_NAME", name).env("NODE_RUN_PACKAGE_JSON_PATH", &manifest);
    if let Some(path) = env::var_os("PATH") {
        shell.env("PATH", with_own_programs(&cwd, folder, path));
    }
    let status = shell.status().map_err(|error| error.to_string())?;
    // A script that a signal ends has no exit code, and to Node that is no failure.
    Ok(status.code().unwrap_or(0) == 0)
}

/// The text of a script.
fn script_of(manifest: &Path, name: &str) -> Result<String, String> {
    let file = manifest.display();
    let cannot_parse = || format!("Can't parse {file}");
    let bytes = fs::read(manifest).map_err(|_| cannot_parse())?;
    let Entry::Object(fields) = serde_json::from_slice(&bytes).map_err(|_| cannot_parse())? else {
        return Err(format!("Root value unexpected not an object for {file}\n"));
    };
    let Some(Entry::Object(scripts)) = fields.last("scripts") else {
        return Err(format!("Can't find \"scripts\" field in {file}"));
    };
    match scripts.last(name) {
        Some(Entry::Text(script)) => Ok(script.clone()),
        Some(_) => Err(format!("Script \"{name}\" is unexpectedly not a string for {file}\n")),
        None => Err(missing(name, manifest, scripts)),
    }
}

/// That there is no such script, and which there are.
fn missing(name: &str, manifest: &Path, scripts: &Fields) -> String {
    let mut text = format!("Missing script: \"{name}\" for {}\n\nAvailable scripts are:", manifest.display());
    for (name, script) in &scripts.0 {
        if let Entry::Text(script) = script {
            let _ = write!(text, "\n  {name}: {script}");
        }
    }
    text
}

impl Fields {
    /// The field of that name, the last one of several.
    fn last(&self, name: &str) -> Option<&Entry> {
        self.0.iter().rfind(|(field, _)| field == name).map(|(_, entry)| entry)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Entry::Object(Fields(fields)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entry, A::Error> {
        while list.next_element::<Entry>()?.is_some() {}
        Ok(Entry::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Entry, E> {
        Ok(Entry::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Entry, E> {
        Ok(Entry::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Entry, E> {
        Ok(Entry::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Entry, E> {
        Ok(Entry::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Entry, E> {
        Ok(Entry::Other)
    }

    fn visit_unit<E>(self) -> Result<Entry, E> {
        Ok(Entry::Other)
    }
}

/// The list of folders of programs after those of the packages from here up to the script's own.
fn with_own_programs(cwd: &Path, folder: &Path, path: OsString) -> OsString {
    let own = cwd.ancestors().take_while(|at| at.starts_with(folder)).map(|at| at.join("node_modules/.bin"));
    let mut all: Vec<PathBuf> = own.filter(|at| at.is_dir()).collect();
    all.push(PathBuf::from(path));
    all.iter().map(|at| at.as_os_str()).collect::<Vec<_>>().join(OsStr::new(":"))
}

/// An argument as the shell takes it for one word.
fn quoted(arg: &OsStr) -> OsString {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./:=@%+,".contains(byte);
    let bytes = arg.as_bytes();
    if !bytes.is_empty() && bytes.iter().all(is_plain) {
        return arg.to_owned();
    }
    let mut out = vec![b'\''];
    for byte in bytes {
        match byte {
            b'\'' => out.extend_from_slice(b"'\\''"),
            byte => out.push(*byte),
        }
    }
    out.push(b'\'');
    OsString::from_vec(out)
}
