//! Thompson sampling with linear payoffs (Agrawal & Goyal, "Thompson sampling for contextual bandits with linear
//! payoffs", ICML 2013), one model an arm. Instead of a vector theta ~ Normal(mean, v^2 A^-1) its score theta . x
//! is drawn, which is Normal(mean . x, v^2 x^T A^-1 x): the same distribution, as arms share no theta. v is
//! exploration * noise.

use super::by_atoms::{Floor, by_normals};
use super::linear::Linear;
use super::ucb1::exploration;
use super::{Field, Policy, Verdict};
use crate::contract::{Params, RequestError};
use crate::random::Sfc32;

pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    let linear = Linear::new(params)?;
    let exploration = exploration(params)?;
    let floor = Floor::new(params)?;
    Ok(Box::new(LinThompson {
        linear,
        exploration,
        floor,
    }))
}

struct LinThompson {
    linear: Linear,
    exploration: f64,
    floor: Floor,
}

impl Policy for LinThompson {
    fn lambda(&self) -> Option<f64> {
        Some(self.linear.lambda())
    }

    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        let beliefs = self.linear.beliefs(field)?;
        Ok(by_normals(field, &beliefs, self.exploration, self.floor, rng))
    }
}
