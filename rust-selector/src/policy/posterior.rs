//! Beta posterior of an adapter's quality: the registered quality counts as `prior_strength` observations, and
//! a fractional score s adds s to alpha and 1 - s to beta (Agrawal & Goyal 2012, section 2, without the coin).

use super::Arm;
use super::belief::Belief;
use crate::contract::{Params, RequestError, within};

/// A prior of exactly 0 or 1 could never be unlearnt.
const PRIOR_MARGIN: f64 = 0.01;

#[derive(Clone, Copy)]
pub struct Prior {
    strength: f64,
}

pub struct Posterior {
    pub alpha: f64,
    pub beta: f64,
}

impl Prior {
    /// Checks what every strategy shares. gamma is `learn`'s, but a policy that it would refuse must not look
    /// healthy here.
    pub fn new(params: &Params<'_>) -> Result<Self, RequestError> {
        let strength = within(
            "params.prior_strength",
            params.prior_strength,
            1.0,
            1e6,
            "1 to 1e6",
        )?;
        within("params.gamma", params.gamma, 0.5, 1.0, "0.5 to 1")?;
        Ok(Self { strength })
    }

    pub fn strength(self) -> f64 {
        self.strength
    }

    pub fn update(self, arm: &Arm<'_>) -> Posterior {
        let prior = arm.prior_quality.clamp(PRIOR_MARGIN, 1.0 - PRIOR_MARGIN);
        let failures = (arm.state.n - arm.state.sum).max(0.0);
        Posterior {
            alpha: self.strength * prior + arm.state.sum,
            beta: self.strength * (1.0 - prior) + failures,
        }
    }

    /// Sum of squares of observations and pseudo-observations together, the latter being 0 or 1.
    pub fn squares(self, arm: &Arm<'_>) -> f64 {
        let prior = arm.prior_quality.clamp(PRIOR_MARGIN, 1.0 - PRIOR_MARGIN);
        self.strength * prior + arm.state.sum_squares
    }
}

impl Posterior {
    /// Observations and pseudo-observations together.
    pub fn weight(&self) -> f64 {
        self.alpha + self.beta
    }

    pub fn mean(&self) -> f64 {
        self.alpha / self.weight()
    }

    pub fn deviation(&self) -> f64 {
        let weight = self.weight();
        libm::sqrt(self.alpha * self.beta / (weight * weight * (weight + 1.0)))
    }

    pub fn belief(&self) -> Belief {
        Belief {
            mean: self.mean(),
            deviation: self.deviation(),
            by_task: None,
        }
    }
}
