//! The parser of HTTP/1 on bytes that a fuzzer makes up. The first four say how the others are read: see
//! `ops/http/invariants.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The parser's own files, of which this uses a part.
#[allow(dead_code)]
mod http {
    #[path = "../../../ops/http/chunks.rs"]
    mod chunks;
    #[path = "../../../ops/http/fields.rs"]
    mod fields;
    #[path = "../../../ops/http/first_line.rs"]
    mod first_line;
    #[path = "../../../ops/http/invariants.rs"]
    pub(crate) mod invariants;
    #[path = "../../../ops/http/method.rs"]
    mod method;
    #[path = "../../../ops/http/parser.rs"]
    mod parser;
    #[path = "../../../ops/http/url.rs"]
    mod url;
}

fuzz_target!(|data: &[u8]| http::invariants::check(data));
