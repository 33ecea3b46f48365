//! UCB1 (Auer, Cesa-Bianchi & Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002): mean
//! plus c * sqrt(2 ln N / n), where priors count as observations. Deterministic, so propensities are 1 and 0.

use super::posterior::{Posterior, Prior};
use super::{Assessment, Field, Policy, best};
use crate::contract::{Params, RequestError, within};
use crate::random::Sfc32;

pub struct Ucb1 {
    prior: Prior,
    exploration: f64,
}

impl Ucb1 {
    pub fn new(params: &Params) -> Result<Self, RequestError> {
        let prior = Prior::new(params)?;
        let exploration = within("params.exploration", params.exploration, 0.0, 100.0, "0 to 100")?;
        Ok(Self { prior, exploration })
    }
}

impl Policy for Ucb1 {
    fn assess(&self, field: &Field<'_>, _rng: &mut Sfc32) -> Vec<Assessment> {
        let posteriors: Vec<Posterior> = field.arms.iter().map(|arm| self.prior.update(arm)).collect();
        let total: f64 = posteriors.iter().map(Posterior::weight).sum();
        let log_total = libm::log(1.0 + total);
        let mut assessed: Vec<Assessment> = field
            .arms
            .iter()
            .zip(&posteriors)
            .map(|(arm, posterior)| {
                let bonus = self.exploration * libm::sqrt(2.0 * log_total / posterior.weight());
                Assessment {
                    quality: posterior.mean(),
                    uncertainty: posterior.deviation(),
                    score: field.utility(arm, posterior.mean() + bonus),
                    propensity: 0.0,
                }
            })
            .collect();
        let winner = best(assessed.iter().map(|one| one.score));
        if let Some(first) = assessed.get_mut(winner) {
            first.propensity = 1.0;
        }
        assessed
    }
}
