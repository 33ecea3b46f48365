//! k nearest neighbours with an upper confidence bound, after Reeve, Mellor & Brown, "The k-nearest neighbour UCB
//! algorithm for multi-armed bandits with covariates" (ALT 2018), and Guan & Jiang, "Nonparametric stochastic
//! contextual bandits" (AAAI 2018): an arm's quality is the mean of the scores of the past requests that are most like
//! this one. It departs from both where a neighbour is far: there it counts less, and the arm's own mean counts more.
//!
//! The k remembered requests of the highest cosines c above 0 count w = c^8 gamma^age each, `age` the scores that the arm
//! remembers after it; the power is there as most texts are somewhat alike: c = .7 counts .06. The mean m of what the
//! arm ever saw, and of its registered quality as in a gaussian belief, counts `prior_strength`. So with y the scores,
//! and `noise` the deviation that one is taken to have:
//!   mean = (prior_strength m + sum w y) / (prior_strength + sum w)
//!   variance = (prior_strength noise^2 + sum w (y - mean)^2) / (prior_strength + sum w)^2
//! as if a neighbour's score were one of this very request's with 1 / w times the variance (a power prior, Ibrahim &
//! Chen, Statistical Science 2000); so `sum w` is the effective number of neighbours.
//!
//! The highest mean + exploration * deviation is chosen, but for a share `floor` of choices at random.

use super::belief::{Belief, noise};
use super::by_atoms::Floor;
use super::posterior::Prior;
use super::ucb1::exploration;
use super::{Arm, Assessment, Field, Policy, Verdict};
use crate::contract::{Params, RequestError, whole};
use crate::memory::{Direction, MAX_MEMORY, Memory};
use crate::random::Sfc32;

pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    const RULE: &str = "a whole number from 1 to 1024";
    let prior = Prior::new(params)?;
    let noise = noise(params)?;
    let exploration = exploration(params)?;
    let floor = Floor::new(params)?;
    let neighbours = whole("params.neighbours", params.neighbours, 1, MAX_MEMORY as u64, RULE)?;
    // `learn` applies it, but a policy that it would refuse must not look healthy here.
    whole("params.memory", params.memory, 1, MAX_MEMORY as u64, RULE)?;
    Ok(Box::new(Knn {
        strength: prior.strength(),
        noise,
        exploration,
        floor,
        neighbours: neighbours as usize,
        gamma: *params.gamma,
    }))
}

struct Knn {
    strength: f64,
    noise: f64,
    exploration: f64,
    floor: Floor,
    neighbours: usize,
    gamma: f64,
}

/// Sums over the neighbours of their weights w, of w y and of w y^2.
#[derive(Default)]
struct Sums {
    weight: f64,
    scores: f64,
    squares: f64,
}

impl Policy for Knn {
    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        if field.features.is_empty() {
            return Err(RequestError::MissingFeatures);
        }
        let asked = Direction::of(field.features);
        let assessed = field.arms.iter().map(|arm| {
            let Belief { mean, deviation, .. } = self.belief(arm, &asked);
            Assessment {
                quality: mean,
                uncertainty: deviation,
                score: field.utility(arm, mean + self.exploration * deviation),
                propensity: 0.0,
                by_task: None,
            }
        });
        Ok(Verdict::certain(assessed.collect()).but_at_random(self.floor.share(), rng))
    }
}

impl Knn {
    fn belief(&self, arm: &Arm<'_>, asked: &Direction) -> Belief {
        let own = (self.strength * arm.prior_quality + arm.state.sum) / (self.strength + arm.state.n);
        let memory = arm.state.memory.as_ref();
        let fitting = memory.filter(|memory| memory.dimension() == asked.dimension());
        let sums = fitting
            .map(|memory| self.nearest(memory, asked))
            .unwrap_or_default();
        let weight = self.strength + sums.weight;
        let mean = (self.strength * own + sums.scores) / weight;
        // Rounding may leave less than nothing.
        let spread = (sums.squares - 2.0 * mean * sums.scores + mean * mean * sums.weight).max(0.0);
        let variance = (self.strength * self.noise * self.noise + spread) / weight;
        Belief {
            mean,
            deviation: libm::sqrt(variance / weight),
            by_task: None,
        }
    }

    /// Of equally near ones the newest count.
    fn nearest(&self, memory: &Memory, asked: &Direction) -> Sums {
        let near = memory.similarities(asked);
        let (least, mut at_least) = self.reach(&near);
        let mut sums = Sums::default();
        let mut fade = 1.0;
        for (score, similarity) in memory.scores().iter().zip(near).rev() {
            let counts = similarity > least || (similarity == least && at_least > 0);
            if counts && similarity > 0.0 {
                at_least -= usize::from(similarity == least);
                let weight = eighth(similarity) * fade;
                sums.weight += weight;
                sums.scores += weight * score;
                sums.squares += weight * score * score;
            }
            fade *= self.gamma;
        }
        sums
    }

    /// The k-th highest similarity, and how many of just that are among the k.
    fn reach(&self, near: &[f64]) -> (f64, usize) {
        if near.len() <= self.neighbours {
            return (0.0, 0);
        }
        let mut sorted = near.to_vec();
        let (_, least, _) =
            sorted.select_nth_unstable_by(self.neighbours - 1, |one, other| other.total_cmp(one));
        let least = *least;
        let above = near.iter().filter(|one| **one > least).count();
        (least, self.neighbours - above)
    }
}

fn eighth(similarity: f64) -> f64 {
    let square = similarity * similarity;
    let fourth = square * square;
    fourth * fourth
}
