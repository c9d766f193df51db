//! Ciphers: facts about them, and objects that encrypt or decrypt step by step.

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

use super::input::{Encoding, output, with_input};
use super::{Args, Return, Scope, size_at};
use crate::bind::buffer::{with_bytes, with_bytes_mut};
use crate::bind::error::ErrorClass;
use crate::bind::object::{self, State};
use crate::crypto::error::CryptoError;
use crate::sys::openssl::cipher::{Cipher, CipherContext, MAX_AEAD_IV, MAX_BLOCK, Mode};
use crate::sys::openssl::cipher::{provided_names, table_names};

/// The algorithms that have been asked for, under their numbers.
static KNOWN: Mutex<Vec<(String, Cipher)>> = Mutex::new(Vec::new());

/// `cipherOf(name)`: number, bytes of a block, name of the mode, whether it authenticates; undefined where there is no
/// such cipher.
pub(super) fn cipher_of(name: String) -> Option<(u32, u32, &'static str, bool)> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let number = match known.iter().position(|(other, _)| *other == name) {
        Some(number) => number,
        None => {
            let cipher = Cipher::fetch(&name);
            // What a failed search leaves is of no use.
            let _ = CryptoError::peek("");
            known.push((name, cipher?));
            known.len() - 1
        }
    };
    let cipher = known[number].1;
    Some((number as u32, cipher.block_size() as u32, cipher.mode()?.name(), cipher.is_authenticated()))
}

/// The algorithm of a number that `cipherOf` has given.
pub(super) fn numbered(number: usize) -> Cipher {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match known.get(number) {
        Some((_, cipher)) => *cipher,
        None => panic!("no cipher has the number {number}"),
    }
}

/// `cipherNames()`: all names of all that a provider has, and those of the older table that mean one of them.
pub(super) fn cipher_names() -> (Vec<String>, Vec<String>) {
    let mut older = table_names();
    older.retain(|name| Cipher::fetch(name).is_some_and(Cipher::is_provided));
    let _ = CryptoError::peek("");
    (provided_names(), older)
}

