//! Looking ahead: what the module loader asked of the disk when a program ran last, it is going to ask again. A thread
//! asks the same in the same order, together with the entries of the compile cache, and is ahead of the program soon.
//! Its answers are used for as long as the program cannot tell that something may have changed since.
//!
//! Where the files of a program are not in the system's memory, all of them are fetched at once.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, IoSliceMut};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use ironode_ops::bind::task::lock;
use rustix::fs::Advice;
use rustix::io::ReadWriteFlags;

use super::hash::hash;
use super::pack::{Entry, Pack};
use super::{Kind as Kept, Text};
use crate::modules::disk::{self, Kind};
use crate::modules::package_json::Manifest;

/// How many bytes of questions are remembered, and how many questions there must be for that to be worth a thread.
const CAPACITY: usize = 1 << 20;
const FEWEST: usize = 8;

/// So far behind the place of the last question the next one is looked for.
const WINDOW: usize = 64;

/// What is asked of the disk, as it begins a line of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::modules) enum Question {
    /// What stands under a name.
    Kind = b'k' as isize,
    /// What the package.json of that name says.
    Manifest = b'p' as isize,
    /// The text of a module.
    Source = b's' as isize,
}

impl Question {
    fn of(byte: u8) -> Option<Question> {
        [Question::Kind, Question::Manifest, Question::Source]
            .into_iter()
            .find(|question| *question as u8 == byte)
    }
}

/// The line behind which answers would have come too late: the program had called out.
const END: u8 = b'e';

/// What was found out.
pub(in crate::modules) enum Answer {
    Kind(Kind),
    Manifest(Option<Manifest>),
    Source(Box<Source>),
}

/// A file that was read.
pub(in crate::modules) struct Source {
    pub(in crate::modules) bytes: Vec<u8>,
    /// What stands for its text, if that is ASCII.
    pub(in crate::modules) text: Option<Text>,
    /// What the compile cache has of it.
    pub(in crate::modules) kept: Option<(Entry, Vec<u8>)>,
}

/// What a runtime asks, and what it asked when it ran last.
pub(in crate::modules) struct Ahead {
    shared: Arc<Shared>,
    /// The place of the next question, if all is as it was.
    next: Cell<usize>,
    is_over: Cell<bool>,
    /// How many questions there were, and how many of them were not expected.
    asked: Cell<usize>,
    missed: Cell<usize>,
    /// The list for the next run.
    list: RefCell<Vec<u8>>,
}

/// What both threads have.
struct Shared {
    list: Vec<u8>,
    questions: Vec<(Question, Range<usize>)>,
    /// How many of them can be answered in time.
    in_time: usize,
    answers: Vec<Mutex<Option<Answer>>>,
    /// The place before which nothing is asked any more.
    reached: AtomicUsize,
}

impl Shared {
    fn new(list: Vec<u8>) -> Shared {
        let (mut questions, mut in_time, mut start) = (Vec::with_capacity(list.len() / 48), None, 0);
        for end in memchr::memchr_iter(0, &list) {
            match list.get(start) {
                Some(&END) => in_time = Some(questions.len()),
                Some(&byte) => questions.extend(Question::of(byte).map(|kind| (kind, start + 1..end))),
                None => {}
            }
            start = end + 1;
        }
        let in_time = in_time.unwrap_or(questions.len());
        let answers = (0..in_time).map(|_| Mutex::default()).collect();
        Shared { list, questions, in_time, answers, reached: AtomicUsize::new(0) }
    }

    fn name(&self, place: usize) -> &Path {
        Path::new(OsStr::from_bytes(&self.list[self.questions[place].1.clone()]))
    }

    /// The names of files that are read.
    fn files(&self) -> impl DoubleEndedIterator<Item = &Path> {
        let is_read = |place: &usize| self.questions[*place].0 != Question::Kind;
        (0..self.questions.len()).filter(is_read).map(|place| self.name(place))
    }

    /// Answers all questions that have not been asked yet.
    fn answer(&self, pack: Option<&Pack>) {
        // Two stand for all: that is the cheaper way to be wrong.
        let middle = self.questions.len() / 2;
        let samples = [self.files().next_back(), self.files().nth(middle / 2)];
        if !samples.into_iter().flatten().all(is_near) {
            self.files().for_each(|name| drop(fetch(name)));
        }
        let mut place = 0;
        loop {
            place = place.max(self.reached.load(Ordering::Relaxed));
            if place >= self.in_time {
                return;
            }
            let name = self.name(place);
            let answer = match self.questions[place].0 {
                Question::Kind => Some(Answer::Kind(Kind::of(name))),
                Question::Manifest => Some(Answer::Manifest(Manifest::of(name))),
                Question::Source => source(name, pack).map(|source| Answer::Source(Box::new(source))),
            };
            *lock(&self.answers[place]) = answer;
            place += 1;
        }
    }
}

