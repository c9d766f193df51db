//! The file of a compile cache: what is kept of many texts, one behind the other, and an index.
//!
//! Nothing in it is ever changed but its head, which names the newest index. Who writes puts what is new and a whole
//! new index at the end, under a lock, and then changes the head; who reads at that time has the index before. The
//! index and all that is kept carry hashes of themselves, so that a file that was damaged, or cut off by a crash, is as
//! good as none. A file with much that nobody needs any more is written anew beside the old one and takes its place.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use super::Text;
use super::hash::hash;

/// Begins the head; changes with the form of the file.
const MAGIC: u64 = u64::from_le_bytes(*b"Ironpk01");

/// Magic number, place, length and hash of the index, entries at the last clearing: 64 bits each.
const HEAD: usize = 40;

/// One entry in the index: hash, place and length of its key, length and hash of its text, place, length and hash of
/// what is kept.
const RECORD: usize = 48;

/// What is kept begins at a multiple of this, for V8.
const ALIGNMENT: u64 = 16;

/// A file of more bytes is cleared when half of them are needed no more.
const CLEARED_ABOVE: u64 = 4 << 20;

/// With so many entries, it is looked for the first time which of them are of files that are gone.
const FEW: u64 = 1024;

/// What is kept may have so many bytes; beyond, it is begun anew.
const CAPACITY: u64 = 1 << 30;

/// Where something is kept, and of what text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::modules) struct Entry {
    /// The length of the text, in the units of V8.
    pub(super) text_length: u32,
    /// The hash of the text.
    pub(super) text_hash: u64,
    offset: u64,
    /// How many bytes are kept.
    pub(super) length: u32,
    hash: u64,
}

impl Entry {
    /// What stands for its text.
    pub(super) fn text(&self) -> Text {
        Text { length: self.text_length, hash: self.text_hash }
    }
}

/// What is to be kept under a key.
pub(super) struct Addition {
    pub(super) key: Vec<u8>,
    pub(super) text_length: u32,
    pub(super) text_hash: u64,
    pub(super) data: Vec<u8>,
    /// What was under the key when it was looked for.
    pub(super) seen: Option<Entry>,
}

impl Addition {
    /// Whether another process has kept something of the same text since then.
    fn is_known(&self, known: &Index) -> bool {
        known.find(&self.key).is_some_and(|entry| {
            Some(entry) != self.seen
                && (entry.text_length, entry.text_hash) == (self.text_length, self.text_hash)
        })
    }
}

/// A file that is read.
pub(super) struct Pack {
    file: File,
    index: Index,
}

impl Pack {
    /// Opens the file; `None` without a sound one.
    pub(super) fn open(path: &Path) -> Option<Pack> {
        let file = File::open(path).ok()?;
        let index = Index::read(&file)?;
        Some(Pack { file, index })
    }

    /// What is kept under `key`.
    pub(super) fn find(&self, key: &[u8]) -> Option<Entry> {
        self.index.find(key)
    }

    /// The bytes of an entry; `None` where they are damaged.
    pub(super) fn read(&self, entry: &Entry) -> Option<Vec<u8>> {
        read(&self.file, entry)
    }
}

fn read(file: &File, entry: &Entry) -> Option<Vec<u8>> {
    let bytes = read_at(file, entry.offset, u64::from(entry.length))?;
    (hash(&bytes) == entry.hash).then_some(bytes)
}

/// Bytes of the file, if it has so many.
fn read_at(file: &File, offset: u64, length: u64) -> Option<Vec<u8>> {
    let end = offset.checked_add(length)?;
    if end > file.metadata().ok()?.len() {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    file.read_exact_at(&mut bytes, offset).ok()?;
    Some(bytes)
}

/// The newest index of a file: the entries in the order of the hashes of their keys, and the keys.
#[derive(Default)]
struct Index {
    bytes: Vec<u8>,
    count: usize,
    /// How many entries there were when it was last looked which are needed.
    cleared: u64,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|part| part.try_into().ok()).map_or(0, u64::from_le_bytes)
}

impl Index {
    fn read(file: &File) -> Option<Index> {
        let mut head = [0; HEAD];
        file.read_exact_at(&mut head, 0).ok()?;
        if u64_at(&head, 0) != MAGIC {
            return None;
        }
        let bytes = read_at(file, u64_at(&head, 8), u64_at(&head, 16))?;
        let count = u32_at(&bytes, 0) as usize;
        let is_sound = hash(&bytes) == u64_at(&head, 24) && bytes.len() >= 4 + count * RECORD;
        is_sound.then(|| Index { bytes, count, cleared: u64_at(&head, 32) })
    }

    fn record(&self, number: usize) -> &[u8] {
        &self.bytes[4 + number * RECORD..4 + (number + 1) * RECORD]
    }

    fn key(&self, record: &[u8]) -> &[u8] {
        let (start, length) = (u32_at(record, 8) as usize, u32_at(record, 12) as usize);
        self.bytes.get(start..start.saturating_add(length)).unwrap_or_default()
    }

    fn find(&self, key: &[u8]) -> Option<Entry> {
        let wanted = hash(key);
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            if u64_at(self.record(middle), 0) < wanted { low = middle + 1 } else { high = middle }
        }
        (low..self.count)
            .map(|number| self.record(number))
            .take_while(|record| u64_at(record, 0) == wanted)
            .find(|record| self.key(record) == key)
            .map(entry)
    }

    fn entries(&self) -> impl Iterator<Item = (Vec<u8>, Entry)> {
        (0..self.count).map(|number| {
            let record = self.record(number);
            (self.key(record).to_vec(), entry(record))
        })
    }
}

