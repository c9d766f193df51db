//! PBKDF2 with HMAC of the SHA family. Each round hashes two blocks of bytes; OpenSSL's own function copies two
//! contexts for each, which takes half as long as the hashing, so that here the rounds are made of plain numbers.

use std::mem::MaybeUninit;
use std::ops::BitXorAssign;

use openssl_sys as ffi;

use super::digest::Digest;

unsafe extern "C" {
    fn SHA1_Transform(context: *mut ffi::SHA_CTX, block: *const u8);
    fn SHA256_Transform(context: *mut ffi::SHA256_CTX, block: *const u8);
    fn SHA512_Transform(context: *mut ffi::SHA512_CTX, block: *const u8);
}

/// The words of a block, and of a state at most.
const BLOCK_WORDS: usize = 16;
const STATE_WORDS: usize = 8;

/// The longest block and the longest result of the family, in bytes.
const MAX_BLOCK: usize = 128;
const MAX_SIZE: usize = 64;

/// What states and blocks are made of.
trait Word: Copy + Default + BitXorAssign {
    fn to_be(self) -> Self;

    /// The bytes as they stand in memory, into an output that may be shorter.
    fn write(self, output: &mut [u8]);

    /// A word that has these bytes in memory.
    fn read(bytes: &[u8]) -> Self;
}

macro_rules! word {
    ($name:ident) => {
        impl Word for $name {
            #[inline]
            fn to_be(self) -> Self {
                $name::to_be(self)
            }

            fn write(self, output: &mut [u8]) {
                output.copy_from_slice(&self.to_ne_bytes()[..output.len()]);
            }

            fn read(bytes: &[u8]) -> Self {
                let mut word = [0; size_of::<$name>()];
                word.copy_from_slice(bytes);
                $name::from_ne_bytes(word)
            }
        }
    };
}

word!(u32);
word!(u64);

/// A hash in the making, between two blocks or within one.
trait BlockHash {
    type Word: Word;

    /// The bytes of a result.
    const SIZE: usize;

    fn new() -> Self;

    fn update(&mut self, bytes: &[u8]);

    /// Ends it and gives the result at the beginning of the output. It is of no use any more.
    fn finish(&mut self, output: &mut [u8; MAX_SIZE]);

    /// What the blocks so far have made.
    fn state(&self) -> [Self::Word; STATE_WORDS];

    /// Adds one block to another state.
    fn compress(&mut self, state: &[Self::Word; STATE_WORDS], block: &[Self::Word; BLOCK_WORDS]);
}

macro_rules! block_hash {
    ($name:ident, $context:ident, $word:ident, $size:literal, [$($field:ident).+],
     $init:ident, $update:ident, $finish:ident, $transform:ident) => {
        struct $name(ffi::$context);

        impl BlockHash for $name {
            type Word = $word;
            const SIZE: usize = $size;

            fn new() -> Self {
                let mut context = MaybeUninit::<ffi::$context>::zeroed();
                // SAFETY: the pointer has room for a context.
                unsafe { ffi::$init(context.as_mut_ptr()) };
                // SAFETY: it is numbers alone, which are all there.
                $name(unsafe { context.assume_init() })
            }

            fn update(&mut self, bytes: &[u8]) {
                // SAFETY: the context is valid, and the pointer has as many bytes.
                unsafe { ffi::$update(&raw mut self.0, bytes.as_ptr().cast(), bytes.len()) };
            }

            fn finish(&mut self, output: &mut [u8; MAX_SIZE]) {
                // SAFETY: no result is longer than the room for it.
                unsafe { ffi::$finish(output.as_mut_ptr(), &raw mut self.0) };
            }

            #[inline]
            fn state(&self) -> [$word; STATE_WORDS] {
                block_hash!(@get self.0, $($field).+)
            }

            #[inline]
            fn compress(&mut self, state: &[$word; STATE_WORDS], block: &[$word; BLOCK_WORDS]) {
                block_hash!(@set self.0, $($field).+, state);
                // SAFETY: the context is valid, and a block has as many words.
                unsafe { $transform(&raw mut self.0, block.as_ptr().cast()) };
            }
        }
    };
    (@get $context:expr, h) => { $context.h };
    (@set $context:expr, h, $state:ident) => { $context.h = *$state };
    (@get $context:expr, h0.h1.h2.h3.h4) => {
        [$context.h0, $context.h1, $context.h2, $context.h3, $context.h4, 0, 0, 0]
    };
    (@set $context:expr, h0.h1.h2.h3.h4, $state:ident) => {
        [$context.h0, $context.h1, $context.h2, $context.h3, $context.h4, ..] = *$state
    };
}

