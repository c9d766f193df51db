//! Whole files in one call: opened, read or written to the end, closed.

use std::cell::RefCell;
use std::convert::Infallible;
use std::io::IoSliceMut;
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::path::Path;
use std::rc::Rc;

use rustix::fs::{FileType, OFlags};
use rustix::io::{Errno, ReadWriteFlags, preadv2};
use v8::simdutf;

use super::args::{Data, KIND, Opening, Target, failed, failed_at, needs_of, open_at, retried, with_path};
use super::cached::{self, Quick, Turn};
use super::transfer::write_all;
use crate::bind::convert::IntoJs;
use crate::bind::permission::Denied;
use crate::bind::view::View;
use crate::bind::{Host, SysError, call};
use crate::sys::fd::wait_readable_until;
use crate::sys::file::{ReadBuffer, read_more_cached, with_fd};
use crate::trace_events::calls;

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;
type Converted<'s> = Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>>;

/// The longest file that is read into one buffer.
const MAX_FILE: u64 = (1 << 31) - 1;

/// From this many bytes on a text is certainly too long for one string.
const MAX_TEXT: usize = v8::String::MAX_LENGTH * 3;

/// Files up to this size get their memory from the slab.
const MAX_SMALL: usize = 4096;

/// Files up to this size are read by the runtime's own thread, where the system has them in memory.
const MAX_CACHED: usize = 128 * 1024;

/// What is no longer than this is on the disk as a whole or not at all.
const BLOCK: usize = 4096;

/// Files up to this size are read on the stack when their text is made at once.
const STACK_ROOM: usize = 32 * 1024;

/// How much more room a file of unknown size gets at a time, at least.
const MORE_ROOM: usize = 64 * 1024;

/// From here on V8 refers to memory outside its heap instead of copying once more.
const EXTERNAL_FROM: usize = 1 << 20;

/// What was read of a file.
pub(super) enum Contents {
    /// All of it.
    Bytes(Vec<u8>),
    /// Nothing, for it is so many bytes long.
    TooLong(u64),
}

/// Contents that become a place in the slab (see [`Slab::cut`]) or an `ArrayBuffer`, or the file's size
/// as a negative number where that is too much.
pub(super) enum FileBytes {
    /// They are in the slab already.
    Place(u32),
    /// They have memory of their own.
    Contents(Contents),
}

impl From<Contents> for FileBytes {
    fn from(contents: Contents) -> Self {
        FileBytes::Contents(contents)
    }
}

/// Contents that become text, or the file's size as a number where that is too much.
pub(super) struct FileText(Contents);

impl From<Contents> for FileText {
    fn from(contents: Contents) -> Self {
        FileText(contents)
    }
}

/// Memory of JavaScript's from which the buffers of small files are cut, which costs much less than
/// memory of their own.
#[derive(Default)]
struct Slab(RefCell<Option<Cut>>);

struct Cut {
    memory: View,
    used: usize,
}

impl Slab {
    /// Lends `length` bytes to `fill`, which says how many it has filled. Returns where they are, as the
    /// start times 65536 plus the length; `None` where there is no room.
    fn cut<E>(
        &self,
        length: usize,
        fill: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Option<Result<u32, E>> {
        let mut cut = self.0.borrow_mut();
        let Cut { memory, used } = cut.as_mut()?;
        let start = *used;
        let room = memory.bytes_mut().get_mut(start..start + length)?;
        Some(fill(room).map(|count| {
            *used = (start + count).next_multiple_of(8);
            (start as u32) << 16 | count as u32
        }))
    }
}

/// `useSlab(bytes)`: memory of at most 65536 bytes for the contents of small files.
pub(super) fn use_slab(host: Rc<Host>, memory: View) {
    *host.extension::<Slab>().0.borrow_mut() = Some(Cut { memory, used: 0 });
}

impl IntoJs for FileBytes {
    fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
        match self {
            FileBytes::Place(place) => place.into_js(scope),
            FileBytes::Contents(Contents::Bytes(bytes)) => {
                if bytes.len() <= MAX_SMALL {
                    let cut = Host::of(scope).extension::<Slab>().cut(bytes.len(), |room| {
                        room.copy_from_slice(&bytes);
                        Ok::<_, Infallible>(bytes.len())
                    });
                    if let Some(Ok(place)) = cut {
                        return place.into_js(scope);
                    }
                }
                let store = v8::ArrayBuffer::new_backing_store_from_vec(bytes).make_shared();
                Ok(v8::ArrayBuffer::with_backing_store(scope, &store).into())
            }
            FileBytes::Contents(Contents::TooLong(size)) => (-(size as f64)).into_js(scope),
        }
    }
}

