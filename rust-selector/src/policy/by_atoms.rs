//! Strategies that decide by a random draw from each arm's posterior: every posterior is 64 atoms (see `discrete`),
//! one atom an arm is drawn, and the highest utility wins. Propensities are the probabilities of just that, not
//! estimates. A share of the choices, `floor`, is made uniformly among the K arms, since an arm that no draw can make
//! the best could never be judged from what is logged: no propensity is below floor / K.

use super::belief::Belief;
use super::{Assessment, Field, Verdict, best};
use crate::contract::{Params, RequestError, within};
use crate::discrete::{Atoms, NORMAL_ATOMS, draw, win_probabilities};
use crate::random::Sfc32;

#[derive(Clone, Copy)]
pub struct Floor(f64);

impl Floor {
    pub fn new(params: &Params<'_>) -> Result<Self, RequestError> {
        within("params.floor", params.floor, 1e-6, 1.0, "1e-6 to 1").map(Self)
    }

    pub fn share(self) -> f64 {
        self.0
    }
}

/// Each arm's `qualities` in ascending order.
pub fn by_atoms(
    field: &Field<'_>,
    beliefs: &[Belief],
    floor: Floor,
    qualities: impl Fn(usize) -> Atoms,
    rng: &mut Sfc32,
) -> Verdict {
    let utilities: Vec<Atoms> = field
        .arms
        .iter()
        .enumerate()
        .map(|(index, arm)| qualities(index).map(|quality| field.utility(arm, quality)))
        .collect();
    let scores: Vec<f64> = utilities.iter().map(|atoms| atoms[draw(rng)]).collect();
    let Floor(floor) = floor;
    let count = scores.len() as f64;
    let chosen = if rng.next_unit() < floor {
        (rng.next_unit() * count) as usize
    } else {
        best(scores.iter().copied())
    };
    let wins = win_probabilities(&utilities);
    let assessed = |((belief, score), wins): ((&Belief, f64), f64)| Assessment {
        quality: belief.mean,
        uncertainty: belief.deviation,
        score,
        propensity: (1.0 - floor) * wins + floor / count,
        by_task: belief.by_task,
    };
    Verdict {
        assessed: beliefs.iter().zip(scores).zip(wins).map(assessed).collect(),
        chosen,
    }
}

/// Qualities are Normal(mean, (scale * deviation)^2).
pub fn by_normals(
    field: &Field<'_>,
    beliefs: &[Belief],
    scale: f64,
    floor: Floor,
    rng: &mut Sfc32,
) -> Verdict {
    let qualities = |index: usize| {
        let Belief { mean, deviation, .. } = beliefs[index];
        NORMAL_ATOMS.map(|z| mean + scale * deviation * z)
    };
    by_atoms(field, beliefs, floor, qualities, rng)
}
