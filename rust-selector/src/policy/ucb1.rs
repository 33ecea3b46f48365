//! UCB1 (Auer, Cesa-Bianchi & Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002): mean
//! plus c * sqrt(2 ln N / n), where priors count as observations. Deterministic, so propensities are 1 and 0.

use super::posterior::{Posterior, Prior};
use super::ucb_tuned::UcbTuned;
use super::{Assessment, Field, Policy, Verdict};
use crate::contract::{Params, RequestError, within};
use crate::random::Sfc32;

pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    let prior = Prior::new(params)?;
    let exploration = exploration(params)?;
    match &*params.variant {
        "ucb1" => Ok(Box::new(Ucb1 { prior, exploration })),
        "tuned" => Ok(Box::new(UcbTuned { prior, exploration })),
        _ => Err(RequestError::InvalidParameter {
            field: "params.variant".to_owned(),
            rule: "ucb1 or tuned",
        }),
    }
}

pub fn exploration(params: &Params<'_>) -> Result<f64, RequestError> {
    within("params.exploration", params.exploration, 0.0, 100.0, "0 to 100")
}

struct Ucb1 {
    prior: Prior,
    exploration: f64,
}

impl Policy for Ucb1 {
    fn assess(&self, field: &Field<'_>, _rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        let bonus = |log_total: f64, _squares: f64, posterior: &Posterior| {
            self.exploration * libm::sqrt(2.0 * log_total / posterior.weight())
        };
        Ok(by_bounds(field, self.prior, bonus))
    }
}

/// The highest upper bound is chosen. `bonus` is told ln(1 + N), the arm's sum of squares and its posterior.
pub fn by_bounds(field: &Field<'_>, prior: Prior, bonus: impl Fn(f64, f64, &Posterior) -> f64) -> Verdict {
    let posteriors: Vec<Posterior> = field.arms.iter().map(|arm| prior.update(arm)).collect();
    let total: f64 = posteriors.iter().map(Posterior::weight).sum();
    let log_total = libm::log(1.0 + total);
    let assessed = field.arms.iter().zip(&posteriors).map(|(arm, posterior)| {
        let bonus = bonus(log_total, prior.squares(arm), posterior);
        Assessment {
            quality: posterior.mean(),
            uncertainty: posterior.deviation(),
            score: field.utility(arm, posterior.mean() + bonus),
            propensity: 0.0,
            by_task: None,
        }
    });
    Verdict::certain(assessed.collect())
}
