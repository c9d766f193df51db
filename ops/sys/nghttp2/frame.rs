//! Frames that have come, as safe values.

use std::ffi::c_void;

use libnghttp2_sys as ng;

/// The number of a kind of frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrameKind(pub u8);

/// What a block of headers is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeadersKind {
    /// A request.
    Request,
    /// A response, or what comes before it.
    Response,
    /// The response of a promised stream.
    PushResponse,
    /// Information or trailers.
    Later,
}

/// A frame.
pub enum Frame<'a> {
    /// Headers, all of which have been told.
    Headers {
        /// Its stream.
        stream: i32,
        /// What they are.
        kind: HeadersKind,
        /// The flags of the frame.
        flags: u8,
    },
    /// A promise, whose headers have been told for the promised stream.
    PushPromise {
        /// The promised stream.
        promised: i32,
        /// The flags of the frame.
        flags: u8,
    },
    /// Data, which has been told.
    Data {
        /// Its stream.
        stream: i32,
        /// Whether nothing follows.
        is_last: bool,
        /// Whether it had no data.
        is_empty: bool,
    },
    /// A priority.
    Priority {
        /// Its stream.
        stream: i32,
        /// The stream on which it depends.
        parent: i32,
        /// Its weight.
        weight: i32,
        /// Whether no other stream depends on the same.
        exclusive: bool,
    },
    /// The other side's settings.
    Settings(Vec<(i32, u32)>),
    /// Our settings have been taken notice of.
    SettingsAck,
    /// The other side asks for an echo.
    Ping([u8; 8]),
    /// The echo.
    PingAck([u8; 8]),
    /// Goodbye.
    Goaway {
        /// The last stream that the other side has worked on.
        last: i32,
        /// Why.
        code: u32,
        /// What it says besides.
        data: &'a [u8],
    },
    /// Another service.
    AltSvc {
        /// Its stream, or 0.
        stream: i32,
        /// The origin.
        origin: &'a [u8],
        /// The service.
        field: &'a [u8],
    },
    /// The origins that are served.
    Origin(Vec<&'a [u8]>),
    /// Any other.
    Other(FrameKind),
}

/// The bytes of a pointer and a length of the library's.
///
/// # Safety
/// The pointer is null or has so many bytes, for as long as the caller uses them.
unsafe fn bytes<'a>(data: *const u8, length: usize) -> &'a [u8] {
    if data.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: of the caller.
    unsafe { std::slice::from_raw_parts(data, length) }
}

/// Reads a field of a frame whose type says that it is the one that is set.
macro_rules! field {
    ($frame:ident . $name:ident) => {
        // SAFETY: the type in the head says that the library has set this part of the union.
        unsafe { &$frame.$name }
    };
}

impl<'a> Frame<'a> {
    /// Reads a frame of the library's.
    pub(super) fn read(frame: &'a ng::nghttp2_frame) -> Frame<'a> {
        // SAFETY: every frame begins with its head.
        let head = unsafe { frame.hd };
        match u32::from(head.type_) {
            ng::NGHTTP2_DATA => Frame::Data {
                stream: head.stream_id,
                is_last: u32::from(head.flags) & ng::NGHTTP2_FLAG_END_STREAM != 0,
                is_empty: head.length == 0,
            },
            ng::NGHTTP2_HEADERS => {
                let kind = match field!(frame.headers).cat {
                    ng::NGHTTP2_HCAT_REQUEST => HeadersKind::Request,
                    ng::NGHTTP2_HCAT_RESPONSE => HeadersKind::Response,
                    ng::NGHTTP2_HCAT_PUSH_RESPONSE => HeadersKind::PushResponse,
                    _ => HeadersKind::Later,
                };
                Frame::Headers { stream: head.stream_id, kind, flags: head.flags }
            }
            ng::NGHTTP2_PUSH_PROMISE => {
                let promise = field!(frame.push_promise);
                Frame::PushPromise { promised: promise.promised_stream_id, flags: head.flags }
            }
            ng::NGHTTP2_PRIORITY => {
                let spec = field!(frame.priority).pri_spec;
                Frame::Priority {
                    stream: head.stream_id,
                    parent: spec.stream_id,
                    weight: spec.weight,
                    exclusive: spec.exclusive != 0,
                }
            }
            ng::NGHTTP2_SETTINGS if is_ack(head) => Frame::SettingsAck,
            ng::NGHTTP2_SETTINGS => Frame::Settings(settings(field!(frame.settings))),
            ng::NGHTTP2_PING if is_ack(head) => Frame::PingAck(field!(frame.ping).opaque_data),
            ng::NGHTTP2_PING => Frame::Ping(field!(frame.ping).opaque_data),
            ng::NGHTTP2_GOAWAY => {
                let goaway = field!(frame.goaway);
                // SAFETY: the library has so many bytes there until the callback returns.
                let data = unsafe { bytes(goaway.opaque_data, goaway.opaque_data_len) };
                Frame::Goaway { last: goaway.last_stream_id, code: goaway.error_code, data }
            }
            ng::NGHTTP2_ALTSVC => altsvc(head.stream_id, field!(frame.ext).payload),
            ng::NGHTTP2_ORIGIN => origins(field!(frame.ext).payload),
            _ => Frame::Other(FrameKind(head.type_)),
        }
    }
}

fn is_ack(head: ng::nghttp2_frame_hd) -> bool {
    u32::from(head.flags) & ng::NGHTTP2_FLAG_ACK != 0
}

fn settings(settings: &ng::nghttp2_settings) -> Vec<(i32, u32)> {
    if settings.iv.is_null() || settings.niv == 0 {
        return Vec::new();
    }
    // SAFETY: the library has so many entries there until the callback returns.
    let entries = unsafe { std::slice::from_raw_parts(settings.iv, settings.niv) };
    entries.iter().map(|entry| (entry.settings_id, entry.value)).collect()
}

fn altsvc<'a>(stream: i32, payload: *mut c_void) -> Frame<'a> {
    // SAFETY: the library was told to read frames of this type itself, and has its structure there.
    let Some(service) = (unsafe { payload.cast::<ng::nghttp2_ext_altsvc>().as_ref() }) else {
        return Frame::AltSvc { stream, origin: &[], field: &[] };
    };
    // SAFETY: the library has so many bytes there until the callback returns.
    let origin = unsafe { bytes(service.origin, service.origin_len) };
    // SAFETY: as above.
    let field = unsafe { bytes(service.field_value, service.field_value_len) };
    Frame::AltSvc { stream, origin, field }
}

fn origins<'a>(payload: *mut c_void) -> Frame<'a> {
    // SAFETY: as in `altsvc`.
    let Some(list) = (unsafe { payload.cast::<ng::nghttp2_ext_origin>().as_ref() }) else {
        return Frame::Origin(Vec::new());
    };
    if list.ov.is_null() || list.nov == 0 {
        return Frame::Origin(Vec::new());
    }
    // SAFETY: the library has so many entries there until the callback returns.
    let entries = unsafe { std::slice::from_raw_parts(list.ov, list.nov) };
    // SAFETY: each entry has so many bytes until then.
    let origin = |entry: &ng::nghttp2_origin_entry| unsafe { bytes(entry.origin, entry.origin_len) };
    Frame::Origin(entries.iter().map(origin).collect())
}
