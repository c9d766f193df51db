//! Native half of `js/sea.js`: the program that this executable has been made for, and the blob that holds one.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::bind::{Binding, Bytes, Host, buffer};
use crate::binding;

/// `internalBinding('sea')`.
pub const BINDING: Binding =
    binding! { "sea", sync: [is_sea, is_experimental, asset_keys, main], raw: [asset] };

/// What a blob begins with.
const MAGIC: u32 = 0x0143_DA20;

const NO_WARNING: u32 = 1;
const SNAPSHOT: u32 = 1 << 1;
const CODE_CACHE: u32 = 1 << 2;
const ASSETS: u32 = 1 << 3;
const EXEC_ARGV: u32 = 1 << 4;

/// Where more options of the command line come from than those in the blob.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extension {
    /// From nowhere.
    None,
    /// From `NODE_OPTIONS`.
    #[default]
    Environment,
    /// From `--node-options=` among the arguments.
    Arguments,
}

/// What the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Main<'b> {
    /// A text, with what V8 has compiled of it where that is kept.
    Text {
        /// The program.
        text: &'b [u8],
        /// What V8 has made of it.
        code: Option<&'b [u8]>,
        /// Whether it is an ECMAScript module.
        is_module: bool,
    },
    /// A snapshot.
    Snapshot(&'b [u8]),
}

/// A program to be put into an executable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application<'b> {
    /// Whether it says that such executables are an experiment.
    pub is_experimental: bool,
    /// The file that it was made of, as it was named.
    pub path: &'b str,
    /// What is run.
    pub main: Main<'b>,
    /// Files that go along.
    pub assets: IndexMap<&'b str, &'b [u8]>,
    /// The options of the command line; without any, the settings have not said so.
    pub exec_argv: Option<Vec<&'b str>>,
    /// Where more of them come from.
    pub extension: Extension,
}

/// Reads a blob, field by field.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn number<const SIZE: usize>(&mut self) -> Option<[u8; SIZE]> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*number)
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.number()?)).ok()
    }

    fn bytes(&mut self) -> Option<&'b [u8]> {
        let size = self.size()?;
        let (bytes, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

/// Puts bytes behind their size.
fn put(blob: &mut Vec<u8>, bytes: &[u8]) {
    blob.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    blob.extend_from_slice(bytes);
}

impl<'b> Application<'b> {
    /// Reads the blob; nothing where it is none.
    pub fn read(blob: &'b [u8]) -> Option<Self> {
        let mut reader = Reader(blob);
        if u32::from_le_bytes(reader.number()?) != MAGIC {
            return None;
        }
        let flags = u32::from_le_bytes(reader.number()?);
        let has = |flag: u32| flags & flag != 0;
        let [extension, is_module] = reader.number()?;
        let extension = match extension {
            0 => Extension::None,
            1 => Extension::Environment,
            _ => Extension::Arguments,
        };
        let path = reader.text()?;
        let bytes = reader.bytes()?;
        let code = if has(CODE_CACHE) { Some(reader.bytes()?) } else { None };
        let main = if has(SNAPSHOT) {
            Main::Snapshot(bytes)
        } else {
            Main::Text { text: bytes, code, is_module: is_module != 0 }
        };
        let mut assets = IndexMap::new();
        if has(ASSETS) {
            for _ in 0..reader.size()? {
                assets.insert(reader.text()?, reader.bytes()?);
            }
        }
        let mut exec_argv = None;
        if has(EXEC_ARGV) {
            let count = reader.size()?;
            exec_argv = Some((0..count).map(|_| reader.text()).collect::<Option<_>>()?);
        }
        Some(Application { is_experimental: !has(NO_WARNING), path, main, assets, exec_argv, extension })
    }

    /// Makes the blob.
    pub fn to_blob(&self) -> Vec<u8> {
        let (bytes, code, is_module, is_snapshot) = match self.main {
            Main::Text { text, code, is_module } => (text, code, is_module, false),
            Main::Snapshot(bytes) => (bytes, None, false, true),
        };
        let flags = [
            (!self.is_experimental, NO_WARNING),
            (is_snapshot, SNAPSHOT),
            (code.is_some(), CODE_CACHE),
            (!self.assets.is_empty(), ASSETS),
            (self.exec_argv.is_some(), EXEC_ARGV),
        ];
        let flags: u32 = flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).sum();
        let mut blob = Vec::new();
        blob.extend_from_slice(&MAGIC.to_le_bytes());
        blob.extend_from_slice(&flags.to_le_bytes());
        blob.push(match self.extension {
            Extension::None => 0,
            Extension::Environment => 1,
            Extension::Arguments => 2,
        });
        blob.push(is_module.into());
        put(&mut blob, self.path.as_bytes());
        put(&mut blob, bytes);
        if let Some(code) = code {
            put(&mut blob, code);
        }
        if !self.assets.is_empty() {
            blob.extend_from_slice(&(self.assets.len() as u64).to_le_bytes());
            for (key, bytes) in &self.assets {
                put(&mut blob, key.as_bytes());
                put(&mut blob, bytes);
            }
        }
        if let Some(words) = &self.exec_argv {
            blob.extend_from_slice(&(words.len() as u64).to_le_bytes());
            for word in words {
                put(&mut blob, word.as_bytes());
            }
        }
        blob
    }
}

fn is_sea(host: Rc<Host>) -> bool {
    host.config.application.is_some()
}

fn is_experimental(host: Rc<Host>) -> bool {
    host.config.application.is_some_and(|application| application.is_experimental)
}

fn asset_keys(host: Rc<Host>) -> Vec<&'static str> {
    host.config.application.iter().flat_map(|application| application.assets.keys().copied()).collect()
}

/// `asset(key)`: its bytes as they lie in the executable; undefined where there is none.
fn asset<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let key = args.get(0).to_rust_string_lossy(scope);
    let application = Host::of(scope).config.application;
    if let Some(bytes) = application.and_then(|application| application.assets.get(key.as_str())) {
        rv.set(buffer::array_buffer_over(scope, bytes).into());
    }
}

/// What JavaScript compiles: the program's name, its text, what V8 has made of it, whether it is a module.
type Text = (&'static str, &'static OsStr, Option<Bytes>, bool);

/// The program, where it is a text.
fn main(host: Rc<Host>) -> Option<Text> {
    let application = host.config.application?;
    match application.main {
        // V8 wants its code where the executable need not have it.
        Main::Text { text, code, is_module } => {
            let code = code.map(|code| Bytes(code.to_vec()));
            Some((application.path, OsStr::from_bytes(text), code, is_module))
        }
        Main::Snapshot(_) => None,
    }
}
