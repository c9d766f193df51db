//! The npm packages that programs of the suites use: those of `tests/packages/package.json`, installed once into
//! `target/packages/` by the machine's npm. Without `IRONODE_TEST_PACKAGES` nothing is installed, and programs
//! that need packages are run where an earlier run has installed them. The variable's value `1` installs them;
//! any other value is a folder in which `npm ci` has been run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::repository;

/// Says in the installed folder which lock file it was made from.
const STAMP: &str = "installed-package-lock.json";

/// What is linked into a run's folder for a package of its description: a name below `node_modules` (nothing for
/// all of it), and where that is.
pub(crate) struct Link {
    pub(crate) name: Option<String>,
    pub(crate) target: PathBuf,
}

/// Finds `*`, all packages, or one such as `express@4.22.3`, which may be installed under the name `express-4`.
/// The error says why it is not there.
pub(crate) fn find(package: &str) -> Result<Link, String> {
    let modules = installed().as_ref().map_err(Clone::clone)?.join("node_modules");
    if package == "*" {
        return Ok(Link { name: None, target: modules });
    }
    let (name, version) = package.rsplit_once('@').ok_or_else(|| format!("`{package}` has no version"))?;
    let major = version.split('.').next().unwrap_or_default();
    [modules.join(format!("{name}-{major}")), modules.join(name)]
        .into_iter()
        .find(|folder| version_of(folder).as_deref() == Some(version))
        .map(|target| Link { name: Some(name.to_owned()), target })
        .ok_or_else(|| format!("no {package} in {}", modules.display()))
}

/// The folder that holds `node_modules`, as programs see it.
pub(crate) fn installed() -> &'static Result<PathBuf, String> {
    static INSTALLED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let wanted = std::env::var("IRONODE_TEST_PACKAGES").ok();
        let folder = match wanted.as_deref() {
            None | Some("1") => repository().join("target/packages"),
            Some(folder) => return Path::new(folder).canonicalize().map_err(|error| error.to_string()),
        };
        let is_current = fs::read(folder.join(STAMP)).ok() == fs::read(lock_file()).ok();
        match wanted {
            _ if is_current => Ok(folder),
            Some(_) => install(&folder).map(|()| folder),
            None => Err("packages are not installed, IRONODE_TEST_PACKAGES=1 does it".into()),
        }
    })
}

fn lock_file() -> PathBuf {
    repository().join("tests/packages/package-lock.json")
}

fn install(folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("packages cannot be installed: {error}");
    fs::create_dir_all(folder).map_err(failed)?;
    let _ = fs::remove_file(folder.join(STAMP));
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(repository().join("tests/packages").join(name), folder.join(name)).map_err(failed)?;
    }
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(failed)?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        eprintln!("npm ci in {}:\n{reason}", folder.display());
        return Err("npm could not install the packages".into());
    }
    fs::copy(lock_file(), folder.join(STAMP)).map(|_| ()).map_err(failed)
}

/// The version that a package's own package.json names.
fn version_of(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("package.json")).ok()?;
    let (_, rest) = text.split_once("\"version\"")?;
    Some(rest.split('"').nth(1)?.to_owned())
}
