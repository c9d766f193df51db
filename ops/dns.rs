//! Native half of `js/dns.js`: names of hosts, by the system's own resolver on the thread pool. Questions to
//! name servers are JavaScript's (`js/internal/dns/channel.js`), but for their numbers.

use std::net::IpAddr;

use crate::bind::permission::{Net, Permit};
use crate::bind::{Binding, IntoJs};
use crate::binding;
use crate::net::address::socket_address;
use crate::sys::random;
use crate::sys::resolve::{addresses, names};

/// `internalBinding('dns')`.
pub const BINDING: Binding = binding! { "dns", sync: [list_of_hosts, random_id, resolver_configuration], both: [getaddrinfo, getnameinfo] };

/// Addresses as text, or a negative error number.
struct Answer(Result<Vec<IpAddr>, i32>);

impl IntoJs for Answer {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self.0 {
            Ok(addresses) => {
                addresses.iter().map(ToString::to_string).collect::<Vec<String>>().into_js(scope)
            }
            Err(number) => number.into_js(scope),
        }
    }
}

/// `getaddrinfo(host, family, flags, order)`: order 0 is the resolver's, 1 puts version 4 first, 2
/// version 6.
fn getaddrinfo(_: Permit<Net>, host: String, family: u32, flags: i32, order: u32) -> Answer {
    let mut answer = addresses(&host, family, flags);
    if let Ok(found) = &mut answer {
        match order {
            1 => found.sort_by_key(|address| !address.is_ipv4()),
            2 => found.sort_by_key(|address| !address.is_ipv6()),
            _ => {}
        }
    }
    Answer(answer)
}

/// `getnameinfo(address, port)`: the names of the host and of the service, or a negative error number.
fn getnameinfo(_: Permit<Net>, address: String, port: i32) -> Names {
    Names(socket_address(&address, port).ok_or(-libc::EINVAL).and_then(|address| names(&address)))
}

/// Two names, or a negative error number.
struct Names(Result<(String, String), i32>);

impl IntoJs for Names {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self.0 {
            Ok(names) => names.into_js(scope),
            Err(number) => number.into_js(scope),
        }
    }
}

/// `listOfHosts(address)`: the text of the system's own list of hosts, to be asked about an address.
fn list_of_hosts(_: Permit<Net>) -> String {
    system_text("/etc/hosts")
}

/// `resolverConfiguration()`: the text that says which name servers there are.
fn resolver_configuration() -> String {
    system_text("/etc/resolv.conf")
}

/// The text of a file of the system's; without the file nothing is said.
fn system_text(file: &str) -> String {
    std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// `randomId(name)`: a number of 16 bits that nobody can guess, for a question about a name.
fn random_id(_: Permit<Net>) -> u32 {
    let mut bytes = [0; 2];
    random::fill(&mut bytes);
    u16::from_ne_bytes(bytes).into()
}
