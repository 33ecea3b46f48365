//! What is believed of each arm's quality where it is a linear function of the request's features, one function
//! an arm ("disjoint"): see `ridge`. Where the caller names its task, the prediction is held to the mean of the arm's own
//! scores of that task, as if it were `task_strength` of them.

use super::belief::{Belief, noise};
use super::{Arm, Field};
use crate::contract::{Params, RequestError, within};
use crate::ridge::{Prediction, Singular};
use crate::task_counts::TaskCount;

#[derive(Clone, Copy)]
pub struct Linear {
    lambda: f64,
    noise: f64,
    task_strength: f64,
}

impl Linear {
    pub fn new(params: &Params<'_>) -> Result<Self, RequestError> {
        within("params.gamma", params.gamma, 0.5, 1.0, "0.5 to 1")?;
        let lambda = within("params.lambda", params.lambda, 0.001, 1e6, "0.001 to 1e6")?;
        let noise = noise(params)?;
        let task_strength = within("params.task_strength", params.task_strength, 1.0, 1e6, "1 to 1e6")?;
        Ok(Self {
            lambda,
            noise,
            task_strength,
        })
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
            all.push(made(arm, self.belief(arm, field.task)?));
        }
        Ok(all)
    }

    /// The deviation is noise * sqrt(x^T (A + lambda I)^-1 x).
    #[inline]
    fn belief(self, arm: &Arm<'_>, task: Option<u64>) -> Result<Belief, RequestError> {
        let Prediction { mean, spread } = arm.predicted.ok_or(RequestError::MissingFeatures)??;
        let deviation = self.noise * libm::sqrt(spread);
        let counted = task.and_then(|task| arm.state.tasks.find(task));
        let held = counted.map(|counted| self.hold(mean, counted));
        let quality = held.unwrap_or(mean);
        if quality.is_finite() && deviation.is_finite() {
            Ok(Belief {
                mean: quality,
                deviation,
                by_task: held.map(|held| held - mean),
            })
        } else {
            Err(RequestError::SingularMatrix)
        }
    }

    fn hold(self, mean: f64, counted: &TaskCount) -> f64 {
        (self.task_strength * mean + counted.sum) / (self.task_strength + counted.n)
    }
}

impl From<Singular> for RequestError {
    fn from(_: Singular) -> Self {
        Self::SingularMatrix
    }
}
