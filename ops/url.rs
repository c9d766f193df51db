//! Native half of `js/web/url.js` and `js/url.js`: the URL standard's parser and setters.
//!
//! Percent-encoding and -decoding rest on the crate `percent-encoding`, domains on `idna`. The parser itself is
//! our own rather than the crate `url`: by the crate's own list of expected failures (`tests/expected_failures.txt` of
//! 2.5.8) it fails 47 of the web platform tests, nearly all of them about file URLs (drive letters, hosts, empty
//! segments of paths) and about setters of paths, where Node passes; and its `Url` is an object of many fields and
//! allocations, where here one string and the offsets of its components cross the border.

mod encode;
mod host;
mod parse;
mod record;
mod update;

use v8::{ValueView, ValueViewData};

use crate::bind::Binding;
use crate::bind::buffer::with_bytes_mut;
use crate::binding;

use record::Url;
use update::Part;

/// `internalBinding('url')`. All are called so often that each takes its arguments itself.
pub const BINDING: Binding =
    binding! { "url", raw: [parse, can_parse, update, domain_to_ascii, domain_to_unicode, idna_to_ascii] };

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// Lends the string as UTF-8, unpaired surrogates replaced; other values are as if empty. `read` must not run
/// JavaScript.
fn with_text<R>(
    scope: &mut Scope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
    read: impl FnOnce(&str) -> R,
) -> R {
    let Ok(string) = v8::Local::<v8::String>::try_from(value) else { return read("") };
    if string.is_onebyte() {
        let view = ValueView::new(scope, string);
        if let ValueViewData::OneByte(bytes) = view.data()
            && bytes.is_ascii()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return read(text);
        }
    }
    read(&string.to_rust_string_lossy(scope))
}

/// The URL of the first two arguments, input and base or undefined, and whether it is the input as it was.
fn parsed(scope: &mut Scope<'_, '_>, args: &Args<'_>) -> Option<(Url, bool)> {
    let base = match args.get(1) {
        base if base.is_string() => Some(with_text(scope, base, |base| parse::parse(base, None))?),
        _ => None,
    };
    with_text(scope, args.get(0), |input| {
        let url = parse::parse(input, base.as_ref())?;
        let is_same = url.href == input;
        Some((url, is_same))
    })
}

/// Writes the components into the `Uint32Array` that is given for them.
fn give_components(url: &Url, components: v8::Local<'_, v8::Value>) {
    if let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(components) {
        with_bytes_mut(view, |bytes| {
            for (bytes, number) in bytes.chunks_exact_mut(4).zip(url.components()) {
                bytes.copy_from_slice(&number.to_ne_bytes());
            }
        });
    }
}

fn give_href<'s>(scope: &mut Scope<'s, '_>, url: &Url, rv: &mut Return<'s>) {
    if let Some(href) = v8::String::new_from_one_byte(scope, url.href.as_bytes(), v8::NewStringType::Normal) {
        rv.set(href.into());
    }
}

/// `parse(input, base, components)`: the serialisation, with the parts' positions in `components`;
/// `undefined` for what is no URL.
fn parse<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((url, is_same)) = parsed(scope, &args) else { return };
    give_components(&url, args.get(2));
    if is_same {
        rv.set(args.get(0));
    } else {
        give_href(scope, &url, &mut rv);
    }
}

/// `canParse(input, base)`
fn can_parse<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    rv.set_bool(parsed(scope, &args).is_some());
}

/// `update(href, part, value, components)`: the serialisation with one part set, or `undefined` if that
/// cannot be.
fn update<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(url) = with_text(scope, args.get(0), |href| parse::parse(href, None)) else { return };
    let Some(part) = args.get(1).uint32_value(scope).and_then(Part::from_number) else { return };
    let updated = with_text(scope, args.get(2), |value| update::update(&url, part, value));
    if let Some(url) = updated {
        give_components(&url, args.get(3));
        give_href(scope, &url, &mut rv);
    }
}

/// The ASCII form of a domain; empty if it is not valid.
fn ascii_domain(domain: &str) -> String {
    let url = parse::parse("ws://x", None).and_then(|url| update::update(&url, Part::Hostname, domain));
    url.map_or_else(String::new, |url| url.hostname().to_owned())
}

/// `domainToAscii(domain)`: empty if it is not valid.
fn domain_to_ascii<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let ascii = with_text(scope, args.get(0), ascii_domain);
    if let Some(ascii) = v8::String::new(scope, &ascii) {
        rv.set(ascii.into());
    }
}

/// `domainToUnicode(domain)`, of a domain in ASCII: labels that are not valid stay.
fn domain_to_unicode<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let unicode = with_text(scope, args.get(0), host::domain_to_unicode);
    if let Some(unicode) = v8::String::new(scope, &unicode) {
        rv.set(unicode.into());
    }
}

/// `idnaToAscii(domain)`: the conversion alone, of whatever characters; empty if it fails.
fn idna_to_ascii<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let ascii = with_text(scope, args.get(0), host::idna_to_ascii);
    if let Some(ascii) = v8::String::new(scope, &ascii) {
        rv.set(ascii.into());
    }
}