impl IntoJs for FileText {
    fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
        match self.0 {
            Contents::Bytes(bytes) => match text_of(scope, bytes) {
                Ok(text) => Ok(text.into()),
                Err(length) => length.into_js(scope),
            },
            Contents::TooLong(size) => size.into_js(scope),
        }
    }
}

/// The text of UTF-8, or the number of bytes where that is too much for one string.
fn text_of<'s>(scope: &v8::PinScope<'s, '_>, bytes: Vec<u8>) -> Result<v8::Local<'s, v8::String>, usize> {
    let length = bytes.len();
    let text =
        if (EXTERNAL_FROM..=v8::String::MAX_LENGTH).contains(&length) && simdutf::validate_ascii(&bytes) {
            v8::String::new_external_onebyte(scope, bytes.into())
        } else {
            v8::String::new_from_utf8(scope, &bytes, v8::NewStringType::Normal)
        };
    text.ok_or(length)
}

/// A file that is read or written: opened here, or lent by JavaScript.
enum Source {
    Own(OwnedFd),
    Lent(RawFd),
}

impl Source {
    fn open(target: &Target, mode: u32) -> Result<Source, SysError> {
        match target {
            Target::Descriptor(fd) => Ok(Source::Lent(*fd)),
            Target::Path(Opening { path, flags }) => {
                let _span = calls::step("open");
                open_at(path.path(), *flags, mode).map(Source::Own).map_err(failed_at("open", path))
            }
        }
    }

    /// The descriptor, closed here where it is ours.
    fn close(self) {
        if let Source::Own(fd) = self {
            let _span = calls::step("close");
            drop(fd);
        }
    }

    fn fd(&self) -> RawFd {
        match self {
            Source::Own(fd) => fd.as_raw_fd(),
            Source::Lent(fd) => *fd,
        }
    }
}

/// The size of a regular file; 0 for what tells its size only by being read.
fn known_size(fd: RawFd) -> Result<u64, Errno> {
    let _span = calls::step("fstat");
    let stat = with_fd(fd, |fd| retried(|| rustix::fs::fstat(fd)))?;
    let is_regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    Ok(if is_regular { stat.st_size.cast_unsigned() } else { 0 })
}

fn read_into_vec(fd: RawFd, bytes: &mut Vec<u8>) -> Result<usize, Errno> {
    with_fd(fd, |fd| retried(|| rustix::io::read(fd, rustix::buffer::spare_capacity(bytes))))
}

/// Reads to the end: `size` bytes where the size is known, else until there is nothing more.
fn read_to_end(fd: RawFd, size: u64) -> Result<Contents, Errno> {
    if size > MAX_FILE {
        return Ok(Contents::TooLong(size));
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(size);
    loop {
        if size > 0 && bytes.len() >= size {
            return Ok(Contents::Bytes(bytes));
        }
        if bytes.len() == bytes.capacity() {
            bytes.reserve(MORE_ROOM);
        }
        if read_into_vec(fd, &mut bytes)? == 0 {
            return Ok(Contents::Bytes(bytes));
        }
        if bytes.len() as u64 > MAX_FILE {
            return Ok(Contents::TooLong(bytes.len() as u64));
        }
    }
}

/// `readBytesSync(pathOrFd, flags)`: what [`FileBytes`] becomes. A small file is read into the slab.
pub(super) fn read_bytes_sync<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let _steps = calls::sync_steps();
    let read = open_source(scope, &args).and_then(|source| {
        let value = read_bytes_of(scope, &source);
        source.close();
        value
    });
    match read {
        Ok(value) => rv.set(value),
        Err(error) => throw(scope, &error),
    }
}

