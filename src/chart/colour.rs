//! Colours of a quantity.

use colorous::VIRIDIS;

/// Two straight lines in OKLab (Ottosson 2020), from blue to near white and on to brown, at eighths: equal steps look equal, both
/// ends are equally dark, and who sees no red or no green still tells blue from brown.
const DIVERGING: [[u8; 3]; 9] = [
    [0x06, 0x48, 0x9c],
    [0x48, 0x74, 0xb5],
    [0x80, 0x9f, 0xcc],
    [0xb9, 0xc9, 0xe1],
    [0xf5, 0xf5, 0xf5],
    [0xd8, 0xc3, 0xb9],
    [0xba, 0x93, 0x7f],
    [0x9b, 0x65, 0x46],
    [0x7b, 0x37, 0x02],
];

/// The colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Of a quantity, from dark violet at 0 to yellow at 1: viridis (Smith and van der Walt 2015), perceptually uniform, and
    /// as readable for the colour-blind.
    Amount,
    /// Of a difference, from blue at 0 by near white at ½, which is none, to brown at 1.
    Difference,
}

impl Colours {
    /// Red, green and blue at a share from 0 to 1; of what is no number those of 1.
    #[must_use]
    pub fn at(self, share: f64) -> [u8; 3] {
        match self {
            Self::Amount => VIRIDIS.eval_continuous(inside(share)).into_array(),
            Self::Difference => mixed(&DIVERGING, inside(share)),
        }
    }

    /// The same as `#rrggbb`.
    #[must_use]
    pub fn name(self, share: f64) -> String {
        let [red, green, blue] = self.at(share);
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The colour at a share from 0 (dark violet) to 1 (yellow), as `#rrggbb`.
#[must_use]
pub fn viridis(share: f64) -> String {
    Colours::Amount.name(share)
}

fn inside(share: f64) -> f64 {
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 }
}

fn mixed(scale: &[[u8; 3]], share: f64) -> [u8; 3] {
    let place = share * (scale.len() - 1) as f64;
    let low = (place as usize).min(scale.len() - 2);
    let part = place - low as f64;
    [0, 1, 2].map(|channel: usize| {
        let (from, to) = (f64::from(scale[low][channel]), f64::from(scale[low + 1][channel]));
        (from + part * (to - from)).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_goes_from_violet_to_yellow_and_never_leaves_its_ends() {
        assert_eq!(
            [0.0, 1.0, 1.0 / 3.0, -3.0, 7.0].map(viridis),
            ["#440154", "#fde725", "#30688e", "#440154", "#fde725"]
        );
        assert_eq!(viridis(0.5), "#20908c");
        assert_eq!(viridis(f64::NAN), "#fde725");
    }

    /// Relative luminance of sRGB by the weights of Rec. 709.
    fn light(colours: Colours, share: f64) -> f64 {
        let linear = colours.at(share).map(|channel| (f64::from(channel) / 255.0).powf(2.2));
        linear.iter().zip([0.2126, 0.7152, 0.0722]).map(|(value, weight)| weight * value).sum()
    }

    #[test]
    fn a_reader_without_colours_sees_the_same_order() {
        let grows =
            |i: i32| light(Colours::Amount, f64::from(i) / 20.0) < light(Colours::Amount, f64::from(i + 1) / 20.0);
        assert!((0..20).all(grows));
    }

    #[test]
    fn a_difference_grows_darker_either_way_and_as_dark_at_both_ends() {
        let at = |i: i32| light(Colours::Difference, f64::from(i) / 20.0);
        assert!((0..10).all(|i| at(i) < at(i + 1) && at(20 - i) < at(19 - i)));
        assert!((at(0) - at(20)).abs() < 0.02, "{} and {}", at(0), at(20));
        assert_eq!(Colours::Difference.name(0.5), "#f5f5f5");
    }
}
