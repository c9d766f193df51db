//! What has been put into this executable after it was built: a note of the ELF format, and a byte that says so.

use std::ffi::{c_int, c_void};

/// The name of the note.
pub const NOTE: &str = "NODE_SEA_BLOB";

/// Tools that put a note into an executable look for this text and make its last character a 1. It stands in the
/// executable once.
#[used]
static FUSE: [u8; 48] = *b"NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0";

/// The bytes of a note before its name: the sizes of the name and of the contents, and a type.
const HEAD: usize = 12;

/// The text as it stands in the executable.
pub fn fuse() -> [u8; FUSE.len()] {
    // SAFETY: a reference is valid. The compiler must not know what the bytes were when it saw them.
    unsafe { (&raw const FUSE).read_volatile() }
}

/// The contents of the note, where there is one.
pub fn note() -> Option<&'static [u8]> {
    if fuse().last() != Some(&b'1') {
        return None;
    }
    let mut found: Option<&'static [u8]> = None;
    // SAFETY: the callback takes `found` for what it is, and it outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut found).cast()) };
    found
}

/// Looks through the segments of the first object, which is the executable.
unsafe extern "C" fn look(object: *mut libc::dl_phdr_info, _: usize, found: *mut c_void) -> c_int {
    // SAFETY: the system gives an object that lives as long as the call.
    let object = unsafe { &*object };
    // SAFETY: the object says where its headers are, and how many.
    let headers = unsafe { std::slice::from_raw_parts(object.dlpi_phdr, usize::from(object.dlpi_phnum)) };
    for header in headers.iter().filter(|header| header.p_type == libc::PT_NOTE) {
        let begin = (object.dlpi_addr + header.p_vaddr) as *const u8;
        // SAFETY: notes are mapped with the object, which is never unmapped, and nobody writes to them.
        let notes = unsafe { std::slice::from_raw_parts(begin, header.p_memsz as usize) };
        if let Some(contents) = find(notes) {
            // SAFETY: this is what `note` has given.
            unsafe { *found.cast::<Option<&'static [u8]>>() = Some(contents) };
            break;
        }
    }
    1
}

/// Finds the note among those of a segment.
fn find(mut notes: &[u8]) -> Option<&[u8]> {
    let word = |bytes: &[u8], at: usize| {
        let bytes = bytes.get(at..at + size_of::<u32>())?;
        Some(u32::from_ne_bytes(bytes.try_into().ok()?) as usize)
    };
    loop {
        let (name_size, size) = (word(notes, 0)?, word(notes, 4)?);
        let begin = HEAD + name_size.next_multiple_of(4);
        let name = notes.get(HEAD..HEAD + name_size)?;
        let contents = notes.get(begin..begin + size)?;
        if name.strip_suffix(b"\0").unwrap_or(name) == NOTE.as_bytes() {
            return Some(contents);
        }
        notes = notes.get(begin + size.next_multiple_of(4)..)?;
    }
}

/// Lets the program write to bytes of the note: what it writes is its own, and not in the file.
pub fn make_writable(bytes: &'static [u8]) {
    const PAGE: usize = 4096;
    let begin = bytes.as_ptr().addr() / PAGE * PAGE;
    let size = (bytes.as_ptr().addr() + bytes.len()).next_multiple_of(PAGE) - begin;
    // SAFETY: these are whole pages of a private mapping of the executable's file.
    unsafe { libc::mprotect(begin as *mut c_void, size, libc::PROT_READ | libc::PROT_WRITE) };
}