block_hash!(Sha1, SHA_CTX, u32, 20, [h0.h1.h2.h3.h4], SHA1_Init, SHA1_Update, SHA1_Final, SHA1_Transform);
block_hash!(Sha224, SHA256_CTX, u32, 28, [h], SHA224_Init, SHA224_Update, SHA224_Final, SHA256_Transform);
block_hash!(Sha256, SHA256_CTX, u32, 32, [h], SHA256_Init, SHA256_Update, SHA256_Final, SHA256_Transform);
block_hash!(Sha384, SHA512_CTX, u64, 48, [h], SHA384_Init, SHA384_Update, SHA384_Final, SHA512_Transform);
block_hash!(Sha512, SHA512_CTX, u64, 64, [h], SHA512_Init, SHA512_Update, SHA512_Final, SHA512_Transform);

/// PBKDF2 by the rounds of this file; false for a digest of another family.
pub(super) fn derive(
    digest: Digest,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    output: &mut [u8],
) -> bool {
    let derive = match digest.name().as_str() {
        "SHA1" => derive_with::<Sha1>,
        "SHA2-224" => derive_with::<Sha224>,
        "SHA2-256" => derive_with::<Sha256>,
        "SHA2-384" => derive_with::<Sha384>,
        "SHA2-512" => derive_with::<Sha512>,
        _ => return false,
    };
    derive(password, salt, iterations, output);
    true
}

/// A hash of HMAC's behind its block of key.
fn keyed<H: BlockHash>(password: &[u8], pad: u8) -> H {
    let block = size_of::<H::Word>() * BLOCK_WORDS;
    let mut key = [0; MAX_BLOCK];
    if password.len() > block {
        let mut hash = H::new();
        hash.update(password);
        let mut digest = [0; MAX_SIZE];
        hash.finish(&mut digest);
        key[..H::SIZE].copy_from_slice(&digest[..H::SIZE]);
    } else {
        key[..password.len()].copy_from_slice(password);
    }
    let mut hash = H::new();
    hash.update(&key.map(|byte| byte ^ pad)[..block]);
    hash
}

/// The keyed hash of the message whose parts are given.
fn hmac<H: BlockHash>(password: &[u8], parts: [&[u8]; 2]) -> [u8; MAX_SIZE] {
    let mut digest = [0; MAX_SIZE];
    let mut inner = keyed::<H>(password, 0x36);
    for part in parts {
        inner.update(part);
    }
    inner.finish(&mut digest);
    let mut outer = keyed::<H>(password, 0x5c);
    outer.update(&digest[..H::SIZE]);
    outer.finish(&mut digest);
    digest
}

fn derive_with<H: BlockHash>(password: &[u8], salt: &[u8], iterations: u32, output: &mut [u8]) {
    let word = size_of::<H::Word>();
    let words = H::SIZE / word;
    let mut hash = keyed::<H>(password, 0x36);
    let inner = hash.state();
    let outer = keyed::<H>(password, 0x5c).state();
    // What is hashed in every round behind a block of key: a result of `words` words, with its padding.
    let mut padded = [0; MAX_BLOCK];
    padded[H::SIZE] = 0x80;
    let end = word * BLOCK_WORDS;
    let bits = (end + H::SIZE) as u64 * 8;
    padded[end - 8..end].copy_from_slice(&bits.to_be_bytes());
    let mut block = [H::Word::default(); BLOCK_WORDS];
    for (index, output) in output.chunks_mut(H::SIZE).enumerate() {
        let first = hmac::<H>(password, [salt, &(index as u32 + 1).to_be_bytes()]);
        padded[..H::SIZE].copy_from_slice(&first[..H::SIZE]);
        for (block, bytes) in block.iter_mut().zip(padded.chunks_exact(word)) {
            *block = H::Word::read(bytes);
        }
        let mut sum = block;
        for _ in 1..iterations {
            for state in [&inner, &outer] {
                hash.compress(state, &block);
                let state = hash.state();
                for at in 0..words {
                    block[at] = state[at].to_be();
                }
            }
            for at in 0..words {
                sum[at] ^= block[at];
            }
        }
        for (bytes, word) in output.chunks_mut(word).zip(sum) {
            word.write(bytes);
        }
    }
}