type Facts = (&'static str, String, i32, (u32, u32, u32));

/// `cipherInfo(name, nid, keyLength, ivLength)`: mode, name, number of the object (0 for none) and the lengths of key,
/// block and initialization vector; undefined where there is no such cipher or it does not take these lengths, of
/// which 0 and -1 stand for its own. Without a name the number of the object counts.
pub(super) fn cipher_info(name: Option<String>, nid: i32, key_length: u32, iv_length: i32) -> Option<Facts> {
    let cipher = match name {
        Some(name) => Cipher::fetch(&name),
        None => Cipher::of_nid(nid),
    };
    let _ = CryptoError::peek("");
    let cipher = cipher?;
    let mode = cipher.mode()?;
    let own = cipher.iv_length();
    let wanted = usize::try_from(iv_length).ok();
    if key_length != 0 || wanted.is_some() {
        // Nobody can try the lengths of what no provider has.
        let known = Cipher::fetch(&cipher.name());
        let _ = CryptoError::peek("");
        known.filter(|known| known.is_provided())?;
    }
    if key_length != 0 && key_length as usize != cipher.key_length() {
        return None;
    }
    if wanted.is_some_and(|wanted| wanted != own && !takes_iv(cipher, mode, wanted)) {
        return None;
    }
    let wanted = wanted.unwrap_or(own);
    let name = match cipher.nid() {
        0 => cipher.name(),
        nid => openssl::nid::Nid::from_raw(nid).short_name().map_or_else(|_| cipher.name(), str::to_owned),
    };
    let lengths = (cipher.key_length() as u32, cipher.block_size() as u32, wanted as u32);
    Some((mode.name(), name.to_lowercase(), cipher.nid(), lengths))
}

/// Whether an authenticated mode takes an initialization vector of another length than its usual one.
fn takes_iv(cipher: Cipher, mode: Mode, length: usize) -> bool {
    match mode {
        Mode::Ccm => (7..=13).contains(&length),
        Mode::Siv | Mode::GcmSiv => false,
        Mode::Gcm if length == 0 => true,
        _ if !cipher.is_authenticated() => false,
        _ => {
            let accepted =
                CipherContext::new(cipher, true).is_some_and(|mut context| context.set_iv_length(length));
            let _ = CryptoError::peek("");
            accepted
        }
    }
}

/// The usual length of a tag, and the longest.
const TAG: usize = 16;

/// A cipher at work.
pub(super) struct Work {
    context: CipherContext,
    mode: Mode,
    is_encrypting: bool,
    is_authenticated: bool,
    /// The length of the tag, as far as it has been chosen.
    tag_length: Option<usize>,
    /// The tag that the plaintext shall have.
    tag: Option<Vec<u8>>,
    is_tag_passed: bool,
    /// The longest text of the mode.
    max_length: usize,
    has_text: bool,
    is_forged: bool,
}

/// The state of `Cipher`: nothing before its beginning and after its end.
#[derive(Default)]
pub(super) struct CipherState {
    work: RefCell<Option<Work>>,
}

/// About what OpenSSL keeps for a cipher.
const MEMORY: usize = 1024;

impl State for CipherState {
    fn memory(&self) -> usize {
        MEMORY
    }
}

pub(super) fn new_cipher() -> CipherState {
    CipherState::default()
}

fn throw(scope: &mut Scope<'_, '_>, error: &CryptoError) {
    let error = error.to_js(scope);
    scope.throw_exception(error);
}

fn invalid_iv() -> CryptoError {
    CryptoError::node(ErrorClass::Type, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector")
}

fn invalid_tag(length: usize) -> CryptoError {
    let message = format!("Invalid authentication tag length: {length}");
    CryptoError::node(ErrorClass::Type, "ERR_CRYPTO_INVALID_AUTH_TAG", message)
}

fn invalid_length() -> CryptoError {
    CryptoError::node(ErrorClass::Range, "ERR_CRYPTO_INVALID_MESSAGELEN", "Invalid message length")
}

/// `beginCipher(number, encrypt, key, iv, tagLength, name)`: starts anew; `iv` may be null, `tagLength` -1.
pub(super) fn begin_cipher<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = object::state::<CipherState>(scope, args.this()) else { return };
    let cipher = numbered(size_at(&args, 0));
    let is_encrypting = args.get(1).is_true();
    let tag_length = usize::try_from(args.get(4).int32_value(scope).unwrap_or(-1)).ok();
    let iv = args.get(3);
    let begun = with_bytes(args.get(2), |key| {
        if iv.is_null() {
            return Work::begin(cipher, is_encrypting, key, None, tag_length);
        }
        with_bytes(iv, |iv| Work::begin(cipher, is_encrypting, key, Some(iv), tag_length))
    });
    match begun {
        Ok(work) => *this.work.borrow_mut() = Some(work),
        Err(Refusal::TagRequired) => {
            let name = args.get(5).to_rust_string_lossy(scope);
            let message = format!("authTagLength required for {name}");
            throw(scope, &CryptoError::node(ErrorClass::Type, "ERR_CRYPTO_INVALID_AUTH_TAG", message));
        }
        Err(Refusal::Error(error)) => throw(scope, &error),
    }
}

/// Why a cipher cannot begin.
enum Refusal {
    TagRequired,
    Error(CryptoError),
}

impl From<CryptoError> for Refusal {
    fn from(error: CryptoError) -> Self {
        Refusal::Error(error)
    }
}

impl Work {
    fn begin(
        cipher: Cipher,
        is_encrypting: bool,
        key: &[u8],
        iv: Option<&[u8]>,
        tag_length: Option<usize>,
    ) -> Result<Work, Refusal> {
        let Some(mode) = cipher.mode() else { return Err(CryptoError::plain("Unknown cipher").into()) };
        let is_authenticated = cipher.is_authenticated();
        check_iv(cipher, mode, iv)?;
        let failed = || Refusal::Error(CryptoError::peek("Failed to initialize cipher"));
        let context = CipherContext::new(cipher, is_encrypting).ok_or_else(failed)?;
        let mut work = Work {
            context,
            mode,
            is_encrypting,
            is_authenticated,
            tag_length,
            tag: None,
            is_tag_passed: false,
            max_length: i32::MAX as usize,
            has_text: false,
            is_forged: false,
        };
        if is_authenticated {
            work.choose_lengths(cipher, iv.map_or(0, <[u8]>::len))?;
        }
        if key.len() != cipher.key_length() {
            let error =
                CryptoError::node(ErrorClass::Range, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
            return Err(error.into());
        }
        let iv = iv.filter(|iv| !iv.is_empty());
        if work.context.start(key, iv) { Ok(work) } else { Err(failed()) }
    }

    /// The same for text that is there as a whole.
    pub(super) fn whole(
        cipher: Cipher,
        is_encrypting: bool,
        key: &[u8],
        iv: Option<&[u8]>,
        tag_length: Option<usize>,
    ) -> Result<Work, CryptoError> {
        match Self::begin(cipher, is_encrypting, key, iv, tag_length) {
            Ok(work) => Ok(work),
            Err(Refusal::Error(error)) => Err(error),
            Err(Refusal::TagRequired) => Err(CryptoError::plain("Cipher job failed")),
        }
    }

    /// Says which tag the plaintext shall have.
    pub(super) fn expect_tag(&mut self, tag: &[u8]) {
        self.tag = Some(tag.to_vec());
    }

    /// Adds data that are authenticated alone, in a mode that need not know the length of the text.
    pub(super) fn authenticate_whole(&mut self, data: &[u8]) -> bool {
        (self.is_encrypting || self.pass_tag()) && self.context.authenticate(data)
    }

    /// The tag of what has been encrypted.
    pub(super) fn tag(&mut self, output: &mut [u8]) -> bool {
        self.context.tag(output)
    }

    /// The lengths of initialization vector and tag of an authenticated mode.
    fn choose_lengths(&mut self, cipher: Cipher, iv_length: usize) -> Result<(), Refusal> {
        if iv_length != 0 && iv_length != cipher.iv_length() && !self.context.set_iv_length(iv_length) {
            let _ = CryptoError::peek("");
            return Err(invalid_iv().into());
        }
        match (self.mode, self.tag_length) {
            (Mode::Gcm, Some(length)) if !matches!(length, 4 | 8 | 12..=16) => {
                return Err(invalid_tag(length).into());
            }
            (Mode::Siv | Mode::GcmSiv, Some(length)) if length != TAG => {
                return Err(invalid_tag(length).into());
            }
            (Mode::Gcm | Mode::Siv | Mode::GcmSiv, _) => return Ok(()),
            (Mode::Ccm | Mode::Ocb, None) => return Err(Refusal::TagRequired),
            (Mode::Ccm, _) => {
                // The shorter the nonce, the more bytes are left to count with.
                self.max_length = match iv_length {
                    12 => (1 << 24) - 1,
                    13 => (1 << 16) - 1,
                    _ => i32::MAX as usize,
                };
            }
            _ => {}
        }
        let length = *self.tag_length.get_or_insert(TAG);
        // The tag of ChaCha20-Poly1305 needs no announcement where it is read.
        let is_known = self.mode != Mode::Stream || (1..=TAG).contains(&length);
        if length > TAG || !is_known || (self.mode != Mode::Stream && !self.context.set_tag_length(length)) {
            let _ = CryptoError::peek("");
            return Err(invalid_tag(length).into());
        }
        Ok(())
    }

    /// Tells OpenSSL the tag in time.
    fn pass_tag(&mut self) -> bool {
        match &self.tag {
            Some(tag) if !self.is_tag_passed => {
                self.is_tag_passed = true;
                self.context.set_tag(tag)
            }
            _ => true,
        }
    }

    /// What comes before text is added: whether it may be.
    fn admit(&mut self, length: usize) -> Result<bool, CryptoError> {
        if self.mode == Mode::Ccm {
            if length > self.max_length {
                return Err(invalid_length());
            }
            if self.has_text {
                return Ok(false);
            }
        }
        // A key is wrapped as a whole.
        if self.mode == Mode::Wrap && self.has_text {
            return Ok(false);
        }
        self.has_text = true;
        Ok(self.is_encrypting || self.pass_tag())
    }

    /// Adds text. A forgery that CCM notices at once is told at the end.
    pub(super) fn update(&mut self, input: &[u8], output: &mut [u8]) -> Option<usize> {
        let written = self.context.update(input, output);
        if written.is_none() && self.mode == Mode::Ccm && !self.is_encrypting {
            self.is_forged = true;
            return Some(0);
        }
        written
    }

    pub(super) fn finish(&mut self, output: &mut [u8; MAX_BLOCK]) -> Result<usize, CryptoError> {
        let is_verifying = self.is_authenticated && !self.is_encrypting;
        let written = if is_verifying && (self.tag.is_none() || !self.pass_tag()) {
            None
        } else if is_verifying && self.mode == Mode::Ccm {
            (self.has_text && !self.is_forged).then_some(0)
        } else {
            self.context.finish(output)
        };
        match written {
            Some(written) => Ok(written),
            None if self.is_authenticated => {
                let _ = CryptoError::peek("");
                Err(CryptoError::plain("Unsupported state or unable to authenticate data"))
            }
            None => Err(CryptoError::peek("Unsupported state")),
        }
    }
}

/// The initialization vector has the cipher's length, or one that an authenticated mode may be given.
fn check_iv(cipher: Cipher, mode: Mode, iv: Option<&[u8]>) -> Result<(), CryptoError> {
    let expected = cipher.iv_length();
    let is_good = match iv.map(<[u8]>::len) {
        None => expected == 0,
        Some(length) if expected == 0 => length == 0,
        Some(length) if !cipher.is_authenticated() => length == expected,
        // OpenSSL would take a longer nonce of ChaCha20-Poly1305 for a shorter one.
        Some(length) if mode == Mode::Stream => (1..=expected).contains(&length),
        Some(length) if mode == Mode::GcmSiv => length == expected,
        Some(length) => (1..=MAX_AEAD_IV).contains(&length),
    };
    if is_good { Ok(()) } else { Err(invalid_iv()) }
}

/// `setPadding(pad)`: whether it was time to.
pub(super) fn set_padding(this: object::This<CipherState>, pad: bool) -> bool {
    this.work.borrow_mut().as_mut().is_some_and(|work| work.context.set_padding(pad))
}

/// `setTag(tag)`: whether it was time to.
pub(super) fn set_tag<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<CipherState>(scope, args.this()) else { return };
    let mut work = this.work.borrow_mut();
    let work =
        work.as_mut().filter(|work| work.is_authenticated && !work.is_encrypting && work.tag.is_none());
    let Some(work) = work else { return rv.set_bool(false) };
    let tag = with_bytes(args.get(0), <[u8]>::to_vec);
    if tag.len() != work.tag_length.unwrap_or(TAG) {
        return throw(scope, &invalid_tag(tag.len()));
    }
    work.tag_length = Some(tag.len());
    work.tag = Some(tag);
    rv.set_bool(true);
}

/// `authenticate(data, plaintextLength)`: whether it was time to; the length is -1 where it was not given.
pub(super) fn authenticate<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<CipherState>(scope, args.this()) else { return };
    let mut work = this.work.borrow_mut();
    let work = work.as_mut().filter(|work| work.is_authenticated);
    let Some(work) = work else { return rv.set_bool(false) };
    let mut is_good = true;
    if work.mode == Mode::Ccm {
        let Ok(length) = usize::try_from(args.get(1).integer_value(scope).unwrap_or(-1)) else {
            let message = "options.plaintextLength required for CCM mode with AAD";
            return throw(scope, &CryptoError::node(ErrorClass::Type, "ERR_MISSING_ARGS", message));
        };
        if length > work.max_length {
            return throw(scope, &invalid_length());
        }
        is_good = (work.is_encrypting || work.pass_tag()) && work.context.announce(length);
    }
    is_good = is_good && (work.is_encrypting || work.pass_tag());
    is_good = is_good && with_bytes(args.get(0), |data| work.context.authenticate(data));
    let _ = CryptoError::peek("");
    rv.set_bool(is_good);
}

