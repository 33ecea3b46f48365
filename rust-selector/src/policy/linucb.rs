//! LinUCB with disjoint linear models (Li, Chu, Langford & Schapire, "A contextual-bandit approach to personalized
//! news article recommendation", WWW 2010, algorithm 1): mean plus alpha sqrt(x^T A^-1 x), where alpha is
//! exploration * noise. Deterministic, so propensities are 1 and 0.

use super::linear::Linear;
use super::ucb1::exploration;
use super::{Assessment, Field, Policy, Verdict};
use crate::contract::{Params, RequestError};
use crate::random::Sfc32;

pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    let linear = Linear::new(params)?;
    let exploration = exploration(params)?;
    Ok(Box::new(LinUcb { linear, exploration }))
}

struct LinUcb {
    linear: Linear,
    exploration: f64,
}

impl Policy for LinUcb {
    fn lambda(&self) -> Option<f64> {
        Some(self.linear.lambda())
    }

    fn assess(&self, field: &Field<'_>, _rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        let assessed = self.linear.map(field, |arm, belief| Assessment {
            quality: belief.mean,
            uncertainty: belief.deviation,
            score: field.utility(arm, belief.mean + self.exploration * belief.deviation),
            propensity: 0.0,
            by_task: belief.by_task,
        })?;
        Ok(Verdict::certain(assessed))
    }
}
