//! The fingerprint of meta-parameters.

/// The fingerprint of the parameters' little-endian float32 bits.
pub fn fingerprint(params: &[f32]) -> String {
    let bytes: Vec<u8> = params.iter().flat_map(|value| value.to_bits().to_le_bytes()).collect();
    crate::task::fingerprint(&bytes)
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
