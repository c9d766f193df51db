//! Internet addresses: as text, as numbers, and as what JavaScript gets of a socket's ends.

use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use rustix::io::Errno;

use crate::bind::IntoJs;
use crate::sys::fd::interface_index;

/// The address that `text`, with or without a zone such as `%eth0`, stands for.
pub(super) fn socket_address(text: &str, port: i32) -> Option<SocketAddr> {
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

/// One end of a connection: `[address, family, port]`, or a negative error number.
pub(super) struct Endpoint(Result<SocketAddr, Errno>);

impl From<Result<SocketAddr, Errno>> for Endpoint {
    fn from(result: Result<SocketAddr, Errno>) -> Self {
        Endpoint(result)
    }
}

impl IntoJs for Endpoint {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self.0 {
            Ok(SocketAddr::V4(end)) => (end.ip().to_string(), "IPv4", u32::from(end.port())).into_js(scope),
            Ok(SocketAddr::V6(end)) => (zoned(&end), "IPv6", u32::from(end.port())).into_js(scope),
            Err(error) => (-error.raw_os_error()).into_js(scope),
        }
    }
}

/// An address with its zone, which only link-local ones have.
fn zoned(end: &SocketAddrV6) -> String {
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
