//! Failures of OpenSSL, and of arguments that only it can judge, as Node's errors: the one place that makes
//! them, for `crypto`, `tls` and everything that uses their library.

use openssl::error::{Error, ErrorStack};

use crate::bind::IntoJs;
use crate::bind::convert::{set, string};
use crate::bind::error::{ErrorClass, coded};

/// A failed operation, on its way to JavaScript. It may cross threads: OpenSSL's queue, which belongs to a
/// thread, is emptied where the failure is found.
#[derive(Debug, Clone)]
pub enum CryptoError {
    /// What OpenSSL's queue of errors held.
    Library {
        /// The oldest error, which gives message and code.
        first: Error,
        /// What `opensslErrorStack` lists, the newest first; without entries there is no such property.
        stack: Vec<Error>,
    },
    /// What OpenSSL's queue held beside a message of Node's own.
    Described {
        /// The message.
        message: String,
        /// The oldest error, which gives the code.
        first: Error,
        /// What `opensslErrorStack` lists.
        stack: Vec<Error>,
    },
    /// An error of Node's own.
    Node {
        /// Its class.
        class: ErrorClass,
        /// `ERR_...`; None for an error without a code.
        code: Option<&'static str>,
        /// Its message.
        message: String,
    },
}

impl CryptoError {
    /// An error with one of Node's codes.
    pub fn node(class: ErrorClass, code: &'static str, message: impl Into<String>) -> Self {
        CryptoError::Node { class, code: Some(code), message: message.into() }
    }

    /// An `Error` without a code.
    pub fn plain(message: impl Into<String>) -> Self {
        CryptoError::Node { class: ErrorClass::Error, code: None, message: message.into() }
    }

    /// What OpenSSL reports on this thread: its oldest error, with all of them, itself included, as stack.
    /// `message` is for a failure that it has not reported.
    pub fn peek(message: &str) -> Self {
        Self::from_stack(&ErrorStack::get(), message)
    }

    /// The same with the others only as stack: what Node does where it takes the first error out of the queue.
    pub fn take(message: &str) -> Self {
        Self::taken(&ErrorStack::get(), message)
    }

    /// Like [`CryptoError::take`], for errors that have been taken out of the queue already.
    pub fn taken(stack: &ErrorStack, message: &str) -> Self {
        match stack.errors() {
            [] => Self::plain(message),
            [first, rest @ ..] => {
                CryptoError::Library { first: first.clone(), stack: rest.iter().rev().cloned().collect() }
            }
        }
    }

    /// Like [`CryptoError::peek`], for errors that have been taken out of the queue already.
    pub fn from_stack(stack: &ErrorStack, message: &str) -> Self {
        match stack.errors() {
            [] => Self::plain(message),
            errors @ [first, ..] => {
                CryptoError::Library { first: first.clone(), stack: errors.iter().rev().cloned().collect() }
            }
        }
    }

    /// A failure that Node describes itself, with what OpenSSL has reported beside it.
    pub fn with_message(stack: &ErrorStack, message: &str) -> Self {
        match stack.errors() {
            [] => Self::plain(message),
            errors @ [first, ..] => CryptoError::Described {
                message: message.to_owned(),
                first: first.clone(),
                stack: errors.iter().rev().cloned().collect(),
            },
        }
    }

    /// The message, as the error will have it.
    pub fn message(&self) -> String {
        match self {
            CryptoError::Library { first, .. } => error_text(first),
            CryptoError::Described { message, .. } | CryptoError::Node { message, .. } => message.clone(),
        }
    }

    /// Makes the error: the properties `opensslErrorStack`, `library`, `reason`, `code` in that order, as far as
    /// there are such facts.
    pub fn to_js<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
        match self {
            CryptoError::Library { first, stack } => library_error(scope, &error_text(first), first, stack),
            CryptoError::Described { message, first, stack } => library_error(scope, message, first, stack),
            CryptoError::Node { class, code, message } => coded(scope, *class, *code, message),
        }
    }
}

impl From<ErrorStack> for CryptoError {
    fn from(stack: ErrorStack) -> Self {
        Self::from_stack(&stack, "Operation failed")
    }
}

impl<T: IntoJs> IntoJs for Result<T, CryptoError> {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            Ok(value) => value.into_js(scope),
            Err(error) => Err(error.to_js(scope)),
        }
    }
}

fn library_error<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    message: &str,
    first: &Error,
    stack: &[Error],
) -> v8::Local<'s, v8::Value> {
    let message = string(scope, message);
    let error = v8::Exception::error(scope, message);
    let Ok(object) = v8::Local::<v8::Object>::try_from(error) else { return error };
    if !stack.is_empty() {
        let texts: Vec<v8::Local<v8::Value>> =
            stack.iter().map(|error| string(scope, &error_text(error)).into()).collect();
        let texts = v8::Array::new_with_elements(scope, &texts).into();
        set(scope, object, "opensslErrorStack", texts);
    }
    let facts =
        [("library", first.library().map(str::to_owned)), ("reason", first.reason().map(str::to_owned))];
    for (name, fact) in facts.into_iter().chain([("code", error_code(first))]) {
        if let Some(fact) = fact {
            let fact = string(scope, &fact).into();
            set(scope, object, name, fact);
        }
    }
    error
}

/// OpenSSL's own one-line form, without the function, which its third version does not know.
pub fn error_text(error: &Error) -> String {
    let library = match error.library() {
        Some(name) => name.to_owned(),
        None => format!("lib({})", error.library_code()),
    };
    let reason = match error.reason() {
        Some(text) => text.to_owned(),
        None => format!("reason({})", error.reason_code()),
    };
    format!("error:{:08X}:{library}::{reason}", error.code())
}

/// Node's `code`: `ERR_OSSL_` or `ERR_SSL_`, the short name of an older library, the reason in capitals.
fn error_code(error: &Error) -> Option<String> {
    let reason = error.reason()?.to_ascii_uppercase().replace(' ', "_");
    Some(match error.library_code() {
        ERR_LIB_SSL => format!("ERR_SSL_{reason}"),
        library => match LIBRARIES.iter().find(|(number, _)| *number == library) {
            Some((_, name)) => format!("ERR_OSSL_{name}_{reason}"),
            None => format!("ERR_OSSL_{reason}"),
        },
    })
}

const ERR_LIB_SSL: i32 = 20;

/// The libraries within OpenSSL whose names are part of a code, by their numbers.
const LIBRARIES: [(i32, &str); 35] = [
    (2, "SYS"),
    (3, "BN"),
    (4, "RSA"),
    (5, "DH"),
    (6, "EVP"),
    (7, "BUF"),
    (8, "OBJ"),
    (9, "PEM"),
    (10, "DSA"),
    (11, "X509"),
    (13, "ASN1"),
    (14, "CONF"),
    (15, "CRYPTO"),
    (16, "EC"),
    (32, "BIO"),
    (33, "PKCS7"),
    (34, "X509V3"),
    (35, "PKCS12"),
    (36, "RAND"),
    (37, "DSO"),
    (38, "ENGINE"),
    (39, "OCSP"),
    (40, "UI"),
    (41, "COMP"),
    (42, "ECDSA"),
    (43, "ECDH"),
    (44, "OSSL_STORE"),
    (45, "FIPS"),
    (46, "CMS"),
    (47, "TS"),
    (48, "HMAC"),
    (50, "CT"),
    (51, "ASYNC"),
    (52, "KDF"),
    (53, "SM2"),
];
