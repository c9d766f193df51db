//! Memory of JavaScript's buffers as slices, memory that is not zeroed, and the engine's SIMD
//! conversions of text with their bounds checked.

use std::alloc::Layout;
use std::ffi::c_void;
use std::ptr::NonNull;

use v8::simdutf::{self, Base64Options, LastChunkHandling, SimdUtfResult};

use super::allocator::{LARGE_ALIGNMENT, is_aligned, uninitialized};
use crate::sys::embedded;

/// Room for the bytes of an array that V8 keeps inside the object: reading copies them here.
pub type Inline = [u8; v8::TYPED_ARRAY_MAX_SIZE_IN_HEAP];

/// An empty [`Inline`].
pub const INLINE: Inline = [0; v8::TYPED_ARRAY_MAX_SIZE_IN_HEAP];

/// The least alignment of memory for an `ArrayBuffer`: that of `malloc`.
const ALIGNMENT: usize = 16;

/// Up to this size there is memory, or the process has none for anything.
const MODEST: usize = 1 << 20;

/// Lends the bytes of an `ArrayBuffer`, a `SharedArrayBuffer` or a view of either: none of what is
/// detached or something else. `read` must not run JavaScript.
pub fn with_bytes<R>(value: v8::Local<'_, v8::Value>, read: impl FnOnce(&[u8]) -> R) -> R {
    if let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(value) {
        let mut inline = INLINE;
        return read(view.get_contents(&mut inline));
    }
    if let Ok(buffer) = v8::Local::<v8::ArrayBuffer>::try_from(value) {
        return with_memory(buffer.data(), buffer.byte_length(), read);
    }
    if let Ok(buffer) = v8::Local::<v8::SharedArrayBuffer>::try_from(value) {
        let store = buffer.get_backing_store();
        return with_memory(store.data(), buffer.byte_length(), read);
    }
    read(&[])
}

fn with_memory<R>(data: Option<NonNull<c_void>>, length: usize, read: impl FnOnce(&[u8]) -> R) -> R {
    let Some(data) = data.filter(|_| length > 0) else { return read(&[]) };
    // SAFETY: a buffer has `length` bytes at `data`; the caller's handle keeps them alive, and no
    // JavaScript of this thread runs until `read` is done. Threads that share the memory race as they
    // do in JavaScript.
    read(unsafe { std::slice::from_raw_parts(data.cast::<u8>().as_ptr(), length) })
}

/// Lends the bytes of `view` for writing. `write` must not run JavaScript.
pub fn with_bytes_mut<R>(view: v8::Local<'_, v8::ArrayBufferView>, write: impl FnOnce(&mut [u8]) -> R) -> R {
    let (data, length) = if v8::TYPED_ARRAY_MAX_SIZE_IN_HEAP == 0 || view.has_buffer() {
        // SAFETY: the contents are outside the heap, so that no room for a copy is asked for.
        unsafe { view.get_contents_raw_parts(&mut []) }
    } else {
        (view.data().cast(), view.byte_length())
    };
    if length == 0 {
        return write(&mut []);
    }
    // SAFETY: a view that is not empty has `length` bytes at `data`; the handle keeps them alive, and
    // no JavaScript of this thread runs until `write` is done. Threads that share the memory race as
    // they do in JavaScript.
    write(unsafe { std::slice::from_raw_parts_mut(data, length) })
}

/// An `ArrayBuffer` of `size` bytes that hold anything, at an address that is a multiple of
/// `alignment` (a power of two, or 0 for any); `None` where there is not as much memory.
pub fn uninitialized_array_buffer<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    size: usize,
    alignment: usize,
) -> Option<v8::Local<'s, v8::ArrayBuffer>> {
    if size == 0 {
        return Some(v8::ArrayBuffer::new(scope, 0));
    }
    if size <= MODEST && (alignment <= ALIGNMENT || alignment <= LARGE_ALIGNMENT && is_aligned(size)) {
        return Some(uninitialized(scope, size));
    }
    let layout = Layout::from_size_align(size, alignment.max(ALIGNMENT)).ok()?;
    // SAFETY: the layout has a size that is not zero.
    let data = unsafe { std::alloc::alloc(layout) };
    if data.is_null() {
        return None;
    }
    let alignment = std::ptr::without_provenance_mut(layout.align());
    // SAFETY: `data` is valid for `size` bytes, and `release` frees it exactly as it was allocated.
    let store = unsafe { v8::ArrayBuffer::new_backing_store_from_ptr(data.cast(), size, release, alignment) };
    Some(v8::ArrayBuffer::with_backing_store(scope, &store.make_shared()))
}

/// An `ArrayBuffer` over bytes of this executable that the program may write to.
pub fn array_buffer_over<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    bytes: &'static [u8],
) -> v8::Local<'s, v8::ArrayBuffer> {
    if bytes.is_empty() {
        return v8::ArrayBuffer::new(scope, 0);
    }
    embedded::make_writable(bytes);
    let data = bytes.as_ptr().cast_mut().cast();
    // SAFETY: the bytes are there for as long as the process, and only JavaScript looks at them from now on.
    let store = unsafe {
        v8::ArrayBuffer::new_backing_store_from_ptr(data, bytes.len(), leave, std::ptr::null_mut())
    };
    v8::ArrayBuffer::with_backing_store(scope, &store.make_shared())
}

/// What is done with memory that is never freed.
unsafe extern "C" fn leave(_: *mut c_void, _: usize, _: *mut c_void) {}

