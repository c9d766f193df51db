//! 64 bits that stand for a text or for bytes: fast, and different whenever these are, for all that is likely. They say
//! nothing to those who look for a text with the same.

const KEYS: [u64; 4] =
    [0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03, 0xaef1_7502_108e_f2d9, 0x2127_599b_f432_5c37];

/// Both halves of the product of two numbers, so that every bit of either has its say.
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    product as u64 ^ (product >> 64) as u64
}

fn word(bytes: &[u8]) -> u64 {
    let mut whole = [0; 8];
    whole[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(whole)
}

/// The hash of `bytes`.
pub(in crate::modules) fn hash(bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks::<32>();
    let (mut one, mut other) = (KEYS[0], KEYS[1] ^ bytes.len() as u64);
    for block in blocks {
        one = fold(one ^ word(&block[..8]), KEYS[2] ^ word(&block[8..16]));
        other = fold(other ^ word(&block[16..24]), KEYS[3] ^ word(&block[24..]));
    }
    for part in rest.chunks(8) {
        one = fold(one ^ word(part), KEYS[2]);
        other ^= one.rotate_left(17);
    }
    fold(one ^ KEYS[3], other ^ KEYS[2])
}
