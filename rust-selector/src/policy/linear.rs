//! What is believed of each arm's quality where it is a linear function of the request's features, one function
//! an arm ("disjoint"): see `ridge`. An arm that has learnt from no features, or from another number of them, is
//! believed what its prior says.

use super::Field;
use super::belief::{Belief, noise};
use crate::contract::{Params, RequestError, within};
use crate::ridge::{Prediction, Singular, predict_by_prior};

#[derive(Clone, Copy)]
pub struct Linear {
    lambda: f64,
    noise: f64,
}

impl Linear {
    pub fn new(params: &Params) -> Result<Self, RequestError> {
        within("params.gamma", params.gamma, 0.5, 1.0, "0.5 to 1")?;
        let lambda = within("params.lambda", params.lambda, 0.001, 1e6, "0.001 to 1e6")?;
        let noise = noise(params)?;
        Ok(Self { lambda, noise })
    }

    /// One an arm, in the field's order. The deviation is noise * sqrt(x^T (A + lambda I)^-1 x).
    pub fn beliefs(self, field: &Field<'_>) -> Result<Vec<Belief>, RequestError> {
        if field.features.is_empty() {
            return Err(RequestError::MissingFeatures);
        }
        field.arms.iter().map(|arm| self.belief(field, arm)).collect()
    }

    fn belief(self, field: &Field<'_>, arm: &super::Arm<'_>) -> Result<Belief, RequestError> {
        let (features, prior) = (field.features, arm.prior_quality);
        let known = arm.state.linear.as_ref();
        let Prediction { mean, spread } = match known.filter(|one| one.dimension() == features.len()) {
            Some(linear) => linear.ridge(self.lambda)?.predict(features, prior),
            None => predict_by_prior(features, self.lambda, prior),
        };
        let deviation = self.noise * libm::sqrt(spread);
        if mean.is_finite() && deviation.is_finite() {
            Ok(Belief { mean, deviation })
        } else {
            Err(RequestError::SingularMatrix)
        }
    }
}

impl From<Singular> for RequestError {
    fn from(_: Singular) -> Self {
        Self::SingularMatrix
    }
}
