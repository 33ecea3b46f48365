//! UCB-tuned (Auer, Cesa-Bianchi & Fischer 2002, section 4): mean plus
//! c * sqrt(ln N / n * min(1/4, V)), V = variance + sqrt(2 ln N / n). Arms whose scores hardly vary are explored
//! less. Pseudo-observations are 0 or 1, so a prior p brings a variance of p (1 - p).

use super::posterior::{Posterior, Prior};
use super::ucb1::by_bounds;
use super::{Field, Policy, Verdict};
use crate::contract::RequestError;
use crate::random::Sfc32;

pub struct UcbTuned {
    pub prior: Prior,
    pub exploration: f64,
}

impl Policy for UcbTuned {
    fn assess(&self, field: &Field<'_>, _rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        let bonus = |log_total: f64, squares: f64, posterior: &Posterior| {
            let share = log_total / posterior.weight();
            let mean = posterior.mean();
            let variance = (squares / posterior.weight() - mean * mean).max(0.0);
            let bound = (variance + libm::sqrt(2.0 * share)).min(0.25);
            self.exploration * libm::sqrt(share * bound)
        };
        Ok(by_bounds(field, self.prior, bonus))
    }
}
