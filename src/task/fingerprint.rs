//! Six characters that two people can compare by reading aloud.

/// Crockford's base 32: no I, L, O or U to mishear.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The top 30 bits of the CRC-32 of `bytes`, five bits a character.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    let digest = crc32fast::hash(bytes);
    (0..6).map(|i| char::from(LETTERS[(digest >> (27 - 5 * i)) as usize & 31])).collect()
}
