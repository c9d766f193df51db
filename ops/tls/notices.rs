//! What the library tells a connection about, kept until JavaScript can be told; and the two questions that
//! JavaScript has to answer at once.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Weak;

use crate::bind::buffer::with_bytes;
use crate::bind::call::Callback;
use crate::bind::convert::{internalized, set, string, string_from_bytes, uint8_array};
use crate::bind::handle::Handle;
use crate::bind::reenter::Reentry;
use crate::sys::tls::{ClientHello, Events, PART, Protocol, Session, TicketKeys};

use super::failure::Failure;

/// Something to tell JavaScript.
pub(super) enum Notice {
    HandshakeStart,
    HandshakeDone,
    Keylog(Vec<u8>),
    NewSession {
        id: Vec<u8>,
        der: Vec<u8>,
    },
    ClientHello {
        session_id: Vec<u8>,
        ticket: bool,
    },
    CertificateNeeded,
    Status(Option<Vec<u8>>),
    Failed(Failure),
    /// A write that had to wait is done.
    Written(Callback, i32),
    /// A write that had to wait will never be done, and why.
    Unwritten(Callback, String),
}

/// Whether the program has answered a question that suspends the handshake.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nobody wants to be asked.
    Unasked,
    /// The question will be asked.
    Wanted,
    /// It was asked, and the handshake waits.
    Awaited,
    /// It is answered.
    Given,
}

/// The part of a connection that the library calls.
pub(super) struct Notices {
    queue: RefCell<VecDeque<Notice>>,
    handle: Weak<dyn Handle>,
    reentry: Reentry,
    server: bool,
    pub(super) hello: Cell<Answer>,
    pub(super) certificate: Cell<Answer>,
    pub(super) sessions: Cell<bool>,
    pub(super) keylog: Cell<bool>,
    /// A server's session was made, and the program has not kept it yet.
    pub(super) session_pending: Cell<bool>,
    pub(super) found_session: RefCell<Option<Session>>,
    pub(super) status: RefCell<Option<Vec<u8>>>,
    /// The protocols of this server, each with its length before it.
    pub(super) protocols: RefCell<Vec<u8>>,
    pub(super) asks_for_protocol: Cell<bool>,
}

impl Notices {
    pub(super) fn new(reentry: Reentry, handle: Weak<dyn Handle>, server: bool) -> Self {
        Notices {
            queue: RefCell::default(),
            handle,
            reentry,
            server,
            hello: Cell::new(Answer::Unasked),
            certificate: Cell::new(Answer::Unasked),
            sessions: Cell::new(false),
            keylog: Cell::new(false),
            session_pending: Cell::new(false),
            found_session: RefCell::default(),
            status: RefCell::default(),
            protocols: RefCell::default(),
            asks_for_protocol: Cell::new(false),
        }
    }

    pub(super) fn push(&self, notice: Notice) {
        self.queue.borrow_mut().push_back(notice);
    }

    pub(super) fn next(&self) -> Option<Notice> {
        self.queue.borrow_mut().pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.borrow().is_empty()
    }

    /// Asks JavaScript by the function that it has put on the handle's object. What that throws, it has to
    /// catch itself.
    fn ask<R>(
        &self,
        name: &str,
        arguments: impl for<'s> FnOnce(&mut v8::PinScope<'s, '_>) -> Vec<v8::Local<'s, v8::Value>>,
        read: impl for<'s> FnOnce(&mut v8::PinScope<'s, '_>, v8::Local<'s, v8::Value>) -> R,
    ) -> Option<R> {
        let handle = self.handle.upgrade()?;
        self.reentry.run(|scope| {
            let object = handle.core().object(scope)?;
            let key = internalized(scope, name);
            let function = object.get(scope, key.into())?;
            let function = v8::Local::<v8::Function>::try_from(function).ok()?;
            let arguments = arguments(scope);
            v8::tc_scope!(let scope, scope);
            let value = function.call(scope, object.into(), &arguments)?;
            Some(read(scope, value))
        })
    }
}

