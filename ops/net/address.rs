//! Internet addresses: as text, as numbers, and as what JavaScript gets of a socket's ends.

use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use rustix::io::Errno;

use crate::bind::IntoJs;
use crate::bind::convert::{FromJs, internalized, set, string};
use crate::sys::fd::interface_index;

/// The address that `text`, with or without a zone such as `%eth0`, stands for.
pub(crate) fn socket_address(text: &str, port: i32) -> Option<SocketAddr> {
    let port = u16::try_from(port).ok()?;
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, zone),
        None => (text, ""),
    };
    match address.parse().ok()? {
        IpAddr::V4(address) => Some(SocketAddr::from((address, port))),
        IpAddr::V6(address) => {
            let scope =
                zone.parse().unwrap_or_else(|_| if zone.is_empty() { 0 } else { interface_index(zone) });
            Some(SocketAddrV6::new(address, port, 0, scope).into())
        }
    }
}

/// The object that gets an end's `address`, `family` and `port`.
pub(crate) struct Out(v8::Global<v8::Object>);

impl FromJs for Out {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let object = v8::Local::<v8::Object>::try_from(value).unwrap_or_else(|_| v8::Object::new(scope));
        Out(v8::Global::new(scope, object))
    }
}

impl Out {
    /// Fills the object in; the result is 0 or a negative error number.
    pub(crate) fn fill(self, end: Result<SocketAddr, Errno>) -> Endpoint {
        Endpoint { out: self.0, end }
    }
}

/// One end of a connection, on its way to JavaScript.
pub(crate) struct Endpoint {
    out: v8::Global<v8::Object>,
    end: Result<SocketAddr, Errno>,
}

impl IntoJs for Endpoint {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        let (address, family, port) = match self.end {
            Ok(SocketAddr::V4(end)) => (end.ip().to_string(), "IPv4", end.port()),
            Ok(SocketAddr::V6(end)) => (zoned(&end), "IPv6", end.port()),
            Err(error) => return (-error.raw_os_error()).into_js(scope),
        };
        let out = v8::Local::new(scope, self.out);
        let address = string(scope, &address).into();
        set(scope, out, "address", address);
        let family = internalized(scope, family).into();
        set(scope, out, "family", family);
        let port = v8::Integer::new(scope, port.into()).into();
        set(scope, out, "port", port);
        0.into_js(scope)
    }
}

/// An address with its zone, which only link-local ones have.
pub(crate) fn zoned(end: &SocketAddrV6) -> String {
    let address = end.ip().to_string();
    match end.scope_id() {
        0 => address,
        scope => match crate::sys::fd::interface_name(scope) {
            Some(name) if end.ip().is_unicast_link_local() => format!("{address}%{name}"),
            _ => address,
        },
    }
}

/// `parseAddress(text, family)`: the address of that version as the system writes it, without its zone;
/// nothing where it is none.
pub(super) fn parse_address(text: String, family: u32) -> Option<String> {
    let address = text.split_once('%').map_or(text.as_str(), |(address, _)| address);
    match address.parse().ok()? {
        IpAddr::V4(address) if family == 4 => Some(address.to_string()),
        IpAddr::V6(address) if family == 6 => Some(address.to_string()),
        _ => None,
    }
}
