//! What is believed of each arm's quality where it is a linear function of the request's features, one function
//! an arm ("disjoint"): see `ridge`.

use super::belief::{Belief, noise};
use super::{Arm, Field};
use crate::contract::{Params, RequestError, within};
use crate::ridge::{Prediction, Singular};

#[derive(Clone, Copy)]
pub struct Linear {
    lambda: f64,
    noise: f64,
}

impl Linear {
    pub fn new(params: &Params<'_>) -> Result<Self, RequestError> {
        within("params.gamma", params.gamma, 0.5, 1.0, "0.5 to 1")?;
        let lambda = within("params.lambda", params.lambda, 0.001, 1e6, "0.001 to 1e6")?;
        let noise = noise(params)?;
        Ok(Self { lambda, noise })
    }

    pub fn lambda(self) -> f64 {
        self.lambda
    }

    /// One an arm, in the field's order.
    pub fn beliefs(self, field: &Field<'_>) -> Result<Vec<Belief>, RequestError> {
        self.map(field, |_, belief| belief)
    }

    /// What `made` makes of each arm, in the field's order.
    pub fn map<T>(
        self,
        field: &Field<'_>,
        made: impl Fn(&Arm<'_>, Belief) -> T,
    ) -> Result<Vec<T>, RequestError> {
        let mut all = Vec::with_capacity(field.arms.len());
        for arm in field.arms {
            all.push(made(arm, self.belief(arm)?));
        }
        Ok(all)
    }

    /// The deviation is noise * sqrt(x^T (A + lambda I)^-1 x).
    #[inline]
    fn belief(self, arm: &Arm<'_>) -> Result<Belief, RequestError> {
        let Prediction { mean, spread } = arm.predicted.ok_or(RequestError::MissingFeatures)??;
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
