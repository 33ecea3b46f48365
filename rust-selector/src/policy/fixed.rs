//! Always the named model, for as long as it may serve; where it may not, greedy among those that may. What is
//! learnt meanwhile is judged like any policy's.

use super::belief::Likelihood;
use super::greedy::by_means;
use super::{Field, Policy, Verdict};
use crate::contract::{Params, RequestError, id};
use crate::random::Sfc32;

pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    let likelihood = Likelihood::new(params)?;
    let model = params.model.as_deref().unwrap_or_default().to_owned();
    id("params.model", &model)?;
    Ok(Box::new(Fixed { likelihood, model }))
}

struct Fixed {
    likelihood: Likelihood,
    model: String,
}

impl Policy for Fixed {
    fn lambda(&self) -> Option<f64> {
        self.likelihood.lambda()
    }

    fn assess(&self, field: &Field<'_>, _rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        let mut verdict = by_means(field, self.likelihood)?;
        if let Some(named) = field.arms.iter().position(|arm| arm.id == self.model) {
            verdict.assessed[verdict.chosen].propensity = 0.0;
            verdict.assessed[named].propensity = 1.0;
            verdict.chosen = named;
        }
        Ok(verdict)
    }
}
