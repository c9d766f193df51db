//! Whole files in one call: opened, read or written to the end, closed.

use std::cell::RefCell;
use std::convert::Infallible;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::rc::Rc;

use rustix::fs::FileType;
use rustix::io::Errno;
use v8::simdutf;

use super::args::{Data, Opening, Target, failed, failed_at, needs_of, open_at, retried, with_path};
use super::transfer::write_all;
use crate::bind::convert::IntoJs;
use crate::bind::permission::Denied;
use crate::bind::view::View;
use crate::bind::{Host, SysError, call};
use crate::sys::file::{ReadBuffer, with_fd};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;
type Converted<'s> = Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>>;

/// The longest file that is read into one buffer.
const MAX_FILE: u64 = (1 << 31) - 1;

/// From this many bytes on a text is certainly too long for one string.
const MAX_TEXT: usize = v8::String::MAX_LENGTH * 3;

/// Files up to this size get their memory from the slab.
const MAX_SMALL: usize = 4096;

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
pub(super) struct FileBytes(Contents);

/// Contents that become text, or the file's size as a number where that is too much.
pub(super) struct FileText(Contents);

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
        match self.0 {
            Contents::Bytes(bytes) => {
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
            Contents::TooLong(size) => (-(size as f64)).into_js(scope),
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
                open_at(path.path(), *flags, mode).map(Source::Own).map_err(failed_at("open", path))
            }
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

/// Opens, measures and reads a file. A failed read names the file.
fn read_file(target: &Target) -> Result<Contents, SysError> {
    let source = Source::open(target, 0o666)?;
    let size = known_size(source.fd()).map_err(failed("fstat"))?;
    read_to_end(source.fd(), size).map_err(|errno| match target {
        Target::Path(opening) => failed_at("read", &opening.path)(errno),
        Target::Descriptor(_) => failed("read")(errno),
    })
}

/// `readBytesSync(pathOrFd, flags)`: what [`FileBytes`] becomes. A small file is read into the slab.
pub(super) fn read_bytes_sync<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let read = open_source(scope, &args).and_then(|source| {
        let size = known_size(source.fd()).map_err(failed("fstat"))?;
        if (1..=MAX_SMALL as u64).contains(&size) {
            let slab = Host::of(scope).extension::<Slab>();
            let cut = slab.cut(size as usize, |room| fill(source.fd(), room).map_err(failed("read")));
            if let Some(place) = cut {
                return Ok(v8::Integer::new_from_unsigned(scope, place?).into());
            }
        }
        let contents = read_to_end(source.fd(), size).map_err(failed("read"))?;
        Ok(FileBytes(contents).into_js(scope).unwrap_or_else(|error| error))
    });
    match read {
        Ok(value) => rv.set(value),
        Err(error) => throw(scope, &error),
    }
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

/// `readBytes(pathOrFd, flags, callback)`
pub(super) fn read_bytes<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    call::pooled(|target: Target| read_file(&target).map(FileBytes), "FSReqCallback", scope, args, rv);
}

/// `readText(pathOrFd, flags, callback)`: a string, or the size where that is too much.
pub(super) fn read_text<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    call::pooled(|target: Target| read_file(&target).map(FileText), "FSReqCallback", scope, args, rv);
}

/// `readTextSync(pathOrFd, flags)`. The text of a small file goes from the stack into V8's heap.
pub(super) fn read_text_sync<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let opened = open_source(scope, &args);
    let text = opened.and_then(|source| Ok(read_small_text(scope, &source).map_err(failed("read"))?));
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
    let source = Source::open(&target, mode)?;
    let mut rest = data.bytes();
    while !rest.is_empty() {
        let count = write_all(source.fd(), rest, None).map_err(failed("write"))?;
        rest = &rest[count..];
    }
    Ok(())
}
