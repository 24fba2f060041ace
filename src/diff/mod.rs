//! # diff: exact first and second derivatives on top of burn
//!
//! burn differentiates once. That is enough for exact second-order meta-learning: a loss is written once
//! over the small set of operations in [`Ops`], and run either with plain tensors ([`Plain`]) or with dual
//! numbers ([`Dual`], a value and its tangent). Then
//!
//! - [`gradient`] is one `backward()` of the plain loss, and
//! - [`hessian_vector`] is one `backward()` of the *tangent* of the dual loss: H·v = ∇θ ⟨∇L(θ), v⟩
//!   (Pearlmutter 1994, eq. 4, reverse over forward).
//!
//! Nothing is unrolled: memory is one tape at a time. Every parameter carries a leading task axis
//! (`[tasks, rows, columns]`) and the loss is summed over tasks, so one pass gives each task its own
//! derivative and the number of operations does not depend on the number of tasks.
//!
//! Called by `model`, `learner` and `engine`; knows only burn.

mod dual;
mod gradient;
mod ops;
mod params;
mod plain;
mod solve;
#[cfg(test)]
mod tests;

pub use dual::{Dual, DualTensor};
pub use gradient::{Gradient, Objective, derivative_of, gradient, gradient_of, hessian_vector};
pub use ops::Ops;
pub use params::Params;
pub use plain::Plain;
pub use solve::solve;
