//! The parser of HTTP/1 on bytes that a fuzzer makes up. The first four say how the others are read: see
//! `ops/http/invariants.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The parser's own files, of which this uses a part.
#[allow(dead_code)]
#[path = "../../ops/http/chunks.rs"]
mod chunks;
#[allow(dead_code)]
#[path = "../../ops/http/fields.rs"]
mod fields;
#[allow(dead_code)]
#[path = "../../ops/http/first_line.rs"]
mod first_line;
#[allow(dead_code)]
#[path = "../../ops/http/invariants.rs"]
mod invariants;
#[allow(dead_code)]
#[path = "../../ops/http/method.rs"]
mod method;
#[allow(dead_code)]
#[path = "../../ops/http/parser.rs"]
mod parser;
#[allow(dead_code)]
#[path = "../../ops/http/url.rs"]
mod url;

fuzz_target!(|data: &[u8]| invariants::check(data));
