//! # task: distributions of tasks, seeded
//!
//! A task is a function of one input, and an [`Episode`] is that function seen through a support set and a
//! query set; or it is a few characters to tell apart, and a [`CharacterEpisode`] holds drawings of them,
//! made by [`glyph`] or taken from a [`Dataset`]; or it is a [`Quadratic`] to be minimised. Everything random about it comes from a [`Stream`] keyed
//! by (seed, [`Purpose`], index), so that task 17 of meta-batch 900 is the same on every device, in every
//! browser and for any number of workers. All arithmetic is float64 through `libm`; whoever computes with
//! it converts to float32. Any room may call this one; it calls none.

mod base;
mod characters;
mod dataset;
mod episode;
mod fingerprint;
mod function;
pub mod glyph;
mod image;
pub mod pixels;
mod quadratic;
mod regularize;
mod spec;
mod split;
mod stream;

pub use base::{BaseDrawings, base_drawings};
pub use characters::{
    CharacterEpisode, Characters, Class, ClassName, Examples, TooSmall, character_episode, check_dataset,
    check_validation, split_of,
};
#[cfg(feature = "import")]
pub(crate) use dataset::from_bits;
pub use dataset::{Alphabet, Character, Dataset, DatasetError, HeldOut, MAX_DRAWINGS, MAX_NAME, MIN_DRAWINGS};
pub use episode::{Episode, Samples, episode, meta_batch_index};
pub use fingerprint::fingerprint;
pub use function::{Function, Sine, description_len};
pub use image::{Image, PIXELS, SIDE, WrongPixels};
pub use quadratic::{DIMENSIONS, Quadratic, quadratic, start_seed};
pub use spec::{Family, Range, Source, Switch, TaskSpec};
pub use split::Split;
pub use stream::{Part, Purpose, Stream};
