//! The rules of a `net.BlockList`.

use std::cell::RefCell;
use std::net::IpAddr;

use indexmap::IndexMap;

use crate::bind::class::Class;
use crate::bind::object::{State, This};
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
struct BlockListRules {
    addresses: RefCell<IndexMap<Bits, IpAddr>>,
    ranges: RefCell<Vec<(IpAddr, IpAddr)>>,
    subnets: RefCell<Vec<(IpAddr, u32)>>,
}

impl State for BlockListRules {}

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
    this.addresses.borrow_mut().insert(bits(address), address);
}

fn add_range(this: This<BlockListRules>, start: String, end: String) -> bool {
    let (Ok(start), Ok(end)) = (start.parse::<IpAddr>(), end.parse::<IpAddr>()) else { return false };
    if bits(start) > bits(end) {
        return false;
    }
    this.ranges.borrow_mut().push((start, end));
    true
}

fn add_subnet(this: This<BlockListRules>, network: String, prefix: u32) {
    let Ok(network) = network.parse() else { return };
    this.subnets.borrow_mut().push((network, prefix));
}

fn remove_address(this: This<BlockListRules>, address: String) {
    let Ok(address) = address.parse::<IpAddr>() else { return };
    this.addresses.borrow_mut().shift_remove(&bits(address));
}

fn remove_range(this: This<BlockListRules>, start: String, end: String) {
    let (Ok(start), Ok(end)) = (start.parse::<IpAddr>(), end.parse::<IpAddr>()) else { return };
    this.ranges.borrow_mut().retain(|range| *range != (start, end));
}

fn remove_subnet(this: This<BlockListRules>, network: String, prefix: u32) {
    let Ok(network) = network.parse::<IpAddr>() else { return };
    this.subnets.borrow_mut().retain(|subnet| *subnet != (network, prefix));
}

/// Whether a rule is about the address.
fn check(this: This<BlockListRules>, address: String) -> bool {
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let bits_of = bits(address);
    if this.addresses.borrow().contains_key(&bits_of) {
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
    this.ranges.borrow().iter().any(in_range) || this.subnets.borrow().iter().any(in_subnet)
}

fn clear(this: This<BlockListRules>) {
    this.addresses.borrow_mut().clear();
    this.ranges.borrow_mut().clear();
    this.subnets.borrow_mut().clear();
}

/// The rules as text, in the form that JavaScript shows.
fn rules(this: This<BlockListRules>) -> Vec<String> {
    let family = |address: &IpAddr| if address.is_ipv4() { "IPv4" } else { "IPv6" };
    let (addresses, subnets, ranges) = (this.addresses.borrow(), this.subnets.borrow(), this.ranges.borrow());
    let addresses = addresses.values().rev().map(|it| format!("Address: {} {it}", family(it)));
    let subnets = subnets.iter().rev().map(|(it, prefix)| format!("Subnet: {} {it}/{prefix}", family(it)));
    let ranges = ranges.iter().rev().map(|(start, end)| format!("Range: {} {start}-{end}", family(start)));
    addresses.chain(subnets).chain(ranges).collect()
}

fn size(this: This<BlockListRules>) -> usize {
    this.addresses.borrow().len() + this.ranges.borrow().len() + this.subnets.borrow().len()
}
