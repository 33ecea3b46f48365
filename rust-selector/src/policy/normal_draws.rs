//! Thompson sampling where every arm's quality is believed to be Normal: one draw an arm decides.

use super::belief::Belief;
use super::propensity::by_draws;
use super::{Field, Verdict};
use crate::random::Sfc32;
use crate::sample::Sampler;

/// Draws from Normal(mean, (scale * deviation)^2).
pub fn by_normals(field: &Field<'_>, beliefs: &[Belief], scale: f64, rng: &mut Sfc32) -> Verdict {
    let mut sampler = Sampler::new(rng);
    by_draws(field, beliefs, |index| {
        let Belief { mean, deviation } = beliefs[index];
        mean + scale * deviation * sampler.normal()
    })
}
