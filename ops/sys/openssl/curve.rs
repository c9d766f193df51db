//! Elliptic curves by their names.

use std::ffi::{CStr, c_char, c_int};

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcPoint, PointConversionForm};
use openssl::nid::Nid;
use openssl_sys as ffi;

use super::params::{Params, Value};
use super::pkey::{self, Key, Part, c_text};

/// A curve that OpenSSL has: `EC_builtin_curve`.
#[repr(C)]
#[derive(Clone, Copy)]
struct BuiltIn {
    nid: c_int,
    comment: *const c_char,
}

unsafe extern "C" {
    fn EC_get_builtin_curves(curves: *mut BuiltIn, count: usize) -> usize;
    fn EC_curve_nist2nid(name: *const c_char) -> c_int;
    fn OBJ_txt2nid(name: *const c_char) -> c_int;
}

/// The short names of all curves, in OpenSSL's order.
pub fn names() -> Vec<String> {
    super::init();
    // SAFETY: without room the count is asked for.
    let count = unsafe { EC_get_builtin_curves(std::ptr::null_mut(), 0) };
    let mut curves = vec![BuiltIn { nid: 0, comment: std::ptr::null() }; count];
    // SAFETY: there is room for that many.
    unsafe { EC_get_builtin_curves(curves.as_mut_ptr(), count) };
    let name = |curve: BuiltIn| Nid::from_raw(curve.nid).short_name().ok().map(str::to_owned);
    curves.into_iter().filter_map(name).collect()
}

/// The curve of a name: OpenSSL's, NIST's or an object identifier.
pub fn group(name: &str) -> Option<EcGroup> {
    super::init();
    let name = c_text(name);
    let group = EcGroup::from_curve_name(Nid::from_raw(nid(&name)?)).ok();
    drop(openssl::error::ErrorStack::get());
    group
}

/// The curve of a short name of OpenSSL's, which is all that an exchange of keys takes.
pub fn group_by_short_name(name: &str) -> Option<EcGroup> {
    super::init();
    // SAFETY: the name is a live text.
    let nid = unsafe { ffi::OBJ_sn2nid(c_text(name).as_ptr()) };
    let group = EcGroup::from_curve_name(Nid::from_raw(nid)).ok();
    drop(openssl::error::ErrorStack::get());
    group
}

fn nid(name: &CStr) -> Option<c_int> {
    // SAFETY: the name is a live text.
    let by_nist = unsafe { EC_curve_nist2nid(name.as_ptr()) };
    if by_nist != ffi::NID_undef {
        return Some(by_nist);
    }
    // SAFETY: the name is a live text.
    let by_object = unsafe { OBJ_txt2nid(name.as_ptr()) };
    (by_object != ffi::NID_undef).then_some(by_object)
}

/// The private key that is a number, which has as many bytes as the order of the curve.
pub fn private_key(name: &str, number: &[u8]) -> Option<Key> {
    let group = group(name)?;
    if number.len() != group.order_bits().div_ceil(8) as usize {
        return None;
    }
    let number = BigNum::from_slice(number).ok()?;
    let mut context = BigNumContext::new().ok()?;
    let mut point = EcPoint::new(&group).ok()?;
    point.mul_generator2(&group, &number, &mut context).ok()?;
    let point = point.to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut context).ok()?;
    let mut params = Params::default();
    params.push("group", Value::Text(c_text(name)));
    params.push("pub", Value::Bytes(point.into()));
    params.push("priv", Value::big(&number));
    pkey::from_params(c"EC", Part::Private, &params).ok()
}
