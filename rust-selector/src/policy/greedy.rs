//! The highest utility at the mean of what is believed; it never explores. A yardstick, and what the two that
//! deviate from it, epsilon-greedy and fixed, start from.

use super::belief::Likelihood;
use super::{Assessment, Field, Policy, Verdict};
use crate::contract::{Params, RequestError};
use crate::random::Sfc32;

pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    let likelihood = Likelihood::new(params)?;
    Ok(Box::new(Greedy { likelihood }))
}

struct Greedy {
    likelihood: Likelihood,
}

impl Policy for Greedy {
    fn lambda(&self) -> Option<f64> {
        self.likelihood.lambda()
    }

    fn assess(&self, field: &Field<'_>, _rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        by_means(field, self.likelihood)
    }
}

pub fn by_means(field: &Field<'_>, likelihood: Likelihood) -> Result<Verdict, RequestError> {
    let beliefs = likelihood.beliefs(field)?;
    let assessed = field.arms.iter().zip(beliefs).map(|(arm, belief)| Assessment {
        quality: belief.mean,
        uncertainty: belief.deviation,
        score: field.utility(arm, belief.mean),
        propensity: 0.0,
        by_task: belief.by_task,
    });
    Ok(Verdict::certain(assessed.collect()))
}
