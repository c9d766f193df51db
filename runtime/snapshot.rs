//! Programs that are kept in snapshots: the file that one is kept in, and how it comes to be.

use std::fmt;
use std::rc::Rc;

use ironode_ops::NODE_VERSION;
use ironode_ops::bind::state::Config;
use ironode_ops::bind::{Host, interrupt, object, promise_hook};

use crate::{Error, Runtime, Source, bootstrap};

/// What such a file begins with.
const MAGIC: [u8; 8] = *b"IRONODE\x1a";

/// The size of a number in the file.
const WORD: usize = size_of::<u64>();

/// A program that has run until its event loop had nothing left to do, and goes on from there in another process.
#[derive(Clone, Copy)]
pub struct Snapshot(pub(crate) &'static [u8]);

/// Why a file is no snapshot that this executable can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is something else.
    Foreign,
    /// It has been cut off.
    Truncated,
    /// It has been changed.
    Damaged,
    /// Another version of Ironode has made it, or one for other machines.
    OtherVersion,
}

impl fmt::Display for Unfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Unfit::Foreign => "The startup snapshot is not a Node.js snapshot blob.",
            Unfit::Truncated => "The startup snapshot is truncated.",
            Unfit::Damaged => "The startup snapshot is damaged: its checksum is another one.",
            Unfit::OtherVersion => "The startup snapshot was built by another version of Ironode.",
        })
    }
}

impl std::error::Error for Unfit {}

/// How the building of a snapshot has ended.
pub enum Built {
    /// With the bytes of the file.
    Snapshot(Vec<u8>),
    /// With an exit code: the program has failed, or has wanted to end with it.
    Exit(i32),
    /// With an object that cannot be kept, of the class of that name.
    Unkeepable(String),
}

/// What the version has to be the same of: Ironode, its own snapshot, V8, and the kind of machine.
fn version() -> String {
    let tag = crate::build_tag();
    format!(
        "{NODE_VERSION} {} {tag} {} {}",
        v8::V8::get_version(),
        std::env::consts::ARCH,
        std::env::consts::OS
    )
}

/// A number that other bytes have another one of, in all likelihood.
fn checksum(bytes: &[u8]) -> u64 {
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let mut words = bytes.chunks_exact(WORD);
    let sum = words.by_ref().fold(bytes.len() as u64, |sum, word| {
        mix(sum, word.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    });
    words.remainder().iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)))
}

/// The file: the magic, then the version, the checksum and the size of the data as numbers, the version's text, the
/// data.
fn file_of(data: &[u8]) -> Vec<u8> {
    let version = version();
    let padded = version.len().next_multiple_of(WORD);
    let mut file = Vec::with_capacity(MAGIC.len() + 3 * WORD + padded + data.len());
    file.extend_from_slice(&MAGIC);
    for number in [version.len() as u64, checksum(data), data.len() as u64] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(version.as_bytes());
    file.resize(MAGIC.len() + 3 * WORD + padded, 0);
    file.extend_from_slice(data);
    file
}

impl Snapshot {
    /// Takes the contents of a file, which stay in memory.
    ///
    /// # Errors
    /// Where it is not a snapshot that this executable has made.
    pub fn from_file(file: Vec<u8>) -> Result<Snapshot, Unfit> {
        let rest = file.strip_prefix(&MAGIC).ok_or(Unfit::Foreign)?;
        let mut rest = rest;
        let mut numbers = [0; 3];
        for number in &mut numbers {
            let (bytes, more) = rest.split_first_chunk::<WORD>().ok_or(Unfit::Truncated)?;
            (*number, rest) = (u64::from_le_bytes(*bytes), more);
        }
        let [length, sum, size] = numbers;
        let known = version();
        if length != known.len() as u64 || !rest.starts_with(known.as_bytes()) {
            return Err(Unfit::OtherVersion);
        }
        let data = rest.get(known.len().next_multiple_of(WORD)..).ok_or(Unfit::Truncated)?;
        if size != data.len() as u64 {
            return Err(Unfit::Truncated);
        }
        if sum != checksum(data) {
            return Err(Unfit::Damaged);
        }
        let begin = file.len() - data.len();
        Ok(Snapshot(&file.leak()[begin..]))
    }
}

impl Runtime {
    /// Runs the program in `file` and keeps it, with the functions that it has compiled where `with_code` is set. The
    /// runtime was built for that: see [`Builder::keeps_program`](crate::Builder::keeps_program).
    ///
    /// # Errors
    /// Where the system refuses what the event loop needs, or V8 makes no snapshot.
    pub fn build_snapshot(mut self, file: String, with_code: bool) -> Result<Built, Error> {
        ironode_ops::sys::signal::restore_defaults();
        ironode_ops::sys::signal::survive_refused_writes();
        let reactor =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Io)?;
        let exit = reactor.block_on(tokio::task::unconstrained(self.run(Source::Snapshot(file))))?;
        if exit.code() != 0 {
            std::mem::forget(self);
            return Ok(Built::Exit(exit.code()));
        }
        let _entered = reactor.enter();
        // V8 keeps only what is reachable: what was dropped on the way may have had a state.
        self.isolate.low_memory_notification();
        let unkeepable = self.enter(|scope| match ironode_ops::inspector::is_in_use(scope) {
            true => Some(String::from("Inspector")),
            false => object::unkeepable(scope),
        });
        if let Some(class) = unkeepable {
            std::mem::forget(self);
            return Ok(Built::Unkeepable(class));
        }
        self.close();
        self.give_roots()?;
        self.forget_host();
        let code = if with_code { v8::FunctionCodeHandling::Keep } else { v8::FunctionCodeHandling::Clear };
        let data = self.isolate.keep(code);
        std::mem::forget(self);
        let data = data.ok_or_else(|| Error::Bootstrap(String::from("V8 made no snapshot")))?;
        Ok(Built::Snapshot(file_of(&data)))
    }

    /// Hands what the runtime has of JavaScript's over to the snapshot.
    fn give_roots(&mut self) -> Result<(), Error> {
        let Some(roots) = self.roots.take() else { return Ok(()) };
        v8::scope!(let scope, &mut *self.isolate);
        let (context, exports) =
            (v8::Local::new(scope, &roots.context), v8::Local::new(scope, &roots.exports));
        drop(roots);
        let scope = &mut v8::ContextScope::new(scope, context);
        bootstrap::keep(scope, context, exports).map_err(Error::Bootstrap)
    }

    /// Drops what the host keeps of JavaScript's.
    fn forget_host(&mut self) {
        interrupt::forget(&mut self.isolate);
        promise_hook::forget(&mut self.isolate);
        self.isolate.remove_slot::<Rc<Host>>();
        self.host = Host::new(&self.isolate, Config::default());
    }
}
