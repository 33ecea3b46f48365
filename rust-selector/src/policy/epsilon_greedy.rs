//! Epsilon-greedy (Sutton & Barto, "Reinforcement Learning", 2nd ed. 2018, section 2.2): greedy, but with
//! probability epsilon any of the K arms, each as likely. Propensities are exact: epsilon / K, and 1 - epsilon
//! more for the greedy arm.

use super::belief::Likelihood;
use super::greedy::by_means;
use super::{Field, Policy, Verdict};
use crate::contract::{Params, RequestError, within};
use crate::random::Sfc32;

pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    let likelihood = Likelihood::new(params)?;
    let epsilon = within("params.epsilon", params.epsilon, 0.0, 1.0, "0 to 1")?;
    Ok(Box::new(EpsilonGreedy { likelihood, epsilon }))
}

struct EpsilonGreedy {
    likelihood: Likelihood,
    epsilon: f64,
}

impl Policy for EpsilonGreedy {
    fn lambda(&self) -> Option<f64> {
        self.likelihood.lambda()
    }

    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        Ok(by_means(field, self.likelihood)?.but_at_random(self.epsilon, rng))
    }
}
