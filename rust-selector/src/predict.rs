//! What linear models say to requests that consider the same arms: each arm's solved matrix is read once for many of
//! them. An arm that has learnt from no features, or from another number of them, is predicted by its prior.

use crate::arm::ArmState;
use crate::ridge::{Asked, Prediction, Singular, predict_by_prior};
use fearless_simd::{Level, Simd, dispatch};

pub type Predicted = Result<Prediction, Singular>;

/// Requests of one policy, of one ridge and one number of features.
pub struct Questions<'a> {
    /// Strength of the ridge, above 0.
    pub lambda: f64,
    pub arms: &'a [&'a ArmState],
    /// 1 to 64 of them, one list a request.
    pub features: Vec<&'a [f64]>,
}

/// One prediction a request, arm after arm. `prior` is the registered quality by arm and request.
pub fn predict(questions: &Questions<'_>, prior: impl Fn(usize, usize) -> f64) -> Vec<Predicted> {
    dispatch!(Level::new(), simd => predict_with(simd, questions, &prior))
}

#[inline(always)]
fn predict_with<S: Simd>(
    simd: S,
    questions: &Questions<'_>,
    prior: &impl Fn(usize, usize) -> f64,
) -> Vec<Predicted> {
    let Questions {
        lambda,
        arms,
        features,
    } = questions;
    let asked = Asked::of(features);
    let mut predicted = vec![Err(Singular); arms.len() * features.len()];
    for ((arm, state), predicted) in arms
        .iter()
        .enumerate()
        .zip(predicted.chunks_mut(features.len().max(1)))
    {
        let fits = |dimension| features.first().is_some_and(|first| first.len() == dimension);
        match state.linear.as_ref().filter(|linear| fits(linear.dimension())) {
            None => {
                for (request, (slot, features)) in predicted.iter_mut().zip(features).enumerate() {
                    *slot = Ok(predict_by_prior(features, *lambda, prior(arm, request)));
                }
            }
            Some(linear) => {
                if let Ok(ridge) = linear.ridge(*lambda) {
                    let prior = |request| prior(arm, request);
                    ridge.predict_all(simd, &asked, prior, |request, one| predicted[request] = Ok(one));
                }
            }
        }
    }
    predicted
}