fn read_bytes_of<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    source: &Source,
) -> Result<v8::Local<'s, v8::Value>, Fault> {
    let size = known_size(source.fd()).map_err(failed("fstat"))?;
    let _span = calls::step("read");
    if (1..=MAX_SMALL as u64).contains(&size) {
        let slab = Host::of(scope).extension::<Slab>();
        let cut = slab.cut(size as usize, |room| fill(source.fd(), room).map_err(failed("read")));
        if let Some(place) = cut {
            return Ok(v8::Integer::new_from_unsigned(scope, place?).into());
        }
    }
    let contents = read_to_end(source.fd(), size).map_err(failed("read"))?;
    Ok(FileBytes::from(contents).into_js(scope).unwrap_or_else(|error| error))
}

/// Reads until `room` is full or the file ends.
fn fill(fd: RawFd, room: &mut [u8]) -> Result<usize, Errno> {
    let mut done = 0;
    while done < room.len() {
        let rest = &mut room[done..];
        match with_fd(fd, |fd| retried(|| rustix::io::read(fd, &mut *rest)))? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}

/// Opens the file that the first argument names, with the flags of the second.
fn open_source<'s>(scope: &mut v8::PinScope<'s, '_>, args: &Args<'s>) -> Result<Source, Fault> {
    if let Ok(fd) = v8::Local::<v8::Number>::try_from(args.get(0)) {
        return Ok(Source::Lent(fd.value() as i32));
    }
    let flags = args.get(1).int32_value(scope).unwrap_or(0);
    let _span = calls::step("open");
    let opened = with_path(scope, args.get(0), needs_of(flags), |path, given| {
        open_at(path, flags, 0o666).map(Source::Own).map_err(|errno| failed("open")(errno).path(given))
    });
    opened.map_err(Fault::Denied)?.map_err(Fault::System)
}

/// Why a file is not read.
enum Fault {
    /// The program may not.
    Denied(Denied),
    /// The system has failed.
    System(SysError),
}

impl From<SysError> for Fault {
    fn from(error: SysError) -> Self {
        Fault::System(error)
    }
}

fn throw(scope: &mut v8::PinScope<'_, '_>, fault: &Fault) {
    let error = match fault {
        Fault::Denied(denied) => denied.to_js(scope),
        Fault::System(error) => error.to_js(scope),
    };
    scope.throw_exception(error);
}

/// What is made of a whole file.
trait Whole: From<Contents> + IntoJs + Send + 'static {
    /// Reads `size` bytes of a file that are in the system's memory; nothing where they are not.
    fn read_cached(file: &OwnedFd, size: usize, host: &Host) -> Option<Self>;
}

impl Whole for FileBytes {
    fn read_cached(file: &OwnedFd, size: usize, host: &Host) -> Option<Self> {
        if size <= MAX_SMALL {
            let cut = host.extension::<Slab>().cut(size, |room| fill_cached(file, room));
            if let Some(place) = cut {
                return place.ok().map(FileBytes::Place);
            }
        }
        read_cached(file, size).map(FileBytes::from)
    }
}

impl Whole for FileText {
    fn read_cached(file: &OwnedFd, size: usize, _: &Host) -> Option<Self> {
        read_cached(file, size).map(FileText::from)
    }
}

fn read_cached(file: &OwnedFd, size: usize) -> Option<Contents> {
    let mut bytes = Vec::with_capacity(size);
    while bytes.len() < size {
        if retried(|| read_more_cached(file.as_fd(), &mut bytes, size)).ok()? == 0 {
            break;
        }
    }
    Some(Contents::Bytes(bytes))
}