fn entry(record: &[u8]) -> Entry {
    Entry {
        text_hash: u64_at(record, 16),
        text_length: u32_at(record, 24),
        length: u32_at(record, 28),
        offset: u64_at(record, 32),
        hash: u64_at(record, 40),
    }
}

/// Entries with their keys, on their way into a file.
type Entries = Vec<(Vec<u8>, Entry)>;

/// The index as it is written.
fn index_bytes(entries: &Entries) -> Vec<u8> {
    let mut order: Vec<_> = entries.iter().map(|(key, entry)| (hash(key), key, entry)).collect();
    order.sort_unstable_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
    let mut place = 4 + order.len() * RECORD;
    let mut bytes = Vec::with_capacity(place + order.iter().map(|(_, key, _)| key.len()).sum::<usize>());
    bytes.extend((order.len() as u32).to_le_bytes());
    for (key_hash, key, entry) in &order {
        bytes.extend(key_hash.to_le_bytes());
        bytes.extend((place as u32).to_le_bytes());
        bytes.extend((key.len() as u32).to_le_bytes());
        bytes.extend(entry.text_hash.to_le_bytes());
        bytes.extend(entry.text_length.to_le_bytes());
        bytes.extend(entry.length.to_le_bytes());
        bytes.extend(entry.offset.to_le_bytes());
        bytes.extend(entry.hash.to_le_bytes());
        place += key.len();
    }
    for (_, key, _) in &order {
        bytes.extend_from_slice(key);
    }
    bytes
}

/// What is put at the end of a file, and where it will be.
struct Tail {
    start: u64,
    bytes: Vec<u8>,
}

impl Tail {
    fn new(start: u64) -> Tail {
        Tail { start, bytes: Vec::new() }
    }

    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    fn put(&mut self, data: &[u8]) -> u64 {
        let place = self.end().next_multiple_of(ALIGNMENT);
        self.bytes.resize((place - self.start) as usize, 0);
        self.bytes.extend_from_slice(data);
        place
    }

    fn put_entry(&mut self, text_length: u32, text_hash: u64, data: &[u8]) -> Entry {
        let offset = self.put(data);
        Entry { text_length, text_hash, offset, length: data.len() as u32, hash: hash(data) }
    }

    /// Writes it with an index of `entries`, and then the head that makes it valid.
    fn write(mut self, file: &File, entries: &Entries, cleared: u64) -> io::Result<()> {
        let index = index_bytes(entries);
        let place = self.put(&index);
        file.write_all_at(&self.bytes, self.start)?;
        let numbers = [MAGIC, place, index.len() as u64, hash(&index), cleared];
        let head: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        file.write_all_at(&head, 0)
    }
}

/// Opens the file for writing and locks it. Another process may have put a new one in its place in the meantime.
fn open_locked(path: &Path) -> io::Result<File> {
    loop {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.lock()?;
        let (own, named) = (file.metadata()?, fs::metadata(path));
        if named.is_ok_and(|named| (named.dev(), named.ino()) == (own.dev(), own.ino())) {
            return Ok(file);
        }
    }
}

/// Keeps `additions` in the file at `path`, which comes into being where there is none. `is_needed` says of the key of
/// an entry whether it may be asked for again.
pub(super) fn add(path: &Path, additions: &[Addition], is_needed: &dyn Fn(&[u8]) -> bool) -> io::Result<()> {
    let file = open_locked(path)?;
    let known = Index::read(&file);
    let end = if known.is_some() { file.metadata()?.len() } else { HEAD as u64 };
    if known.is_none() {
        file.set_len(0)?;
    }
    let known = known.unwrap_or_default();
    let additions: Vec<_> = additions.iter().filter(|new| !new.is_known(&known)).collect();
    if additions.is_empty() {
        return Ok(());
    }
    let replaced: HashSet<_> = additions.iter().map(|new| &*new.key).collect();
    let kept: Entries = known.entries().filter(|(key, _)| !replaced.contains(&**key)).collect();
    let used: u64 = kept.iter().map(|(_, entry)| u64::from(entry.length)).sum();
    let is_crowded = kept.len() as u64 >= FEW.max(known.cleared * 2);
    if is_crowded || (end > CLEARED_ABOVE && used < end / 2) || used > CAPACITY {
        let kept = kept.into_iter().filter(|(key, _)| used <= CAPACITY && is_needed(key)).collect();
        return replace(path, &file, kept, &additions);
    }
    let mut tail = Tail::new(end);
    let mut entries = kept;
    put_all(&mut tail, &mut entries, &additions);
    tail.write(&file, &entries, known.cleared)
}

fn put_all(tail: &mut Tail, entries: &mut Entries, additions: &[&Addition]) {
    for Addition { key, text_length, text_hash, data, .. } in additions {
        entries.push((key.clone(), tail.put_entry(*text_length, *text_hash, data)));
    }
}

/// Writes a new file with what of the old one is needed, and gives it the name of the old one, which is locked.
fn replace(path: &Path, old: &File, kept: Entries, additions: &[&Addition]) -> io::Result<()> {
    let temporary = PathBuf::from(format!("{}.{}", path.display(), std::process::id()));
    let mut tail = Tail::new(HEAD as u64);
    let mut entries = Entries::new();
    for (key, entry) in kept {
        if let Some(data) = read(old, &entry) {
            entries.push((key, tail.put_entry(entry.text_length, entry.text_hash, &data)));
        }
    }
    put_all(&mut tail, &mut entries, additions);
    let cleared = entries.len() as u64;
    let written = File::create(&temporary).and_then(|mut file| {
        tail.write(&file, &entries, cleared)?;
        file.flush()?;
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}
