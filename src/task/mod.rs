//! # task: distributions of tasks, seeded
//!
//! A task is a function of one input; an [`Episode`] is that function seen through a support set and a
//! query set. Everything random about it comes from a [`Stream`] keyed by (seed, [`Purpose`], index), so
//! that task 17 of meta-batch 900 is the same on every device, in every browser and for any number of
//! workers. All arithmetic is float64 through `libm`; whoever computes with it converts to float32. Any
//! room may call this one; it calls none.

mod episode;
mod function;
pub mod glyph;
mod image;
pub mod pixels;
mod spec;
mod split;
mod stream;

pub use episode::{Episode, Samples, episode, meta_batch_index};
pub use function::{Function, Sine, description_len};
pub use image::{Image, PIXELS, SIDE, WrongPixels};
pub use spec::{Family, Range, Source, Switch, TaskSpec};
pub use split::Split;
pub use stream::{Part, Purpose, Stream};