/// Fills `room` from the system's memory until the file ends; returns how many bytes came.
fn fill_cached(file: &OwnedFd, room: &mut [u8]) -> Result<usize, Errno> {
    let mut done = 0;
    while done < room.len() {
        let mut rest = [IoSliceMut::new(&mut room[done..])];
        match retried(|| preadv2(file, &mut rest, done as u64, ReadWriteFlags::NOWAIT))? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}

/// The reading of a whole file.
struct Reading<Made> {
    target: Target,
    /// The file, if it has been opened already.
    file: Option<OwnedFd>,
    /// Whether that is a pipe, of which a writer is still to be awaited. Writers may have seen this reader, so that
    /// there must be no other one.
    is_pipe: bool,
    made: PhantomData<fn() -> Made>,
}

impl<Made> Reading<Made> {
    fn new(target: Target) -> Self {
        Reading { target, file: None, is_pipe: false, made: PhantomData }
    }

    fn read(&mut self) -> Result<Contents, SysError> {
        let source = match self.file.take() {
            Some(file) => {
                if self.is_pipe {
                    await_writer(&file).map_err(failed("read"))?;
                }
                Source::Own(file)
            }
            None => Source::open(&self.target, 0o666)?,
        };
        let size = known_size(source.fd()).map_err(failed("fstat"))?;
        read_to_end(source.fd(), size).map_err(|errno| match &self.target {
            Target::Path(opening) => failed_at("read", &opening.path)(errno),
            Target::Descriptor(_) => failed("read")(errno),
        })
    }
}

/// Waits until a pipe that was opened without waiting has, or has had, a writer; from then on reading waits.
fn await_writer(pipe: &OwnedFd) -> Result<(), Errno> {
    wait_readable_until(pipe.as_raw_fd(), None);
    rustix::fs::fcntl_setfl(pipe, OFlags::empty())
}

impl<Made: Whole> Quick for Reading<Made> {
    type Outcome = Result<Made, SysError>;

    fn path(&self) -> Option<&Path> {
        match &self.target {
            Target::Path(Opening { path, flags: libc::O_RDONLY }) => Some(path.path()),
            _ => None,
        }
    }

    fn attempt(&mut self, turn: &Turn, host: &Host) -> Option<Self::Outcome> {
        let Target::Path(Opening { path, .. }) = &self.target else { return None };
        // Without waiting for the other end of a pipe, or for who holds a lease.
        let file = match turn.open(path.path(), OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Some(Err(failed_at("open", path)(Errno::NOENT))),
            Err(_) => return None,
        };
        let stat = rustix::fs::fstat(&file).ok()?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {
                let size = usize::try_from(stat.st_size).ok().filter(|size| (1..=MAX_CACHED).contains(size));
                let made = size.and_then(|size| Made::read_cached(&file, size, host));
                self.file = Some(file);
                made.map(Ok)
            }
            FileType::Fifo => {
                self.is_pipe = true;
                self.file = Some(file);
                None
            }
            _ => None,
        }
    }

    fn run(mut self) -> Self::Outcome {
        self.read().map(Made::from)
    }
}

fn start_reading<'s, Made: Whole>(scope: &mut v8::PinScope<'s, '_>, args: &Args<'s>) {
    let operation = |target: Target| target;
    if let Some(((target,), callback)) = call::taken(&operation, KIND, scope, args) {
        calls::begin(scope, "fs", "read", args);
        cached::start(scope, callback, Reading::<Made>::new(target));
    }
}

/// `readBytes(pathOrFd, flags, callback)`
pub(super) fn read_bytes<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    start_reading::<FileBytes>(scope, &args);
}

/// `readText(pathOrFd, flags, callback)`: a string, or the size where that is too much.
pub(super) fn read_text<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    start_reading::<FileText>(scope, &args);
}

/// `readTextSync(pathOrFd, flags)`. The text of a small file goes from the stack into V8's heap.
pub(super) fn read_text_sync<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let _steps = calls::sync_steps();
    let opened = open_source(scope, &args);
    let text = opened.and_then(|source| {
        let text = {
            let _span = calls::step("read");
            read_small_text(scope, &source).map_err(failed("read"))
        };
        source.close();
        Ok(text?)
    });
    match text {
        Ok(Ok(text)) => rv.set(text.into()),
        Ok(Err(size)) => rv.set_double(size as f64),
        Err(error) => throw(scope, &error),
    }
}