impl Events for Notices {
    fn handshake_started(&self) {
        // Only servers guard against clients that begin too often.
        if self.server {
            self.push(Notice::HandshakeStart);
        }
    }

    fn handshake_done(&self) {
        self.push(Notice::HandshakeDone);
    }

    fn keylog(&self, line: &[u8]) {
        if self.keylog.get() {
            self.push(Notice::Keylog([line, b"\n"].concat()));
        }
    }

    fn new_session(&self, id: &[u8], session: &Session) -> bool {
        if !self.sessions.get() {
            return false;
        }
        let der = session.to_der();
        if der.is_empty() {
            return false;
        }
        self.session_pending.set(self.server);
        self.push(Notice::NewSession { id: id.to_vec(), der });
        true
    }

    fn found_session(&self) -> Option<Session> {
        self.found_session.take()
    }

    fn client_hello(&self, hello: ClientHello<'_>) -> bool {
        match self.hello.get() {
            Answer::Unasked | Answer::Given => true,
            Answer::Awaited => false,
            Answer::Wanted => {
                self.hello.set(Answer::Awaited);
                self.push(Notice::ClientHello {
                    session_id: hello.session_id.to_vec(),
                    ticket: hello.ticket,
                });
                false
            }
        }
    }

    fn certificate_needed(&self) -> bool {
        match self.certificate.get() {
            Answer::Unasked | Answer::Given => true,
            Answer::Awaited => false,
            Answer::Wanted => {
                self.certificate.set(Answer::Awaited);
                self.push(Notice::CertificateNeeded);
                false
            }
        }
    }

    fn select_protocol(&self, offered: &[u8]) -> Protocol {
        if self.asks_for_protocol.get() {
            let offer = offered.to_vec();
            let chosen = self.ask(
                "onalpn",
                |scope| vec![uint8_array(scope, offer).into()],
                |scope, value| value.is_string().then(|| value.to_rust_string_lossy(scope).into_bytes()),
            );
            return match chosen.flatten() {
                Some(name) => Protocol::Selected(name),
                None => Protocol::Refused,
            };
        }
        let own = self.protocols.borrow();
        if own.is_empty() {
            return Protocol::Ignored;
        }
        let chosen = names(&own).find(|name| names(offered).any(|other| other == *name));
        chosen.map_or(Protocol::Refused, |name| Protocol::Selected(name.to_vec()))
    }

    fn server_psk(&self, identity: &[u8], longest: usize) -> Option<Vec<u8>> {
        let identity = identity.to_vec();
        self.ask(
            "onpskexchange",
            |scope| {
                let longest = v8::Number::new(scope, longest as f64).into();
                vec![string_from_bytes(scope, &identity).into(), longest]
            },
            |_, value| value.is_array_buffer_view().then(|| with_bytes(value, <[u8]>::to_vec)),
        )
        .flatten()
    }

    fn client_psk(
        &self,
        hint: Option<&[u8]>,
        longest_identity: usize,
        longest_key: usize,
    ) -> Option<(Vec<u8>, Vec<u8>)> {
        let hint = hint.map(<[u8]>::to_vec);
        self.ask(
            "onpskexchange",
            |scope| {
                let hint = match &hint {
                    Some(hint) => string_from_bytes(scope, hint).into(),
                    None => v8::null(scope).into(),
                };
                let longest_identity = v8::Number::new(scope, longest_identity as f64).into();
                let longest_key = v8::Number::new(scope, longest_key as f64).into();
                vec![hint, longest_key, longest_identity]
            },
            |scope, value| {
                let object = v8::Local::<v8::Object>::try_from(value).ok()?;
                let key = internalized(scope, "identity").into();
                let identity = object.get(scope, key).filter(|value| value.is_string())?;
                let identity = identity.to_rust_string_lossy(scope).into_bytes();
                let key = internalized(scope, "psk").into();
                let psk = object.get(scope, key).filter(|value| value.is_array_buffer_view())?;
                Some((identity, with_bytes(psk, <[u8]>::to_vec)))
            },
        )
        .flatten()
    }

