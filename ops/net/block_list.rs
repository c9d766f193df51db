//! The rules of a `net.BlockList`.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use indexmap::IndexMap;

use crate::bind::class::Class;
use crate::bind::object::{self, Seed, State, This};
use crate::object_class;

/// `BlockListRules`: rules about addresses that JavaScript has checked. The last rule of a kind comes first
/// in `rules()`.
pub(super) const CLASS: Class = object_class!(
    BlockListRules,
    new_rules,
    sync: [
        add_address, add_range, add_subnet, remove_address, remove_range, remove_subnet, check, clear, rules,
        size,
    ],
);

/// An address as a number; one of version 4 as its form in version 6.
type Bits = u128;

/// Which numbers are addresses of version 4.
const MAPPED: Bits = 0xffff_0000_0000;

#[derive(Default)]
struct Rules {
    addresses: IndexMap<Bits, IpAddr>,
    ranges: Vec<(IpAddr, IpAddr)>,
    subnets: Vec<(IpAddr, u32)>,
}

/// Rules that the lists of several threads may have in common.
#[derive(Clone, Default)]
struct BlockListRules(Arc<RwLock<Rules>>);

impl BlockListRules {
    fn read(&self) -> RwLockReadGuard<'_, Rules> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Rules> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State for BlockListRules {
    fn seed(&self) -> Option<Box<dyn Seed>> {
        Some(Box::new(self.clone()))
    }
}

impl Seed for BlockListRules {
    fn grow<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Object> {
        object::create(scope, self.clone())
    }
}

fn new_rules() -> BlockListRules {
    BlockListRules::default()
}

fn bits(address: IpAddr) -> Bits {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn is_mapped(bits: Bits) -> bool {
    bits & !0xffff_ffff == MAPPED
}

/// The bits of a subnet's address that count.
fn mask(address: IpAddr, prefix: u32) -> Bits {
    let prefix = if address.is_ipv4() { prefix + 96 } else { prefix };
    Bits::MAX.checked_shl(128 - prefix.min(128)).unwrap_or(0)
}

fn add_address(this: This<BlockListRules>, address: String) {
    let Ok(address) = address.parse::<IpAddr>() else { return };
    this.write().addresses.insert(bits(address), address);
}

fn add_range(this: This<BlockListRules>, start: String, end: String) -> bool {
    let (Ok(start), Ok(end)) = (start.parse::<IpAddr>(), end.parse::<IpAddr>()) else { return false };
    if bits(start) > bits(end) {
        return false;
    }
    this.write().ranges.push((start, end));
    true
}

fn add_subnet(this: This<BlockListRules>, network: String, prefix: u32) {
    let Ok(network) = network.parse() else { return };
    this.write().subnets.push((network, prefix));
}

fn remove_address(this: This<BlockListRules>, address: String) {
    let Ok(address) = address.parse::<IpAddr>() else { return };
    this.write().addresses.shift_remove(&bits(address));
}

fn remove_range(this: This<BlockListRules>, start: String, end: String) {
    let (Ok(start), Ok(end)) = (start.parse::<IpAddr>(), end.parse::<IpAddr>()) else { return };
    this.write().ranges.retain(|range| *range != (start, end));
}

fn remove_subnet(this: This<BlockListRules>, network: String, prefix: u32) {
    let Ok(network) = network.parse::<IpAddr>() else { return };
    this.write().subnets.retain(|subnet| *subnet != (network, prefix));
}

/// Whether a rule is about the address.
fn check(this: This<BlockListRules>, address: String) -> bool {
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let bits_of = bits(address);
    let rules = this.read();
    if rules.addresses.contains_key(&bits_of) {
        return true;
    }
    // An address of version 4 lies in no network of version 6 but that of its own mapped form.
    let comparable = |other: IpAddr| !address.is_ipv4() || is_mapped(bits(other));
    let in_range = |(start, end): &(IpAddr, IpAddr)| {
        comparable(*start) && comparable(*end) && (bits(*start)..=bits(*end)).contains(&bits_of)
    };
    let in_subnet = |(network, prefix): &(IpAddr, u32)| {
        comparable(*network) && (bits_of ^ bits(*network)) & mask(*network, *prefix) == 0
    };
    rules.ranges.iter().any(in_range) || rules.subnets.iter().any(in_subnet)
}

fn clear(this: This<BlockListRules>) {
    *this.write() = Rules::default();
}

/// The rules as text, in the form that JavaScript shows.
fn rules(this: This<BlockListRules>) -> Vec<String> {
    let family = |address: &IpAddr| if address.is_ipv4() { "IPv4" } else { "IPv6" };
    let rules = this.read();
    let Rules { addresses, ranges, subnets } = &*rules;
    let addresses = addresses.values().rev().map(|it| format!("Address: {} {it}", family(it)));
    let subnets = subnets.iter().rev().map(|(it, prefix)| format!("Subnet: {} {it}/{prefix}", family(it)));
    let ranges = ranges.iter().rev().map(|(start, end)| format!("Range: {} {start}-{end}", family(start)));
    addresses.chain(subnets).chain(ranges).collect()
}

fn size(this: This<BlockListRules>) -> usize {
    let rules = this.read();
    rules.addresses.len() + rules.ranges.len() + rules.subnets.len()
}