/// Reads a file that is most likely small. The error within `Ok` is the size of what is too much.
fn read_small_text<'s>(
    scope: &v8::PinScope<'s, '_>,
    source: &Source,
) -> Result<Result<v8::Local<'s, v8::String>, usize>, Errno> {
    let mut buffer = ReadBuffer::<STACK_ROOM>::new();
    while !buffer.is_full() {
        if buffer.read(source.fd())? == 0 {
            let text = v8::String::new_from_utf8(scope, buffer.bytes(), v8::NewStringType::Normal);
            return Ok(text.ok_or(buffer.bytes().len()));
        }
    }
    let size = usize::try_from(known_size(source.fd())?).unwrap_or(usize::MAX);
    if size > MAX_TEXT {
        return Ok(Err(size));
    }
    let mut bytes = Vec::with_capacity(size.max(STACK_ROOM) + 1);
    bytes.extend_from_slice(buffer.bytes());
    loop {
        if read_into_vec(source.fd(), &mut bytes)? == 0 {
            return Ok(text_of(scope, bytes));
        }
        if bytes.len() > MAX_TEXT {
            return Ok(Err(bytes.len()));
        }
        if bytes.len() == bytes.capacity() {
            bytes.reserve(MORE_ROOM);
        }
    }
}

/// `writeFile(pathOrFd, flags, data, mode)`: text or bytes, from where the file stands.
pub(super) fn write_file(target: Target, data: Data, mode: u32) -> Result<(), SysError> {
    let data = data.bytes();
    let (source, rest) = match &target {
        Target::Path(opening) if empties(opening.flags) && (1..=BLOCK).contains(&data.len()) => {
            let (file, is_replaced) = replace(opening, mode, data)?;
            (Source::Own(file), if is_replaced { &[] } else { data })
        }
        _ => (Source::open(&target, mode)?, data),
    };
    let written = write_whole(&source, rest);
    source.close();
    written
}

fn write_whole(source: &Source, mut rest: &[u8]) -> Result<(), SysError> {
    let _span = calls::step("write");
    while !rest.is_empty() {
        let count = write_all(source.fd(), rest, None).map_err(failed("write"))?;
        rest = &rest[count..];
    }
    Ok(())
}

/// Whether these flags empty a file that is there, to write it anew.
fn empties(flags: i32) -> bool {
    flags & (libc::O_TRUNC | libc::O_APPEND | libc::O_EXCL) == libc::O_TRUNC
}

/// Opens a file and makes the one block `data` all that it holds; where that is not possible, it is empty. Returns
/// which of the two.
///
/// What the file held is replaced rather than emptied first: file systems write what was emptied to the disk as soon as
/// it is closed, since a loss of power would leave it empty.
fn replace(opening: &Opening, mode: u32, data: &[u8]) -> Result<(OwnedFd, bool), SysError> {
    let _span = calls::step("open");
    let open = |flags| open_at(opening.path.path(), flags, mode).map_err(failed_at("open", &opening.path));
    let file = open(opening.flags & !libc::O_TRUNC)?;
    let stat = rustix::fs::fstat(&file).map_err(failed("fstat"))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Ok((file, false));
    }
    if !cached::is_local(&file) {
        // Emptying has meanings of its own for the files in which the system keeps its settings.
        return open(opening.flags).map(|file| (file, false));
    }
    // At no time is a rest of the old behind the new.
    let fits = stat.st_size <= data.len() as i64 || rustix::fs::ftruncate(&file, data.len() as u64).is_ok();
    if fits && retried(|| rustix::io::pwrite(&file, data, 0)) == Ok(data.len()) {
        return Ok((file, true));
    }
    rustix::fs::ftruncate(&file, 0).map_err(failed_at("open", &opening.path))?;
    Ok((file, false))
}
