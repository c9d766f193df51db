//! What holds of the parser whatever it reads: it never fails itself, never reads beyond what it was given, and finds
//! the same however the bytes are cut. `tests/fuzz` checks it on input that a fuzzer makes up, the tests below on
//! input that a generator does.

use super::parser::{Answer, Event, Fault, Kind, Parser};

/// How many bytes of the input say how the others are read.
pub(crate) const OPTIONS: usize = 4;

/// A header's size that is too much, where the options ask for one that messages reach.
const SMALL: usize = 64;

/// All that is reported of a reading.
#[derive(Default, PartialEq, Debug)]
struct Reading {
    events: Vec<String>,
    used: usize,
    fault: Option<Fault>,
    end: Option<Result<bool, Fault>>,
}

/// How a message is read.
#[derive(Clone, Copy)]
struct Options {
    kind: Kind,
    lenient: u32,
    max_head_size: usize,
    answer: Answer,
    /// The length of the pieces.
    stride: usize,
}

impl Options {
    fn of(bytes: [u8; OPTIONS]) -> Self {
        let [choices, low, high, stride] = bytes;
        Options {
            kind: if choices & 1 == 0 { Kind::Request } else { Kind::Response },
            answer: match choices >> 1 & 3 {
                1 => Answer::SkipBody,
                2 => Answer::Upgrade,
                _ => Answer::Normal,
            },
            max_head_size: if choices & 8 == 0 { 16 << 10 } else { SMALL },
            lenient: u32::from(u16::from_le_bytes([low, high]) & 0x7ff),
            stride: usize::from(stride).max(1),
        }
    }
}

/// Checks what holds for `data`, whose first bytes are options.
pub(crate) fn check(data: &[u8]) {
    let Some((options, text)) = data.split_first_chunk::<OPTIONS>() else { return };
    let options = Options::of(*options);
    let whole = read(options, std::iter::once(text));
    let cut = read(options, text.chunks(options.stride));
    let halves = [&text[..text.len() / 2], &text[text.len() / 2..]];
    let halved = read(options, halves.into_iter());
    assert_alike(&whole, &cut);
    assert_alike(&whole, &halved);
}

fn read<'a>(options: Options, pieces: impl Iterator<Item = &'a [u8]>) -> Reading {
    let mut parser = Parser::new(options.kind, options.max_head_size, options.lenient);
    let mut reading = Reading::default();
    let mut body = Vec::new();
    for piece in pieces {
        let mut at = 0;
        // Each byte makes a few events at most.
        for turn in 0.. {
            assert!(turn <= 4 * piece.len() + 8, "it reads on and on");
            let before = at;
            let event = parser.next(piece, &mut at);
            assert!(before <= at && at <= piece.len(), "it reads beyond its input");
            if let Event::Body(from, to) = event {
                assert!(from <= to && to <= at);
                body.extend_from_slice(&piece[from..to]);
                continue;
            }
            if event == Event::More {
                break;
            }
            if !body.is_empty() {
                reading.events.push(format!("{:?}", std::mem::take(&mut body)));
            }
            match event {
                Event::Head => {
                    reading.events.push(format!("{:?} {:?}", parser.head, parser.fields.text));
                    parser.answer_head(options.answer);
                }
                Event::End => reading.events.push(format!("end {:?}", parser.trailers())),
                Event::Broken(fault) => {
                    reading.used += at;
                    reading.fault = Some(fault);
                    return reading;
                }
                Event::Upgrade => {
                    reading.used += at;
                    return reading;
                }
                other => reading.events.push(format!("{other:?}")),
            }
        }
        assert_eq!(at, piece.len(), "it leaves bytes");
        reading.used += at;
    }
    if !body.is_empty() {
        reading.events.push(format!("{body:?}"));
    }
    reading.end = Some(parser.finish());
    reading
}

/// Too much is noticed where a piece ends, so earlier in pieces than in the whole, and before other faults.
fn assert_alike(whole: &Reading, cut: &Reading) {
    let is_too_much = |reading: &Reading| reading.fault.is_some_and(|fault| fault.code.ends_with("OVERFLOW"));
    if is_too_much(whole) || is_too_much(cut) {
        assert!(cut.fault.is_some() && cut.used <= whole.used, "{whole:?}\n{cut:?}");
        assert_eq!(whole.events[..cut.events.len()], cut.events);
    } else {
        assert_eq!(whole, cut);
    }
}

#[cfg(test)]
mod tests {
    use super::{OPTIONS, check};

    const PARTS: &[&str] = &[
        "GET",
        "POST",
        "CONNECT",
        "PRI",
        "M-SEARCH",
        " ",
        "/",
        "*",
        "http://a@b:1/c?d#e",
        " HTTP/1.1",
        " HTTP/1.0",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 101 S",
        "HTTP/1.0 304 ",
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        "Content-Length",
        ":",
        ": ",
        "Transfer-Encoding",
        "chunked",
        "gzip, chunked",
        "Connection",
        "close",
        "keep-alive",
        "upgrade",
        "Upgrade",
        "A",
        "b",
        "3",
        "3\r\nabc\r\n",
        "0\r\n\r\n",
        ";a=b",
        ";a=\"b\\\"c\"",
        "1",
        "\0",
        "\u{7f}",
        "\t",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ",",
        "ffffffffffffffff",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n",
    ];

    /// The same numbers each time.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as usize % limit
        }
    }

    #[test]
    fn the_same_however_it_is_cut() {
        let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
        for _ in 0..60_000 {
            let mut data: Vec<u8> = (0..OPTIONS).map(|_| numbers.below(256) as u8).collect();
            // Half of the messages are read strictly, and most in short pieces.
            if numbers.below(2) == 0 {
                data[1..3].fill(0);
            }
            data[3] %= 24;
            for _ in 0..numbers.below(14) {
                data.extend_from_slice(PARTS[numbers.below(PARTS.len())].as_bytes());
            }
            for _ in 0..numbers.below(3) {
                let at = OPTIONS + numbers.below(data.len() - OPTIONS + 1);
                data.insert(at, numbers.below(256) as u8);
            }
            check(&data);
        }
    }
}