thread_local! {
    /// Room for the output of ciphers that may write more than they read.
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Rooms that have grown beyond this are not kept.
const KEPT_ROOM: usize = 1 << 16;

/// `update(input, output)`: how much has come out, or -1. The output has at least as many bytes as come out.
pub(super) fn update<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<CipherState>(scope, args.this()) else { return };
    let mut work = this.work.borrow_mut();
    let Some(work) = work.as_mut() else { return rv.set_int32(-1) };
    let Ok(output) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(1)) else { return };
    let written = with_bytes(args.get(0), |input| {
        if !work.admit(input.len())? {
            return Ok(None);
        }
        Ok(with_bytes_mut(output, |output| match output.len() == input.len() {
            true if !has_blocks(work.mode) => work.update(input, output),
            _ => with_room(input.len() + MAX_BLOCK, |room| {
                let written = work.update(input, room)?;
                output[..written].copy_from_slice(&room[..written]);
                Some(written)
            }),
        }))
    });
    match written {
        Ok(Some(written)) => rv.set_uint32(written as u32),
        Ok(None) => {
            let _ = CryptoError::peek("");
            rv.set_int32(-1);
        }
        Err(error) => throw(scope, &error),
    }
}

fn has_blocks(mode: Mode) -> bool {
    matches!(mode, Mode::Ecb | Mode::Cbc | Mode::Wrap)
}

