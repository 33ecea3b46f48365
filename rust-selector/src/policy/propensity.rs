//! Propensities of strategies that decide by a random draw: how often each arm comes first in 256 draws, of
//! which the first is the one that decides. A propensity p has a standard error of sqrt(p (1 - p) / 256), at
//! most 0.031, and the chosen arm's is never 0.

use super::belief::Belief;
use super::{Assessment, Field, Verdict, best};

pub const DRAWS: u32 = 256;

/// `draw` draws one quality of the arm with that index.
pub fn by_draws(field: &Field<'_>, beliefs: &[Belief], mut draw: impl FnMut(usize) -> f64) -> Verdict {
    let mut scores = vec![0.0; beliefs.len()];
    let mut round = |scores: &mut [f64]| {
        for (index, (score, arm)) in scores.iter_mut().zip(field.arms).enumerate() {
            *score = field.utility(arm, draw(index));
        }
        best(scores.iter().copied())
    };
    let chosen = round(&mut scores);
    let mut wins = vec![0u32; beliefs.len()];
    if let [only] = wins.as_mut_slice() {
        *only = DRAWS;
    } else {
        wins[chosen] = 1;
        let mut others = scores.clone();
        for _ in 1..DRAWS {
            wins[round(&mut others)] += 1;
        }
    }
    let assessed = |((belief, score), wins): ((&Belief, f64), u32)| Assessment {
        quality: belief.mean,
        uncertainty: belief.deviation,
        score,
        propensity: f64::from(wins) / f64::from(DRAWS),
    };
    Verdict {
        assessed: beliefs.iter().zip(scores).zip(wins).map(assessed).collect(),
        chosen,
    }
}
