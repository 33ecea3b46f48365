//! Posteriors as discrete distributions of 64 atoms, so that the probability with which Thompson sampling chooses
//! an arm can be worked out exactly for the very draws that decide.

mod beta;
mod grid;
mod memo;
mod normal;
mod order;
mod winner;

pub use beta::beta_atoms;
pub use grid::{ATOMS, Atoms, MASSES, draw};
pub use memo::BetaMemo;
pub use normal::NORMAL_ATOMS;
pub use winner::win_probabilities;