fn with_room<R>(length: usize, write: impl FnOnce(&mut [u8]) -> R) -> R {
    ROOM.with_borrow_mut(|room| {
        if room.len() < length {
            room.resize(length, 0);
        }
        let result = write(&mut room[..length]);
        // It held text.
        room[..length].fill(0);
        if room.len() > KEPT_ROOM {
            *room = Vec::new();
        }
        result
    })
}

/// `updateAny(input)`: what has come out, an `ArrayBuffer`; undefined where it failed. For modes whose output may
/// have any length.
pub(super) fn update_any<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let Some(this) = object::state::<CipherState>(scope, args.this()) else { return };
    let mut work = this.work.borrow_mut();
    let Some(work) = work.as_mut() else { return };
    let made = with_input(scope, args.get(0), |input| {
        if !work.admit(input.len())? {
            return Ok(None);
        }
        let mut room = vec![0; input.len() + MAX_BLOCK];
        Ok(work.update(input, &mut room).map(|written| {
            room.truncate(written);
            room
        }))
    });
    match made {
        Ok(Some(made)) => output(scope, &made, Encoding::Bytes, rv),
        Ok(None) => {
            let _ = CryptoError::peek("");
        }
        Err(error) => throw(scope, &error),
    }
}

/// `finish(output, tag)`: how much has come out; the tag of what was encrypted is written where there is one. Its length
/// comes in the higher bits, as multiples of 256.
pub(super) fn finish<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<CipherState>(scope, args.this()) else { return };
    let Some(mut work) = this.work.borrow_mut().take() else {
        return throw(
            scope,
            &CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_INVALID_STATE", "Invalid state"),
        );
    };
    let mut room = [0; MAX_BLOCK];
    let written = match work.finish(&mut room) {
        Ok(written) => written,
        Err(error) => return throw(scope, &error),
    };
    if let Ok(output) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(0)) {
        with_bytes_mut(output, |output| output[..written].copy_from_slice(&room[..written]));
    }
    let mut tag_length = 0;
    if work.is_authenticated
        && work.is_encrypting
        && let Ok(tag) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(1))
    {
        tag_length = work.tag_length.unwrap_or(TAG);
        with_bytes_mut(tag, |tag| work.context.tag(&mut tag[..tag_length]));
    }
    rv.set_uint32((written | tag_length << 8) as u32);
}
