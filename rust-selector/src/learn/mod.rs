//! Folds feedback into the arms that `select` reads, each score exactly once, whatever is replayed, repeated,
//! reordered or done by several learners at a time.

mod batch;
mod event;
mod feedback;
mod learner;

pub use event::{EventError, Wanted, wanted};
pub use feedback::{Feedback, Poison, judge};
pub use learner::{Learner, Learnt};
