//! Native half of `js/internal/dns/lookup.js`: names of hosts, by the system's own resolver on the thread
//! pool.

use std::net::IpAddr;

use crate::bind::{Binding, IntoJs};
use crate::binding;
use crate::sys::resolve::addresses;

/// `internalBinding('dns')`.
pub const BINDING: Binding = binding! { "dns", both: [getaddrinfo] };

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
fn getaddrinfo(host: String, family: u32, flags: i32, order: u32) -> Answer {
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
