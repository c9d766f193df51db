//! What the module loader finds out about the disk. What it knows holds until the program calls out of itself, or is
//! called: until then it cannot tell that something has changed. Other processes may change files at any time, so that
//! it holds for a short while only.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::{self, File};
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use ironode_ops::bind::outside;

use super::compile_cache::ahead::{Ahead, Answer, Question, Source};
use super::compile_cache::hash::hash;
use super::package_json::Manifest;

/// How long something is known at most.
const HOLDS_FOR: Duration = Duration::from_secs(1);

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File { is_link: bool },
    Folder { is_link: bool },
    Nothing,
}

impl Kind {
    /// What stands under `name` now.
    pub(super) fn of(name: &Path) -> Kind {
        let Ok(found) = fs::symlink_metadata(name) else { return Kind::Nothing };
        let is_link = found.is_symlink();
        let found = if is_link { fs::metadata(name) } else { Ok(found) };
        match found {
            Ok(found) if found.is_dir() => Kind::Folder { is_link },
            Ok(_) => Kind::File { is_link },
            Err(_) => Kind::Nothing,
        }
    }
}

/// What hashes the names of files.
#[derive(Default)]
pub(super) struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(5) ^ hash(bytes);
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = self.0.rotate_left(5) ^ number as u64;
    }

    fn write_u8(&mut self, number: u8) {
        self.0 = self.0.rotate_left(5) ^ u64::from(number);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A table by the names of files.
pub(super) type ByName<T> = HashMap<Vec<u8>, T, BuildHasherDefault<NameHasher>>;

/// What a runtime knows.
#[derive(Default)]
pub(super) struct Disk {
    kinds: RefCell<ByName<Kind>>,
    /// Since when, and what the program had done by then.
    since: Cell<Option<(Instant, u32)>>,
    /// What another thread finds out.
    ahead: RefCell<Option<Rc<Ahead>>>,
}

impl Disk {
    /// From now on `ahead` finds out what the program is going to ask for.
    pub(super) fn look_ahead(&self, ahead: Ahead) {
        self.kinds.borrow_mut().clear();
        self.since.set(Some((Instant::now(), outside::count())));
        self.ahead.replace(Some(Rc::new(ahead)));
    }

    /// What looks ahead, if something does.
    pub(super) fn ahead(&self) -> Option<Rc<Ahead>> {
        self.ahead.borrow().clone()
    }

    /// Forgets what may have changed.
    fn refresh(&self) {
        let (now, count) = (Instant::now(), outside::count());
        let holds = |(since, then): (Instant, u32)| then == count && now.duration_since(since) < HOLDS_FOR;
        if self.since.get().is_some_and(holds) {
            return;
        }
        self.since.set(Some((now, count)));
        self.kinds.borrow_mut().clear();
        if let Some(ahead) = &*self.ahead.borrow() {
            ahead.end();
        }
    }

    fn ask(&self, question: Question, name: &[u8]) -> Option<Answer> {
        self.refresh();
        self.ahead.borrow().as_ref()?.ask(question, name)
    }

    /// What stands under `name`.
    pub(super) fn kind(&self, name: &Path) -> Kind {
        self.refresh();
        let bytes = name.as_os_str().as_encoded_bytes();
        if let Some(known) = self.kinds.borrow().get(bytes) {
            return *known;
        }
        let answer = self.ahead.borrow().as_ref().and_then(|ahead| ahead.ask(Question::Kind, bytes));
        let kind = if let Some(Answer::Kind(kind)) = answer { kind } else { Kind::of(name) };
        self.kinds.borrow_mut().insert(bytes.to_vec(), kind);
        kind
    }

    /// The file of a module.
    pub(super) fn source(&self, name: &Path) -> io::Result<Source> {
        match self.ask(Question::Source, name.as_os_str().as_encoded_bytes()) {
            Some(Answer::Source(source)) => Ok(*source),
            _ => Ok(Source { bytes: read(name)?, text: None, kept: None }),
        }
    }

    /// The package.json of that name; `None` where there is no such file.
    pub(super) fn manifest(&self, name: &Path) -> Option<Manifest> {
        match self.ask(Question::Manifest, name.as_os_str().as_encoded_bytes()) {
            Some(Answer::Manifest(manifest)) => manifest,
            _ => Manifest::of(name),
        }
    }
}

/// Reads a file by one call where its size is known.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut bytes = Vec::new();
    if size == 0 {
        file.read_to_end(&mut bytes)?;
    } else {
        bytes.try_reserve_exact(usize::try_from(size).unwrap_or(usize::MAX))?;
        file.take(size).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
