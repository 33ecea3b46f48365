//! The strategies, one module each, behind one trait. A strategy is built from checked parameters and then
//! sees only numbers: no ids, no wire types, and randomness from the generator it is handed.

mod posterior;
mod thompson;
mod ucb1;

use crate::arm::ArmState;
use crate::contract::{Params, RequestError};
use crate::random::Sfc32;

pub use thompson::Thompson;
pub use ucb1::Ucb1;

/// One candidate as a strategy sees it.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// Registered quality, 0 to 1.
    pub prior_quality: f64,
    /// The part of the utility that needs no learning.
    pub offset: f64,
    pub state: ArmState,
}

/// Candidates in the order of their ids, which is also the order in which ties are decided.
pub struct Field<'a> {
    pub quality_weight: f64,
    pub arms: &'a [Arm],
}

impl Field<'_> {
    #[inline]
    fn utility(&self, arm: &Arm, quality: f64) -> f64 {
        self.quality_weight * quality + arm.offset
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assessment {
    pub quality: f64,
    pub uncertainty: f64,
    pub score: f64,
    pub propensity: f64,
}

pub trait Policy {
    /// One assessment an arm, in the field's order; propensities add up to 1.
    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Vec<Assessment>;
}

pub fn build(strategy: &str, params: &Params) -> Result<Box<dyn Policy>, RequestError> {
    match strategy {
        "thompson" => Ok(Box::new(Thompson::new(params)?)),
        "ucb1" => Ok(Box::new(Ucb1::new(params)?)),
        _ => Err(RequestError::UnknownStrategy),
    }
}

/// The first of the highest scores.
fn best(scores: impl Iterator<Item = f64>) -> usize {
    let mut winner = (0, f64::NEG_INFINITY);
    for (index, score) in scores.enumerate() {
        if score > winner.1 {
            winner = (index, score);
        }
    }
    winner.0
}
