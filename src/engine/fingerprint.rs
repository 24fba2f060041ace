//! Six characters that two people can compare by reading aloud.

/// Crockford's base 32: no I, L, O or U to mishear.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The top 30 bits of the CRC-32 of the parameters' little-endian float32 bits, five bits a character.
pub fn fingerprint(params: &[f32]) -> String {
    let bytes: Vec<u8> = params.iter().flat_map(|value| value.to_bits().to_le_bytes()).collect();
    let digest = crc32fast::hash(&bytes);
    (0..6).map(|i| char::from(LETTERS[(digest >> (27 - 5 * i)) as usize & 31])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_six_characters_that_notice_the_last_bit() {
        let params = [0.5f32, -1.25, 3.0];
        let nearly = [0.5, -1.25, f32::from_bits(3.0f32.to_bits() + 1)];
        assert_eq!(fingerprint(&params).len(), 6);
        assert_eq!(fingerprint(&params), fingerprint(&params));
        assert_ne!(fingerprint(&params), fingerprint(&nearly));
    }

    #[test]
    fn no_parameters_have_the_known_fingerprint_of_no_bytes() {
        assert_eq!(fingerprint(&[]), "000000");
    }
}
