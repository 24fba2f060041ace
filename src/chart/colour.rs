//! Colours of a quantity.

/// The scale viridis (Smith and van der Walt 2015) at ninths: perceptually uniform, and as readable for the colour-blind.
const VIRIDIS: [[u8; 3]; 10] = [
    [0x44, 0x01, 0x54],
    [0x48, 0x28, 0x78],
    [0x3e, 0x49, 0x89],
    [0x31, 0x68, 0x8e],
    [0x26, 0x82, 0x8e],
    [0x1f, 0x9e, 0x89],
    [0x35, 0xb7, 0x79],
    [0x6e, 0xce, 0x58],
    [0xb5, 0xde, 0x2b],
    [0xfd, 0xe7, 0x25],
];

/// The colour at a share from 0 (dark violet) to 1 (yellow), as `#rrggbb`.
#[must_use]
pub fn viridis(share: f64) -> String {
    let place = if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 } * (VIRIDIS.len() - 1) as f64;
    let low = (place as usize).min(VIRIDIS.len() - 2);
    let part = place - low as f64;
    let mixed = VIRIDIS[low].iter().zip(VIRIDIS[low + 1]).map(|(&from, to)| {
        let (from, to) = (f64::from(from), f64::from(to));
        format!("{:02x}", (from + part * (to - from)).round() as u8)
    });
    std::iter::once("#".to_owned()).chain(mixed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_goes_from_violet_to_yellow_and_never_leaves_its_ends() {
        assert_eq!(
            [0.0, 1.0, 1.0 / 3.0, -3.0, 7.0].map(viridis),
            ["#440154", "#fde725", "#31688e", "#440154", "#fde725"]
        );
        assert_eq!(viridis(0.5), "#23908c", "halfway between #26828e and #1f9e89");
        assert_eq!(viridis(f64::NAN), "#fde725");
    }

    /// Relative luminance of sRGB by the weights of Rec. 709: a reader without colours sees the same order.
    #[test]
    fn it_grows_lighter_all_the_way() {
        let light = |share: f64| {
            let value = u32::from_str_radix(&viridis(share)[1..], 16).unwrap();
            [(16, 0.2126), (8, 0.7152), (0, 0.0722)]
                .map(|(shift, weight)| weight * (f64::from(value >> shift & 0xff) / 255.0).powf(2.2))
                .iter()
                .sum::<f64>()
        };
        assert!((0..20).all(|i| light(f64::from(i) / 20.0) < light(f64::from(i + 1) / 20.0)));
    }
}
