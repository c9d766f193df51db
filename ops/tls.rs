//! Native half of `js/tls.js`: contexts, connections over streams of descriptors or of JavaScript, and the
//! certificates that are believed from the start.

mod certificate;
mod connection;
mod context;
mod failure;
mod inquiry;
mod notices;
mod output;
mod roots;

use crate::bind::Binding;
use crate::binding;

pub(crate) use connection::TlsHandle;

use certificate::{canonical_address, is_self_issued};
use context::{cipher_names, default_session_id_context};
use roots::{
    bundled_certificates, extra_certificates, load_certificates, set_default_certificates,
    system_certificates,
};

/// `internalBinding('tls')`: the classes `SecureContext` and `TlsHandle`, the names of the ciphers, and the
/// certificates of authorities as PEM texts.
pub const BINDING: Binding = binding! {
    "tls",
    sync: [
        bundled_certificates, canonical_address, cipher_names, default_session_id_context,
        extra_certificates, is_self_issued, load_certificates, set_default_certificates, system_certificates,
    ],
    extend: install,
    references: references,
};

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    context::CLASS.install(scope, object);
    connection::CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    [context::CLASS.references(), connection::CLASS.references()].concat()
}