/// The file `name`, and what the compile cache has of it as CommonJS.
fn source(name: &Path, pack: Option<&Pack>) -> Option<Source> {
    let bytes = disk::read(name).ok()?;
    if !bytes.is_ascii() {
        return Some(Source { bytes, text: None, kept: None });
    }
    let text = Text { length: bytes.len() as u32, hash: hash(&bytes) };
    let key = [&[Kept::CommonJs as u8], name.as_os_str().as_bytes()].concat();
    let kept = pack.and_then(|pack| {
        let entry = pack.find(&key).filter(|entry| entry.text() == text)?;
        Some((entry, pack.read(&entry)?))
    });
    Some(Source { bytes, text: Some(text), kept })
}

impl Ahead {
    /// Begins to answer what is in `list`, which [`Ahead::list`] has made.
    pub(super) fn start(list: Vec<u8>, pack: Option<Arc<Pack>>) -> Ahead {
        let shared = Arc::new(Shared::new(list));
        if shared.questions.len() >= FEWEST {
            let own = Arc::clone(&shared);
            // Without a thread, the program finds out everything by itself.
            let _ = thread::Builder::new()
                .name(String::from("ironode-ahead"))
                .spawn(move || own.answer(pack.as_deref()));
        }
        Ahead {
            shared,
            next: Cell::default(),
            is_over: Cell::default(),
            asked: Cell::default(),
            missed: Cell::default(),
            list: RefCell::default(),
        }
    }

    /// From now on, answers would be of no use.
    pub(in crate::modules) fn end(&self) {
        if !self.is_over.replace(true) {
            self.list.borrow_mut().extend([END, 0]);
            self.shared.reached.store(usize::MAX, Ordering::Relaxed);
            let left = self.shared.answers.iter().skip(self.next.get());
            left.for_each(|answer| drop(answer.try_lock().map(|mut answer| answer.take())));
        }
    }

    /// The answer to a question, if it is there.
    pub(in crate::modules) fn ask(&self, question: Question, name: &[u8]) -> Option<Answer> {
        if self.is_over.get() && question == Question::Kind {
            return None;
        }
        self.note(question, name);
        let (Shared { list, questions, answers, reached, .. }, next) = (&*self.shared, self.next.get());
        let coming = questions.get(next..questions.len().min(next + WINDOW)).unwrap_or_default();
        let found = coming.iter().position(|(kind, place)| *kind == question && &list[place.clone()] == name);
        let Some(distance) = found else {
            self.missed.set(self.missed.get() + 1);
            return None;
        };
        let place = next + distance;
        self.next.set(place + 1);
        if self.is_over.get() {
            return None;
        }
        reached.store(place + 1, Ordering::Relaxed);
        answers.get(place)?.try_lock().ok()?.take()
    }

    fn note(&self, question: Question, name: &[u8]) {
        let mut list = self.list.borrow_mut();
        if list.len() < CAPACITY && !name.contains(&0) {
            self.asked.set(self.asked.get() + 1);
            list.push(question as u8);
            list.extend_from_slice(name);
            list.push(0);
        }
    }

    /// The list for the next run, if this one had other questions than the last.
    pub(super) fn list(&self) -> Option<Vec<u8>> {
        let asked = self.asked.get();
        if asked < FEWEST || self.missed.get() <= asked / 8 {
            return None;
        }
        let mut list = self.list.borrow().clone();
        if !self.is_over.get() {
            list.extend([END, 0]);
        }
        // What only earlier runs have read may be far from memory as well.
        let seen: HashSet<_> = self.list.borrow().split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
        for (question, place) in &self.shared.questions {
            let line = &self.shared.list[place.start - 1..place.end];
            if *question != Question::Kind && !seen.contains(line) && list.len() < CAPACITY {
                list.extend_from_slice(line);
                list.push(0);
            }
        }
        self.missed.set(0);
        Some(list)
    }
}

/// Opens a regular file.
fn open(path: &Path) -> io::Result<fs::File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Whether the beginning of a file can be read without waiting for the disk, or never.
fn is_near(name: &Path) -> bool {
    let mut byte = [0];
    open(name).is_ok_and(|file| {
        rustix::io::preadv2(&file, &mut [IoSliceMut::new(&mut byte)], 0, ReadWriteFlags::NOWAIT).is_ok()
    })
}

/// Has the system fetch a file.
fn fetch(name: &Path) -> io::Result<()> {
    let file = open(name)?;
    rustix::fs::fadvise(&file, 0, None, Advice::WillNeed)?;
    Ok(())
}
