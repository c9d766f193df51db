//! The host parser and serialiser of the URL standard.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::encode;

/// Parses a host and appends its serialisation; `None` if it is not valid.
pub(super) fn append(output: &mut String, input: &str, is_special: bool) -> Option<()> {
    if let Some(rest) = input.strip_prefix('[') {
        append_ipv6(output, parse_ipv6(rest.strip_suffix(']')?.as_bytes())?);
        return Some(());
    }
    if !is_special {
        if input.bytes().any(is_forbidden) {
            return None;
        }
        encode::append(output, input, encode::CONTROL);
        return Some(());
    }
    let start = output.len();
    if input.bytes().all(is_plain) {
        output.push_str(input);
        output[start..].make_ascii_lowercase();
    } else {
        append_domain(output, &String::from_utf8_lossy(&encode::decode(input.as_bytes())))?;
    }
    let domain = &output[start..];
    if domain.is_empty() {
        return None;
    }
    if ends_in_number(domain) {
        let address = parse_ipv4(domain)?;
        output.truncate(start);
        output.push_str(&address.to_string());
    }
    Some(())
}

/// Appends the ASCII form of a domain; `None` if it is not valid. As in Node, punycode that is there already
/// is taken as it is unless the domain has other characters than ASCII.
fn append_domain(output: &mut String, domain: &str) -> Option<()> {
    if domain.is_ascii() {
        if domain.bytes().any(is_forbidden_in_domain) {
            return None;
        }
        output.push_str(&domain.to_ascii_lowercase());
    } else {
        output.push_str(&idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::URL).ok()?);
    }
    Some(())
}

/// Converts a domain to ASCII, whatever characters are in it; empty if that fails.
pub(super) fn idna_to_ascii(domain: &str) -> String {
    let ascii = idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::EMPTY);
    ascii.map_or_else(|_| String::new(), |ascii| ascii.into_owned())
}

/// Converts a domain's ASCII form to Unicode. Labels that are not valid stay.
pub(super) fn domain_to_unicode(domain: &str) -> String {
    let labels = domain.split('.').map(|label| {
        match label.starts_with("xn--").then(|| idna::domain_to_unicode(label)) {
            Some((unicode, Ok(()))) => unicode,
            _ => label.to_owned(),
        }
    });
    labels.collect::<Vec<_>>().join(".")
}

/// Characters that conversion to ASCII leaves alone, but for case.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// Forbidden host code points.
fn is_forbidden(byte: u8) -> bool {
    matches!(
        byte,
        0 | b'\t'
            | b'\n'
            | b'\r'
            | b' '
            | b'#'
            | b'/'
            | b':'
            | b'<'
            | b'>'
            | b'?'
            | b'@'
            | b'['
            | b'\\'
            | b']'
            | b'^'
            | b'|'
    )
}

/// Forbidden domain code points.
fn is_forbidden_in_domain(byte: u8) -> bool {
    is_forbidden(byte) || byte.is_ascii_control() || byte == b'%'
}

