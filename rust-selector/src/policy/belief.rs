//! What is believed of each arm's quality, as a mean and a standard deviation, under the likelihood that a policy
//! names.
//! - beta: see `posterior`.
//! - gaussian: scores are Normal around the arm's quality with a known deviation `noise`, and the registered
//!   quality counts as `prior_strength` observations, so the posterior is Normal(mean of all of them,
//!   noise^2 / number of all of them) (Agrawal & Goyal, "Further optimal regret bounds for Thompson sampling",
//!   2013, section 3). The noise is known, not learnt, because a score between 0 and 1 has at most 0.5.
//! - linear: see `linear`.

use super::Field;
use super::linear::Linear;
use super::posterior::Prior;
use crate::contract::{Params, RequestError, within};

#[derive(Clone, Copy, Debug)]
pub struct Belief {
    pub mean: f64,
    pub deviation: f64,
    /// How much of the mean scores of the named task brought or took, where there are any.
    pub by_task: Option<f64>,
}

#[derive(Clone, Copy)]
pub enum Likelihood {
    Beta(Prior),
    Gaussian { strength: f64, noise: f64 },
    Linear(Linear),
}

impl Likelihood {
    /// As `params.likelihood` names it.
    pub fn new(params: &Params<'_>) -> Result<Self, RequestError> {
        match &*params.likelihood {
            "linear" => Linear::new(params).map(Self::Linear),
            _ => Self::without_features(params, "beta, gaussian or linear"),
        }
    }

    /// `rule` is what an unknown name is told.
    pub fn without_features(params: &Params<'_>, rule: &'static str) -> Result<Self, RequestError> {
        let prior = Prior::new(params)?;
        match &*params.likelihood {
            "beta" => Ok(Self::Beta(prior)),
            "gaussian" => Ok(Self::Gaussian {
                strength: prior.strength(),
                noise: noise(params)?,
            }),
            _ => Err(RequestError::InvalidParameter {
                field: "params.likelihood".to_owned(),
                rule,
            }),
        }
    }

    /// The strength of the ridge that a linear one goes by.
    pub fn lambda(self) -> Option<f64> {
        match self {
            Self::Linear(linear) => Some(linear.lambda()),
            Self::Beta(_) | Self::Gaussian { .. } => None,
        }
    }

    /// One an arm, in the field's order.
    pub fn beliefs(self, field: &Field<'_>) -> Result<Vec<Belief>, RequestError> {
        match self {
            Self::Beta(prior) => Ok(field.arms.iter().map(|arm| prior.update(arm).belief()).collect()),
            Self::Gaussian { strength, noise } => Ok(gaussian(field, strength, noise)),
            Self::Linear(linear) => linear.beliefs(field),
        }
    }
}

pub fn noise(params: &Params<'_>) -> Result<f64, RequestError> {
    within("params.noise", params.noise, 0.001, 1.0, "0.001 to 1")
}

pub fn gaussian(field: &Field<'_>, strength: f64, noise: f64) -> Vec<Belief> {
    let of = |arm: &super::Arm<'_>| {
        let weight = strength + arm.state.n;
        Belief {
            mean: (strength * arm.prior_quality + arm.state.sum) / weight,
            deviation: noise / libm::sqrt(weight),
            by_task: None,
        }
    };
    field.arms.iter().map(of).collect()
}
