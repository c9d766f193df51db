//! Message authentication codes by name, as objects that are fed step by step.

use std::cell::RefCell;

use super::input::{Encoding, output, with_input};
use super::{Args, Return, Scope};
use crate::bind::Bytes;
use crate::bind::error::ErrorClass;
use crate::bind::object::{self, State};
use crate::bind::permission::Denied;
use crate::crypto::error::CryptoError;
use crate::sys::openssl::mac::{MacContext, provided_names};
use crate::sys::openssl::params::{Params, Value};

/// The state of `Mac`.
#[derive(Default)]
pub(super) struct Mac {
    context: RefCell<Option<MacContext>>,
}

/// About what OpenSSL keeps for a code.
const MEMORY: usize = 1024;

impl State for Mac {
    fn memory(&self) -> usize {
        MEMORY
    }
}

pub(super) fn new_mac() -> Mac {
    Mac::default()
}

/// `macNames()`: all that a provider has; the older table has none.
pub(super) fn mac_names() -> (Vec<String>, Vec<String>) {
    (provided_names(), Vec::new())
}

/// `isMac(name)`
pub(super) fn is_mac(name: String) -> bool {
    let exists = MacContext::new(&name).is_some();
    // What a failed search leaves is of no use.
    let _ = CryptoError::peek("");
    exists
}

/// `beginMac(name, key, [digest, cipher], iv, customization, salt, length)`: texts and bytes that are undefined do
/// not go to the algorithm, and neither does a length of -1.
pub(super) fn begin_mac(
    this: object::This<Mac>,
    (name, key): Named,
    texts: Vec<Option<String>>,
    iv: Option<Bytes>,
    customization: Option<Bytes>,
    salt: Option<Bytes>,
    length: f64,
) -> Result<(), CryptoError> {
    let failed = || match CryptoError::take("Failed to initialize MAC") {
        CryptoError::Node { message, .. } => {
            CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_OPERATION_FAILED", message)
        }
        error => error,
    };
    let mut context = MacContext::new(&name).ok_or_else(failed)?;
    let mut params = Params::default();
    for (parameter, text) in [c"digest", c"cipher"].into_iter().zip(&texts) {
        if let Some(text) = text {
            params = params.with(parameter, Value::text(text));
        }
    }
    for (parameter, bytes) in [(c"iv", &iv), (c"custom", &customization), (c"salt", &salt)] {
        if let Some(bytes) = bytes {
            params = params.bytes(parameter, &bytes.0);
        }
    }
    if length >= 0.0 {
        params = params.with(c"size", Value::number(length as u64));
    }
    if !context.begin(&key.0, &params) {
        return Err(failed());
    }
    *this.context.borrow_mut() = Some(context);
    Ok(())
}

/// The name of an algorithm and a key: two arguments.
type Named = (String, Bytes);

impl crate::bind::convert::Arg for Named {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        Ok((String::take(scope, args, index)?, Bytes::take(scope, args, index)?))
    }
}

/// `updateMac(input)`: whether it went well.
pub(super) fn update_mac<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<Mac>(scope, args.this()) else { return };
    let mut context = this.context.borrow_mut();
    let Some(context) = context.as_mut() else { return };
    rv.set_bool(with_input(scope, args.get(0), |bytes| context.update(bytes)));
}

/// `finishMac(encoding)`
pub(super) fn finish_mac<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let Some(this) = object::state::<Mac>(scope, args.this()) else { return };
    let code = this.context.borrow_mut().take().and_then(|mut context| context.finish());
    match code {
        Some(code) => output(scope, &code, Encoding::at(&args, 0), rv),
        None => {
            let error = CryptoError::take("MAC operation failed").to_js(scope);
            scope.throw_exception(error);
        }
    }
}