    fn status_received(&self, response: Option<&[u8]>) {
        self.push(Notice::Status(response.map(<[u8]>::to_vec)));
    }

    fn status_to_send(&self) -> Option<Vec<u8>> {
        self.status.take()
    }

    fn ticket_keys(&self, name: &[u8; PART], iv: &[u8; PART], is_new: bool) -> Option<TicketKeys> {
        self.ask(
            "onticketkey",
            |scope| {
                let arguments = [name, iv].map(|part| uint8_array(scope, part.to_vec()).into());
                let [name, iv] = arguments;
                vec![name, iv, v8::Boolean::new(scope, is_new).into()]
            },
            |scope, value| ticket_keys(scope, value, is_new),
        )
        .flatten()
    }

    fn trace(&self, words: &[u8]) {
        if let Some(handle) = self.handle.upgrade() {
            handle.core().host().stdio.write_all(2, words);
        }
    }
}

/// The answer `[verdict, mac, cipher, name, iv]`, of which the last two are for a new ticket.
fn ticket_keys(
    scope: &mut v8::PinScope<'_, '_>,
    answer: v8::Local<'_, v8::Value>,
    is_new: bool,
) -> Option<TicketKeys> {
    let answer = v8::Local::<v8::Array>::try_from(answer).ok()?;
    let verdict = answer.get_index(scope, 0)?.int32_value(scope).filter(|verdict| *verdict >= 0)?;
    let part = |index: u32| -> Option<[u8; PART]> {
        let bytes = answer.get_index(scope, index).filter(|bytes| bytes.is_array_buffer_view())?;
        with_bytes(bytes, |bytes| bytes.try_into().ok())
    };
    let (mac, cipher) = (part(1)?, part(2)?);
    let (name, iv) = if is_new { (part(3)?, part(4)?) } else { Default::default() };
    Some(TicketKeys { name, mac, cipher, iv, verdict })
}

/// The names in a list in which each has its length before it.
fn names(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first()?;
        let name = after.get(..usize::from(*length))?;
        rest = &after[name.len()..];
        Some(name)
    })
}

impl Notice {
    /// The handler's name and its arguments.
    pub(super) fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
        servername: impl FnOnce() -> (Option<String>, bool),
    ) -> (&'static str, Vec<v8::Local<'s, v8::Value>>) {
        match self {
            Notice::HandshakeStart => ("onhandshakestart", Vec::new()),
            Notice::HandshakeDone => ("onhandshakedone", Vec::new()),
            Notice::Keylog(line) => ("onkeylog", vec![uint8_array(scope, line).into()]),
            Notice::NewSession { id, der } => {
                ("onnewsession", vec![uint8_array(scope, id).into(), uint8_array(scope, der).into()])
            }
            Notice::ClientHello { session_id, ticket } => {
                let id = uint8_array(scope, session_id).into();
                ("onclienthello", vec![id, v8::Boolean::new(scope, ticket).into()])
            }
            Notice::CertificateNeeded => {
                let (name, status) = servername();
                let info = v8::Object::new(scope);
                let name = string(scope, name.as_deref().unwrap_or_default()).into();
                set(scope, info, "servername", name);
                let status = v8::Boolean::new(scope, status).into();
                set(scope, info, "OCSPRequest", status);
                ("oncertcb", vec![info.into()])
            }
            Notice::Status(response) => {
                let response = match response {
                    Some(bytes) => uint8_array(scope, bytes).into(),
                    None => v8::null(scope).into(),
                };
                ("onocspresponse", vec![response])
            }
            Notice::Written(..) | Notice::Unwritten(..) => unreachable!("it goes to its own callback"),
            Notice::Failed(failure) => ("onerror", vec![failure.to_js(scope)]),
        }
    }
}
