//! Thompson sampling with Beta posteriors (Chapelle & Li, "An empirical evaluation of Thompson sampling", 2011;
//! Agrawal & Goyal 2012). One draw decides; that draw and 255 more estimate every candidate's propensity.

use super::posterior::{Posterior, Prior};
use super::{Assessment, Field, Policy, best};
use crate::contract::{Params, RequestError};
use crate::random::Sfc32;
use crate::sample::{Beta, Sampler};

/// Draws behind a propensity p, whose standard error is sqrt(p (1 - p) / 256): at most 0.031.
pub const DRAWS: u32 = 256;

pub struct Thompson {
    prior: Prior,
}

impl Thompson {
    pub fn new(params: &Params) -> Result<Self, RequestError> {
        Ok(Self {
            prior: Prior::new(params)?,
        })
    }
}

impl Policy for Thompson {
    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Vec<Assessment> {
        let posteriors: Vec<Posterior> = field.arms.iter().map(|arm| self.prior.update(arm)).collect();
        let betas: Vec<Beta> = posteriors
            .iter()
            .map(|one| Beta::new(one.alpha, one.beta))
            .collect();
        let mut sampler = Sampler::new(rng);
        let scores: Vec<f64> = field
            .arms
            .iter()
            .zip(&betas)
            .map(|(arm, beta)| field.utility(arm, sampler.beta(beta)))
            .collect();
        let wins = count_wins(field, &betas, &scores, &mut sampler);
        let assessment = |((posterior, score), wins): ((&Posterior, f64), u32)| Assessment {
            quality: posterior.mean(),
            uncertainty: posterior.deviation(),
            score,
            propensity: f64::from(wins) / f64::from(DRAWS),
        };
        posteriors.iter().zip(scores).zip(wins).map(assessment).collect()
    }
}

/// How often each arm comes first. The deciding draw counts, so the chosen arm's propensity is never 0.
fn count_wins(field: &Field<'_>, betas: &[Beta], decided: &[f64], sampler: &mut Sampler<'_>) -> Vec<u32> {
    let mut wins = vec![0; betas.len()];
    wins[best(decided.iter().copied())] = 1;
    if let [only] = wins.as_mut_slice() {
        *only = DRAWS;
        return wins;
    }
    for _ in 1..DRAWS {
        let draws = field.arms.iter().zip(betas);
        wins[best(draws.map(|(arm, beta)| field.utility(arm, sampler.beta(beta))))] += 1;
    }
    wins
}
