//! Reading ahead: where the files of a program are not in the system's memory, a thread has the system fetch those that
//! the program used when it ran last, while the program starts. The program itself reads them as ever, so that it
//! cannot see anything but how they are now.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, IoSliceMut};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::thread;

use rustix::fs::Advice;
use rustix::io::ReadWriteFlags;

/// How many files are remembered of a program, and how many it must have for that to be worth a thread.
const MOST_FILES: usize = 8192;
const FEWEST_FILES: usize = 8;

/// What a runtime has read, and what it had read when it ran last.
pub(super) struct Ahead {
    listed: HashSet<Vec<u8>>,
    used: RefCell<Vec<Vec<u8>>>,
}

impl Ahead {
    /// Has the files fetched that are in `list`, which [`Ahead::list`] has made.
    pub(super) fn start(list: &[u8]) -> Ahead {
        let names: Vec<Vec<u8>> =
            list.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect();
        let listed = names.iter().cloned().collect();
        // A few stand for all: that is the cheaper way to be wrong.
        let samples = [names.get(names.len() / 2), names.last()];
        if names.len() >= FEWEST_FILES && !samples.into_iter().flatten().all(|name| is_near(name)) {
            // Without a thread, the program waits for each file.
            let fetching = move || names.iter().for_each(|name| drop(fetch(name)));
            let _ = thread::Builder::new().name(String::from("ironode-ahead")).spawn(fetching);
        }
        Ahead { listed, used: RefCell::default() }
    }

    /// Takes note that the program reads a file.
    pub(super) fn note(&self, path: &Path) {
        let (mut used, name) = (self.used.borrow_mut(), path.as_os_str().as_bytes());
        if used.len() < MOST_FILES && !name.contains(&0) {
            used.push(name.to_vec());
        }
    }

    /// The list for the next run, if this one has read what the list did not have. What only earlier runs have read
    /// comes last.
    pub(super) fn list(&mut self) -> Option<Vec<u8>> {
        let used = self.used.borrow();
        let mut seen = HashSet::new();
        let mut names: Vec<_> = used.iter().filter(|name| seen.insert(*name)).collect();
        if names.len() < FEWEST_FILES || names.iter().all(|name| self.listed.contains(*name)) {
            return None;
        }
        names.extend(self.listed.iter().filter(|name| !seen.contains(name)));
        names.truncate(MOST_FILES);
        let list = names.iter().map(|name| name.as_slice()).collect::<Vec<_>>().join(&0);
        self.listed = names.into_iter().cloned().collect();
        Some(list)
    }
}

/// Opens a regular file.
fn open(name: &[u8]) -> io::Result<fs::File> {
    let path = Path::new(OsStr::from_bytes(name));
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Whether the beginning of a file can be read without waiting for the disk, or never.
fn is_near(name: &[u8]) -> bool {
    let mut byte = [0];
    open(name).is_ok_and(|file| {
        rustix::io::preadv2(&file, &mut [IoSliceMut::new(&mut byte)], 0, ReadWriteFlags::NOWAIT).is_ok()
    })
}

/// Has the system fetch a file.
fn fetch(name: &[u8]) -> io::Result<()> {
    let file = open(name)?;
    rustix::fs::fadvise(&file, 0, None, Advice::WillNeed)?;
    Ok(())
}
