//! Random bytes, and comparison in constant time.

use std::cell::RefCell;

use super::{Args, Return, Scope, size_at};
use crate::bind::buffer::{with_bytes, with_bytes_mut};
use crate::bind::call;
use crate::bind::convert::FromJs;
use crate::bind::view::View;
use crate::crypto::error::CryptoError;
use crate::sys::openssl::random;

/// `randomFillSync(view, offset, size)`
pub(super) fn random_fill_sync<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(0)) else { return };
    let (offset, size) = (size_at(&args, 1), size_at(&args, 2));
    if !with_bytes_mut(view, |bytes| random::fill(&mut bytes[offset..offset + size])) {
        let error = CryptoError::peek("Operation failed").to_js(scope);
        scope.throw_exception(error);
    }
}

/// `randomFill(view, offset, size, callback)`: on the pool.
pub(super) fn random_fill<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let mut view = View::from_js(scope, args.get(0));
    let (offset, size) = (size_at(&args, 1), size_at(&args, 2));
    let Ok(callback) = v8::Local::<v8::Function>::try_from(args.get(3)) else { return };
    call::request(scope, "RandomBytesRequest", callback, move || {
        match random::fill(&mut view.bytes_mut()[offset..offset + size]) {
            true => Ok(()),
            false => Err(CryptoError::peek("Operation failed")),
        }
    });
}

/// `timingSafeEqual(a, b)`: of buffers that have the same length.
pub(super) fn timing_safe_equal<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    rv.set_bool(with_bytes(args.get(0), |a| with_bytes(args.get(1), |b| random::is_equal(a, b))));
}

/// How many UUIDs' random bytes are asked for at once.
const BLOCK: usize = 512;

thread_local! {
    /// Random bytes for the next UUIDs, and how many UUIDs have been made of them.
    static UUIDS: RefCell<([[u8; 16]; BLOCK], usize)> = const { RefCell::new(([[0; 16]; BLOCK], BLOCK)) };
}

fn sixteen_bytes(is_fresh: bool) -> Result<[u8; 16], CryptoError> {
    let failed = || CryptoError::peek("Operation failed");
    if is_fresh {
        let mut bytes = [0; 16];
        return random::fill(&mut bytes).then_some(bytes).ok_or_else(failed);
    }
    UUIDS.with_borrow_mut(|(block, used)| {
        if *used == BLOCK {
            if !random::fill(block.as_flattened_mut()) {
                return Err(failed());
            }
            *used = 0;
        }
        *used += 1;
        // What has been given away is not kept.
        Ok(std::mem::take(&mut block[*used - 1]))
    })
}

/// Returns the text of a UUID of a version.
fn uuid<'s>(scope: &mut Scope<'s, '_>, mut bytes: [u8; 16], version: u8, mut rv: Return<'s>) {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut digits = [0; 32];
    if faster_hex::hex_encode(&bytes, &mut digits).is_err() {
        unreachable!("there is room for all digits");
    }
    let mut text = [b'-'; 36];
    for (start, range) in [(0, 0..8), (9, 8..12), (14, 12..16), (19, 16..20), (24, 20..32)] {
        text[start..start + range.len()].copy_from_slice(&digits[range]);
    }
    if let Some(text) = v8::String::new_from_one_byte(scope, &text, v8::NewStringType::Normal) {
        rv.set(text.into());
    }
}

/// `randomUuid(isFresh)`: version 4; `isFresh` asks for random bytes for this one alone.
pub(super) fn random_uuid<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    match sixteen_bytes(args.get(0).is_true()) {
        Ok(bytes) => uuid(scope, bytes, 4, rv),
        Err(error) => {
            let error = error.to_js(scope);
            scope.throw_exception(error);
        }
    }
}

/// `randomUuidV7(isFresh, time)`: version 7, which begins with the time in milliseconds.
pub(super) fn random_uuid_v7<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let time = (size_at(&args, 1) as u64).to_be_bytes();
    match sixteen_bytes(args.get(0).is_true()) {
        Ok(mut bytes) => {
            bytes[..6].copy_from_slice(&time[2..]);
            uuid(scope, bytes, 7, rv);
        }
        Err(error) => {
            let error = error.to_js(scope);
            scope.throw_exception(error);
        }
    }
}
