//! The files of databases, and which of them may be opened under the permission model.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use crate::bind::Host;
use crate::bind::convert::{Arg, Bytes, FromJs};
use crate::bind::permission::{Denied, Permissions, Scope};

/// The name of a database's file as SQLite takes it, found from the runtime's working directory.
pub(super) struct File(pub(super) CString);

impl Arg for File {
    /// What the program may do with the file is checked: reading and, unless the first of the switches that may
    /// follow says otherwise, writing.
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        let Bytes(given) = Bytes::from_js(scope, args.get(*index));
        *index += 1;
        let host = Host::of(scope);
        let Some(path) = path_of(&given) else { return Ok(File(to_c(given))) };
        let is_address = given.starts_with(ADDRESS);
        if let Some(permissions) = &host.permissions {
            let switches = Vec::<bool>::from_js(scope, args.get(*index));
            let needed = [Scope::FsRead, Scope::FsWrite];
            let needed = if switches.first() == Some(&true) { &needed[..1] } else { &needed[..] };
            let allowed = permissions.require_path(scope, &host, needed, &path)?;
            return Ok(File(to_c(if is_address { given } else { allowed.into_os_string().into_vec() })));
        }
        if is_address {
            return Ok(File(to_c(given)));
        }
        let path = PathBuf::from(std::ffi::OsString::from_vec(path));
        let resolved = host.resolve(&path).unwrap_or(path);
        Ok(File(to_c(resolved.as_os_str().as_bytes().to_vec())))
    }
}

/// JavaScript has refused names with a zero byte inside.
fn to_c(name: Vec<u8>) -> CString {
    CString::new(name).unwrap_or_default()
}

/// What names begin with that SQLite reads as the address of a file.
const ADDRESS: &[u8] = b"file:";

/// The path of the file that a name means; none for a database in memory or in a temporary file.
fn path_of(name: &[u8]) -> Option<Vec<u8>> {
    let Some(address) = name.strip_prefix(ADDRESS) else {
        return (!name.is_empty() && name != b":memory:").then(|| name.to_vec());
    };
    let path = match address.strip_prefix(b"//") {
        Some(rest) => &rest[memchr::memchr(b'/', rest).unwrap_or(rest.len())..],
        None => address,
    };
    let path = &path[..memchr::memchr2(b'?', b'#', path).unwrap_or(path.len())];
    let path: Vec<u8> = percent_encoding::percent_decode(path).collect();
    (!path.is_empty() && path != b":memory:").then_some(path)
}

/// Whether a statement may attach the database of this name: one whose name is not known yet may not be attached.
pub(super) fn may_attach(permissions: &Permissions, host: &Host, name: Option<&CStr>) -> bool {
    let Some(name) = name else { return false };
    let Some(path) = path_of(name.to_bytes()) else { return true };
    let can = |scope| permissions.has(host, scope, &path);
    // Behind a zero byte, SQLite reads an address in a way of its own.
    !path.contains(&0) && (permissions.audits() || can(Scope::FsRead) && can(Scope::FsWrite))
}

#[cfg(test)]
mod tests {
    use super::path_of;

    fn path(name: &str) -> Option<String> {
        path_of(name.as_bytes()).map(|path| String::from_utf8_lossy(&path).into_owned())
    }

    #[test]
    fn addresses_mean_paths() {
        assert_eq!(path("a/b.db").as_deref(), Some("a/b.db"));
        assert_eq!(path("file:a%20b.db?mode=ro#x").as_deref(), Some("a b.db"));
        assert_eq!(path("file:///etc/x").as_deref(), Some("/etc/x"));
        assert_eq!(path("file://localhost/etc/x?a=/b").as_deref(), Some("/etc/x"));
        for memory in ["", ":memory:", "file::memory:", "file::memory:?cache=shared", "file:"] {
            assert_eq!(path(memory), None, "{memory}");
        }
    }
}