/// Frees the memory of an [`uninitialized_array_buffer`]; the last argument is its alignment.
unsafe extern "C" fn release(data: *mut c_void, size: usize, alignment: *mut c_void) {
    if let Ok(layout) = Layout::from_size_align(size, alignment.addr()) {
        // SAFETY: V8 hands back what `uninitialized_array_buffer` gave it, with the same size.
        unsafe { std::alloc::dealloc(data.cast(), layout) };
    }
}

/// Copies `bytes` into the memory of a buffer from `offset` on. What does not fit is an error of the
/// caller.
pub fn copy_into(store: &v8::BackingStore, offset: usize, bytes: &[u8]) {
    let room = &store[offset..offset + bytes.len()];
    // SAFETY: `room` is that many bytes which may be written through a shared reference, and no memory
    // of a buffer overlaps memory of Rust's.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), room.as_ptr().cast_mut().cast(), bytes.len()) };
}

/// Writes Latin-1 as UTF-8 and returns the number of bytes; `None` where it does not fit.
pub fn latin1_to_utf8(input: &[u8], output: &mut [u8]) -> Option<usize> {
    // Two bytes a character are always enough; only where there is less is the length counted.
    if input.len() * 2 > output.len() && simdutf::utf8_length_from_latin1(input) > output.len() {
        return None;
    }
    // SAFETY: the output has room for the exact length.
    Some(unsafe { simdutf::convert_latin1_to_utf8(input, output) })
}

/// Writes UTF-16 without unpaired surrogates as UTF-8 and returns the number of bytes; `None` where
/// it does not fit. Unpaired surrogates give `Some(0)`.
pub fn utf16_to_utf8(input: &[u16], output: &mut [u8]) -> Option<usize> {
    // Three bytes a unit are always enough; only where there is less is the length counted.
    if input.len() * 3 > output.len() && simdutf::utf8_length_from_utf16le(input) > output.len() {
        return None;
    }
    // SAFETY: the output has room for the exact length.
    Some(unsafe { simdutf::convert_utf16le_to_utf8(input, output) })
}

/// Writes valid UTF-8 as UTF-16 and returns the number of units; `None` where it does not fit.
/// Invalid sequences give `Some(0)`.
pub fn utf8_to_utf16(input: &[u8], output: &mut [u16]) -> Option<usize> {
    // A unit for each byte is always enough; only where there is less is the length counted.
    if input.len() > output.len() && simdutf::utf16_length_from_utf8(input) > output.len() {
        return None;
    }
    // SAFETY: the output has room for the exact length.
    Some(unsafe { simdutf::convert_utf8_to_utf16le(input, output) })
}

/// Writes UTF-8 as Latin-1 and returns the number of characters; `None` where it might not fit.
/// Characters beyond Latin-1 and invalid sequences give `Some(0)`.
pub fn utf8_to_latin1(input: &[u8], output: &mut [u8]) -> Option<usize> {
    if input.len() > output.len() {
        return None;
    }
    // SAFETY: a character takes at least as many bytes in the input as in the output.
    Some(unsafe { simdutf::convert_utf8_to_latin1(input, output) })
}

/// How many characters of base64 stand for `length` bytes.
pub fn base64_length(length: usize, url: bool) -> usize {
    simdutf::base64_length_from_binary(length, base64_options(url))
}

/// Writes base64, in the alphabet of URLs and without padding if `url`.
pub fn base64_encode(input: &[u8], output: &mut [u8], url: bool) -> usize {
    assert!(output.len() >= base64_length(input.len(), url), "the output is too short");
    // SAFETY: the output has room for the exact length.
    unsafe { simdutf::binary_to_base64(input, output, base64_options(url)) }
}

fn base64_options(url: bool) -> Base64Options {
    if url { Base64Options::Url } else { Base64Options::Default }
}

/// Decodes base64 as the web's `atob` does; `None` where it might not fit.
pub fn base64_decode(input: &[u8], output: &mut [u8]) -> Option<SimdUtfResult> {
    if simdutf::maximal_binary_length_from_base64(input) > output.len() {
        return None;
    }
    // SAFETY: the output has room for the longest result that the input can have.
    Some(unsafe {
        simdutf::base64_to_binary(input, output, Base64Options::Default, LastChunkHandling::Loose)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(latin1_to_utf8(b"\xe9", &mut [0; 1]), None);
        assert_eq!(latin1_to_utf8(b"\xe9", &mut [0; 2]), Some(2));
        assert_eq!(utf16_to_utf8(&[0x20ac], &mut [0; 2]), None);
        assert_eq!(utf16_to_utf8(&[0x20ac], &mut [0; 3]), Some(3));
        assert_eq!(utf8_to_utf16("\u{1f600}".as_bytes(), &mut [0; 1]), None);
        assert_eq!(utf8_to_utf16("\u{1f600}".as_bytes(), &mut [0; 2]), Some(2));
        assert_eq!(utf8_to_latin1("\u{e9}".as_bytes(), &mut [0; 1]), None);
        assert_eq!(utf8_to_latin1("\u{e9}".as_bytes(), &mut [0; 2]), Some(1));
        assert_eq!(utf8_to_latin1("\u{20ac}".as_bytes(), &mut [0; 3]), Some(0));
        assert!(base64_decode(b"AAAA", &mut [0; 2]).is_none());
    }

    #[test]
    fn base64_has_two_alphabets() {
        let mut output = [0; 4];
        assert_eq!(base64_encode(&[0xff], &mut output, false), 4);
        assert_eq!(&output, b"/w==");
        assert_eq!(base64_encode(&[0xff], &mut output, true), 2);
        assert_eq!(&output[..2], b"_w");
    }
}
