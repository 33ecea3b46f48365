//! The strategies, one module each, behind one trait. A strategy is built from checked parameters and then
//! sees only numbers: no wire types, and randomness from the generator it is handed.

mod belief;
mod by_atoms;
mod epsilon_greedy;
mod fixed;
mod greedy;
mod knn;
mod lin_thompson;
mod linear;
mod linucb;
mod posterior;
mod thompson;
mod ucb1;
mod ucb_tuned;

use crate::arm::ArmState;
use crate::contract::{Params, RequestError};
use crate::discrete::BetaMemo;
use crate::random::Sfc32;
use crate::ridge::{Prediction, Singular};

/// One candidate as a strategy sees it.
#[derive(Clone, Copy, Debug)]
pub struct Arm<'a> {
    pub id: &'a str,
    /// Registered quality, 0 to 1.
    pub prior_quality: f64,
    /// The part of the utility that needs no learning.
    pub offset: f64,
    pub state: &'a ArmState,
    /// What a linear model says of the request, for a policy that asks with `lambda`; none without features.
    pub predicted: Option<Result<Prediction, Singular>>,
}

/// Candidates in the order of their ids, which is also the order in which ties are decided. At least one.
pub struct Field<'a> {
    pub quality_weight: f64,
    /// The request's; empty where it has none.
    pub features: &'a [f64],
    /// Hash of what the caller named its task.
    pub task: Option<u64>,
    pub betas: &'a BetaMemo,
    pub arms: &'a [Arm<'a>],
}

impl Field<'_> {
    #[inline]
    fn utility(&self, arm: &Arm<'_>, quality: f64) -> f64 {
        self.quality_weight * quality + arm.offset
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assessment {
    pub quality: f64,
    pub uncertainty: f64,
    pub score: f64,
    pub propensity: f64,
    /// How much of the quality scores of the named task brought or took, where there are any.
    pub by_task: Option<f64>,
}

/// What a strategy decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// One an arm, in the field's order; propensities add up to 1.
    pub assessed: Vec<Assessment>,
    /// The arm that is chosen. Strategies that explore or obey may choose one that has not the highest score.
    pub chosen: usize,
}

impl Verdict {
    /// The highest score is chosen with certainty.
    fn certain(mut assessed: Vec<Assessment>) -> Self {
        let chosen = best(assessed.iter().map(|one| one.score));
        if let Some(first) = assessed.get_mut(chosen) {
            first.propensity = 1.0;
        }
        Self { assessed, chosen }
    }

    /// A share of the choices is made at random instead, each of the K arms as likely. Propensities are exact.
    fn but_at_random(mut self, share: f64, rng: &mut Sfc32) -> Self {
        let count = self.assessed.len() as f64;
        for one in &mut self.assessed {
            one.propensity = (1.0 - share) * one.propensity + share / count;
        }
        if rng.next_unit() < share {
            self.chosen = (rng.next_unit() * count) as usize;
        }
        self
    }
}

pub trait Policy {
    /// The strength of the ridge whose predictions it goes by, if it does.
    fn lambda(&self) -> Option<f64> {
        None
    }

    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Result<Verdict, RequestError>;
}

/// Strategies by name, as an error message lists them.
pub const STRATEGIES: &str = "thompson, ucb1, linucb, lin-thompson, knn, epsilon-greedy, greedy, fixed";

pub fn build(strategy: &str, params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    match strategy {
        "thompson" => thompson::build(params),
        "ucb1" => ucb1::build(params),
        "linucb" => linucb::build(params),
        "lin-thompson" => lin_thompson::build(params),
        "knn" => knn::build(params),
        "epsilon-greedy" => epsilon_greedy::build(params),
        "greedy" => greedy::build(params),
        "fixed" => fixed::build(params),
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
