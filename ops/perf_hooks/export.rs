//! Histograms as bytes: a map in CBOR (RFC 8949) with numbers for keys, which is also what Node writes.

use super::histogram::{Histogram, Moving, Record};
use crate::bind::convert::Bytes;
use crate::bind::task::lock;

const VERSION: u64 = 1;
/// What stands for the least of no values.
const NO_MINIMUM: u64 = i64::MAX as u64;
/// More elements than any histogram has.
const MOST_ITEMS: u64 = 1 << 28;

// The types of CBOR's items.
const UNSIGNED: u8 = 0;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const FLOAT: u8 = 0xfb;

/// Where the count of each value stands in the list of all counts.
struct Places {
    unit: u32,
    half: u32,
}

impl Places {
    fn of(lowest: u64, figures: u8) -> Places {
        let exact = 2 * 10_u64.pow(u32::from(figures));
        Places { unit: lowest.ilog2(), half: (exact - 1).ilog2() }
    }

    fn length(&self, highest: u64) -> u64 {
        let mut beyond = 2_u128 << (self.half + self.unit);
        let mut halves = 2;
        while beyond <= u128::from(highest) {
            beyond <<= 1;
            halves += 1;
        }
        halves << self.half
    }

    fn index(&self, value: u64) -> u64 {
        let within = (2_u64 << (self.half + self.unit)) - 1;
        let bucket = (value | within).ilog2() - self.half - self.unit;
        (u64::from(bucket) << self.half) + (value >> (bucket + self.unit))
    }

    fn value(&self, index: u64) -> Option<u64> {
        let half = 1_u64 << self.half;
        let bucket = (index >> self.half).saturating_sub(1) as u32;
        (index - u64::from(bucket) * half).checked_shl(bucket + self.unit)
    }
}

/// `export(histogram)`
pub(super) fn export(histogram: Histogram) -> Bytes {
    let record = lock(&histogram.0);
    let places = Places::of(record.lowest, record.counts.sigfig());
    let (least, greatest) = record.range.unwrap_or((NO_MINIMUM, 0));
    let is_moving = record.moving.weight > 0.0;
    let mut out = Writer::default();
    out.head(MAP, if is_moving { 12 } else { 11 });
    let numbers = [
        VERSION,
        record.lowest,
        record.highest,
        u64::from(record.counts.sigfig()),
        record.counts.len(),
        least,
        greatest,
        0,
    ];
    for (key, number) in (0..).zip(numbers) {
        out.pair(key, number);
    }
    out.float(8, 1.0);
    out.pair(9, places.length(record.highest));
    let counts: Vec<_> = record.recorded().collect();
    out.head(UNSIGNED, 10);
    out.head(ARRAY, counts.len() as u64 * 2);
    let mut last = 0;
    for (value, count) in counts {
        let index = places.index(value);
        out.pair(index - last, count);
        last = index;
    }
    if is_moving {
        let Moving { weight, mean, variance, error_rate, threshold, .. } = record.moving;
        out.head(UNSIGNED, 11);
        out.head(MAP, 5);
        for (key, number) in (0..).zip([weight, mean, variance, error_rate]) {
            out.float(key, number);
        }
        out.pair(4, threshold as u64);
    }
    Bytes(out.0)
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    /// What every item begins with: its type, and its number or length in as few bytes as it needs.
    fn head(&mut self, kind: u8, number: u64) {
        let bytes = number.to_be_bytes();
        let (short, length) = match number {
            0..24 => (number as u8, 0),
            24..0x100 => (24, 1),
            0x100..0x1_0000 => (25, 2),
            0x1_0000..0x1_0000_0000 => (26, 4),
            _ => (27, 8),
        };
        self.0.push(kind << 5 | short);
        self.0.extend_from_slice(&bytes[8 - length..]);
    }

    fn pair(&mut self, key: u64, number: u64) {
        self.head(UNSIGNED, key);
        self.head(UNSIGNED, number);
    }

    fn float(&mut self, key: u64, number: f64) {
        self.head(UNSIGNED, key);
        self.0.push(FLOAT);
        self.0.extend_from_slice(&number.to_be_bytes());
    }
}

/// `import(bytes)`: nothing where they are no histogram.
pub(super) fn import(bytes: Bytes) -> Option<Histogram> {
    Reader(&bytes.0).histogram().map(Histogram::new)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Option<u64> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn head(&mut self, kind: u8) -> Option<u64> {
        let first = self.take(1)? as u8;
        if first >> 5 != kind {
            return None;
        }
        match first & 31 {
            short @ 0..24 => Some(u64::from(short)),
            length @ 24..28 => self.take(1 << (length - 24)),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<u64> {
        self.head(UNSIGNED)
    }

    fn float(&mut self) -> Option<f64> {
        if self.take(1)? != u64::from(FLOAT) {
            return None;
        }
        self.take(8).map(f64::from_bits)
    }

    fn histogram(&mut self) -> Option<Record> {
        let mut numbers = [None; 10];
        let mut counts = None;
        let mut moving = Moving::default();
        for _ in 0..self.head(MAP)? {
            match self.number()? {
                8 => numbers[8] = self.float().filter(|it| it.is_finite()).map(|_| 1),
                key @ 0..10 => numbers[key as usize] = Some(self.number()?),
                10 => counts = Some(self.counts()?),
                11 => moving = self.moving()?,
                _ => return None,
            }
        }
        let [version, lowest, highest, figures, count, least, greatest, _, _, length] = numbers;
        let (lowest, highest) = (lowest?, highest?);
        let figures = u8::try_from(figures?).ok().filter(|it| (1..=5).contains(it))?;
        let is_bounded = lowest > 0 && highest <= NO_MINIMUM && highest / 2 >= lowest;
        if version.is_some_and(|it| it != VERSION) || !is_bounded {
            return None;
        }
        let places = Places::of(lowest, figures);
        if length.is_some_and(|it| it != places.length(highest)) {
            return None;
        }
        let mut record = Record::new(lowest, highest, figures, moving)?;
        for (index, count) in counts? {
            let value = places.value(index).filter(|_| index < places.length(highest))?;
            if !record.record_n(value.min(highest), count) {
                return None;
            }
        }
        if count.is_some_and(|it| it != record.counts.len()) {
            return None;
        }
        if let (Some(least), Some(greatest), Some(_)) = (least, greatest, record.range) {
            record.range = Some((least, greatest));
        }
        record.moving.is_empty = record.counts.is_empty();
        Some(record)
    }

    /// Pairs of a place and the count there.
    fn counts(&mut self) -> Option<Vec<(u64, u64)>> {
        let items = self.head(ARRAY).filter(|it| it.is_multiple_of(2) && *it < MOST_ITEMS)?;
        let mut place = 0_u64;
        let mut counts = Vec::new();
        for _ in 0..items / 2 {
            place = place.checked_add(self.number()?)?;
            counts.push((place, self.number()?));
        }
        Some(counts)
    }

    fn moving(&mut self) -> Option<Moving> {
        let mut moving = Moving::default();
        for _ in 0..self.head(MAP)? {
            match self.number()? {
                0 => moving.weight = self.float()?,
                1 => moving.mean = self.float()?,
                2 => moving.variance = self.float()?,
                3 => moving.error_rate = self.float()?,
                4 => moving.threshold = self.number()? as f64,
                _ => return None,
            }
        }
        Some(moving)
    }
}
