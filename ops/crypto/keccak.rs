//! Functions of any length of output on Keccak's permutation that OpenSSL does not have: cSHAKE (NIST SP 800-185),
//! TurboSHAKE and KangarooTwelve (RFC 9861).

/// The rounds of SHA-3; the faster functions leave out the first half of them.
const ROUNDS: usize = 24;
const FAST_ROUNDS: usize = 12;

const ROUND_CONSTANTS: [u64; ROUNDS] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// How far each lane is rotated, and where it goes, along the one cycle that all lanes but the first are on.
const ROTATIONS: [u32; 24] =
    [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
const POSITIONS: [usize; 24] =
    [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

fn permute(state: &mut [u64; 25], rounds: usize) {
    for constant in &ROUND_CONSTANTS[ROUNDS - rounds..] {
        let parity: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]));
        for x in 0..5 {
            let change = parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1);
            (0..5).for_each(|y| state[x + 5 * y] ^= change);
        }
        let mut lane = state[1];
        for (position, rotation) in POSITIONS.into_iter().zip(ROTATIONS) {
            lane = std::mem::replace(&mut state[position], lane.rotate_left(rotation));
        }
        for row in state.as_chunks_mut::<5>().0 {
            let old = *row;
            for x in 0..5 {
                row[x] = old[x] ^ !old[(x + 1) % 5] & old[(x + 2) % 5];
            }
        }
        state[0] ^= constant;
    }
}

/// A sponge that takes bytes in.
struct Sponge {
    state: [u64; 25],
    /// Bytes that are taken in or given out between two permutations.
    rate: usize,
    rounds: usize,
    filled: usize,
}

impl Sponge {
    fn new(rate: usize, rounds: usize) -> Self {
        Sponge { state: [0; 25], rate, rounds, filled: 0 }
    }

    fn add(&mut self, index: usize, byte: u8) {
        self.state[index / 8] ^= u64::from(byte) << (8 * (index % 8));
    }

    fn absorb(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.add(self.filled, *byte);
            self.filled += 1;
            if self.filled == self.rate {
                permute(&mut self.state, self.rounds);
                self.filled = 0;
            }
        }
    }

    /// Ends the input with a byte that tells functions apart and begins the padding.
    fn squeeze(mut self, domain: u8, length: usize) -> Vec<u8> {
        self.add(self.filled, domain);
        self.add(self.rate - 1, 0x80);
        let mut output = Vec::with_capacity(length);
        while output.len() < length {
            permute(&mut self.state, self.rounds);
            let block = self.state.iter().flat_map(|lane| lane.to_le_bytes()).take(self.rate);
            output.extend(block.take(length - output.len()));
        }
        output
    }
}

/// The bytes of a number without leading zeros, at least one byte.
fn number_bytes(number: usize) -> Vec<u8> {
    let bytes = (number as u64).to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    bytes[start..].to_vec()
}

/// SP 800-185: a number with its length before it.
fn left_encode(number: usize) -> Vec<u8> {
    let bytes = number_bytes(number);
    [vec![bytes.len() as u8], bytes].concat()
}

fn encode_string(bytes: &[u8]) -> Vec<u8> {
    [left_encode(8 * bytes.len()), bytes.to_vec()].concat()
}

/// cSHAKE: `rate` is 168 for 128 bits of strength, 136 for 256.
pub(super) fn cshake(rate: usize, name: &[u8], customization: &[u8], data: &[u8], length: usize) -> Vec<u8> {
    let mut sponge = Sponge::new(rate, ROUNDS);
    if name.is_empty() && customization.is_empty() {
        sponge.absorb(data);
        return sponge.squeeze(0x1f, length);
    }
    sponge.absorb(&byte_pad(rate, &[encode_string(name), encode_string(customization)].concat()));
    sponge.absorb(data);
    sponge.squeeze(0x04, length)
}

/// SP 800-185: fills whole blocks.
fn byte_pad(rate: usize, bytes: &[u8]) -> Vec<u8> {
    let mut padded = [left_encode(rate).as_slice(), bytes].concat();
    padded.resize(padded.len().next_multiple_of(rate), 0);
    padded
}

/// KMAC whose length in bits goes into the code, also where that is no multiple of eight.
pub(super) fn kmac(rate: usize, key: &[u8], customization: &[u8], data: &[u8], bits: usize) -> Vec<u8> {
    let mut length = number_bytes(bits);
    length.push(length.len() as u8);
    let input = [byte_pad(rate, &encode_string(key)).as_slice(), data, &length].concat();
    cshake(rate, b"KMAC", customization, &input, bits.div_ceil(8))
}

/// TurboSHAKE.
pub(super) fn turboshake(rate: usize, domain: u8, data: &[u8], length: usize) -> Vec<u8> {
    let mut sponge = Sponge::new(rate, FAST_ROUNDS);
    sponge.absorb(data);
    sponge.squeeze(domain, length)
}

/// Longer input of KangarooTwelve is cut into chunks of this size.
const CHUNK: usize = 8192;

/// RFC 9861: a number with its length behind it, nothing for nought.
fn length_encode(number: usize) -> Vec<u8> {
    let mut bytes = if number == 0 { Vec::new() } else { number_bytes(number) };
    bytes.push(bytes.len() as u8);
    bytes
}

/// KangarooTwelve: KT128 with the rate 168, KT256 with 136.
pub(super) fn kangaroo_twelve(rate: usize, customization: &[u8], data: &[u8], length: usize) -> Vec<u8> {
    let input = [data, customization, &length_encode(customization.len())].concat();
    if input.len() <= CHUNK {
        return turboshake(rate, 0x07, &input, length);
    }
    let value_length = if rate == 168 { 32 } else { 64 };
    let (first, rest) = input.split_at(CHUNK);
    let mut sponge = Sponge::new(rate, FAST_ROUNDS);
    sponge.absorb(first);
    sponge.absorb(&[3, 0, 0, 0, 0, 0, 0, 0]);
    let chunks = rest.chunks(CHUNK);
    let count = chunks.len();
    for chunk in chunks {
        sponge.absorb(&turboshake(rate, 0x0b, chunk, value_length));
    }
    sponge.absorb(&length_encode(count));
    sponge.absorb(&[0xff, 0xff]);
    sponge.squeeze(0x06, length)
}

#[cfg(test)]
mod tests {
    use super::{cshake, kangaroo_twelve, turboshake};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn known_answers() {
        let plain = cshake(168, b"", b"", b"", 16);
        assert_eq!(hex(&plain), "7f9c2ba4e88f827d616045507605853e");
        let custom = cshake(168, b"", b"Email Signature", &[0, 1, 2, 3], 32);
        assert_eq!(hex(&custom), "c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5");
        let turbo = turboshake(168, 0x1f, b"", 32);
        assert_eq!(hex(&turbo), "1e415f1c5983aff2169217277d17bb538cd945a397ddec541f1ce41af2c1b74c");
        let kangaroo = kangaroo_twelve(168, b"", b"", 32);
        assert_eq!(hex(&kangaroo), "1ac2d450fc3b4205d19da7bfca1b37513c0803577ac7167f06fe2ce1f0ef39e5");
    }
}
