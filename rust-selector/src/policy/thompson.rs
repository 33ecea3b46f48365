//! Thompson sampling (Chapelle & Li, "An empirical evaluation of Thompson sampling", 2011): a quality is drawn
//! from each arm's posterior, Beta (Agrawal & Goyal 2012) or Normal (Agrawal & Goyal 2013), and the best draw
//! decides.

use super::belief::{Belief, Likelihood, gaussian};
use super::by_atoms::{Floor, by_atoms, by_normals};
use super::posterior::{Posterior, Prior};
use super::{Field, Policy, Verdict};
use crate::contract::{Params, RequestError};
use crate::random::Sfc32;

/// With a linear likelihood it has a name of its own, lin-thompson.
pub fn build(params: &Params<'_>) -> Result<Box<dyn Policy>, RequestError> {
    const RULE: &str = "beta or gaussian";
    let likelihood = Likelihood::without_features(params, RULE)?;
    let floor = Floor::new(params)?;
    match likelihood {
        Likelihood::Beta(prior) => Ok(Box::new(BetaThompson { prior, floor })),
        Likelihood::Gaussian { strength, noise } => Ok(Box::new(GaussianThompson {
            strength,
            noise,
            floor,
        })),
        Likelihood::Linear(_) => Err(RequestError::InvalidParameter {
            field: "params.likelihood".to_owned(),
            rule: RULE,
        }),
    }
}

struct BetaThompson {
    prior: Prior,
    floor: Floor,
}

impl Policy for BetaThompson {
    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        let posteriors: Vec<Posterior> = field.arms.iter().map(|arm| self.prior.update(arm)).collect();
        let beliefs: Vec<Belief> = posteriors.iter().map(Posterior::belief).collect();
        let qualities = |index: usize| {
            let Posterior { alpha, beta } = posteriors[index];
            *field.betas.atoms(alpha, beta)
        };
        Ok(by_atoms(field, &beliefs, self.floor, qualities, rng))
    }
}

struct GaussianThompson {
    strength: f64,
    noise: f64,
    floor: Floor,
}

impl Policy for GaussianThompson {
    fn assess(&self, field: &Field<'_>, rng: &mut Sfc32) -> Result<Verdict, RequestError> {
        let beliefs = gaussian(field, self.strength, self.noise);
        Ok(by_normals(field, &beliefs, 1.0, self.floor, rng))
    }
}