fn ends_in_number(domain: &str) -> bool {
    if !domain.ends_with(|c: char| c.is_ascii_hexdigit() || matches!(c, 'x' | '.')) {
        return false;
    }
    let mut parts = domain.rsplit('.');
    let mut last = parts.next().unwrap_or("");
    if last.is_empty() {
        match parts.next() {
            Some(part) => last = part,
            None => return false,
        }
    }
    match last.as_bytes() {
        [] => false,
        digits if digits.iter().all(u8::is_ascii_digit) => true,
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

fn parse_ipv4(domain: &str) -> Option<Ipv4Addr> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let mut numbers = [0_u64; 4];
    let mut count = 0;
    for part in domain.split('.') {
        *numbers.get_mut(count)? = parse_ipv4_number(part)?;
        count += 1;
    }
    let (last, first) = numbers[..count].split_last()?;
    if first.iter().any(|&number| number > 255) || *last >= 1 << (8 * (5 - count)) {
        return None;
    }
    let high = first.iter().enumerate().map(|(i, number)| number << (8 * (3 - i))).sum::<u64>();
    Some(Ipv4Addr::from((high + last) as u32))
}

fn parse_ipv4_number(part: &str) -> Option<u64> {
    let (digits, radix) = match part.as_bytes() {
        [] => return None,
        [b'0', b'x' | b'X', ..] => (&part[2..], 16),
        [b'0', _, ..] => (&part[1..], 8),
        _ => (part, 10),
    };
    if digits.is_empty() {
        return Some(0);
    }
    digits.chars().try_fold(0_u64, |value, digit| {
        Some(value.saturating_mul(u64::from(radix)).saturating_add(u64::from(digit.to_digit(radix)?)))
    })
}

fn parse_ipv6(input: &[u8]) -> Option<Ipv6Addr> {
    let mut pieces = [0_u16; 8];
    let mut count = 0;
    let mut compress = None;
    let mut i = 0;
    if input.starts_with(b":") {
        if input.get(1) != Some(&b':') {
            return None;
        }
        i = 2;
        count = 1;
        compress = Some(1);
    }
    // A leading "::" counts as one piece before the gap.
    while i < input.len() {
        if count == 8 {
            return None;
        }
        if input[i] == b':' {
            if compress.is_some() {
                return None;
            }
            i += 1;
            count += 1;
            compress = Some(count);
            continue;
        }
        let digits = input[i..].iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let value = input[i..i + digits]
            .iter()
            .fold(0, |value, &digit| value << 4 | (digit as char).to_digit(16).unwrap_or(0) as u16);
        match input.get(i + digits) {
            Some(b'.') => {
                if digits == 0 || count > 6 {
                    return None;
                }
                let [a, b, c, d] = parse_embedded_ipv4(&input[i..])?;
                pieces[count] = u16::from_be_bytes([a, b]);
                pieces[count + 1] = u16::from_be_bytes([c, d]);
                count += 2;
                break;
            }
            Some(b':') => {
                i += digits + 1;
                if i == input.len() {
                    return None;
                }
            }
            Some(_) => return None,
            None => i += digits,
        }
        pieces[count] = value;
        count += 1;
    }
    match compress {
        Some(start) => {
            let moved = count - start;
            pieces.copy_within(start..count, 8 - moved);
            pieces[start..8 - moved].fill(0);
        }
        None if count != 8 => return None,
        None => {}
    }
    Some(Ipv6Addr::from(pieces))
}

/// The dotted end of an IPv6 address: four decimal numbers without leading zeros.
fn parse_embedded_ipv4(input: &[u8]) -> Option<[u8; 4]> {
    let mut parts = input.split(|&byte| byte == b'.');
    let mut address = [0; 4];
    for number in &mut address {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 3 || (part.len() > 1 && part[0] == b'0') {
            return None;
        }
        *number = std::str::from_utf8(part).ok()?.parse().ok()?;
    }
    parts.next().is_none().then_some(address)
}

fn append_ipv6(output: &mut String, address: Ipv6Addr) {
    use std::fmt::Write as _;
    let pieces = address.segments();
    let (gap, length) = longest_zeros(&pieces);
    output.push('[');
    let mut i = 0;
    while i < 8 {
        if i == gap && length > 1 {
            output.push_str(if i == 0 { "::" } else { ":" });
            i += length;
            continue;
        }
        let _ = write!(output, "{:x}", pieces[i]);
        if i < 7 {
            output.push(':');
        }
        i += 1;
    }
    output.push(']');
}

/// Start and length of the first longest run of zeros.
fn longest_zeros(pieces: &[u16; 8]) -> (usize, usize) {
    let mut longest = (0, 0);
    let mut length = 0;
    for (i, &piece) in pieces.iter().enumerate() {
        length = if piece == 0 { length + 1 } else { 0 };
        if length > longest.1 {
            longest = (i + 1 - length, length);
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(input: &str) -> Option<String> {
        let mut output = String::new();
        append(&mut output, input, true).map(|()| output)
    }

    #[test]
    fn hosts_are_normalised() {
        assert_eq!(host("EXAMPLE.com").as_deref(), Some("example.com"));
        assert_eq!(host("0x7f.1").as_deref(), Some("127.0.0.1"));
        assert_eq!(host("[1:0:0:2::]").as_deref(), Some("[1:0:0:2::]"));
        assert_eq!(host("[::ffff:1.2.3.4]").as_deref(), Some("[::ffff:102:304]"));
        assert_eq!(host("m\u{fc}nchen.de").as_deref(), Some("xn--mnchen-3ya.de"));
    }

    #[test]
    fn bad_hosts_are_refused() {
        for input in ["", "a b", "1.2.3.256", "1.2.3.4.5", "[1::2::3]", "[1:2]", "[::1", "a%zz%"] {
            assert_eq!(host(input), None, "{input}");
        }
    }
}
