//! What linear models say to requests that consider the same arms: each arm's solved matrix is read once for many of
//! them. An arm that has learnt from no features, or from another number of them, is predicted by its prior.

use crate::arm::ArmState;
use crate::policy::Arm;
use crate::ridge::{Ridge, Singular, predict_by_prior};
use crate::triangular::{LANES, Upper, solve_each, solve_lanes};
use fearless_simd::{Level, Simd, dispatch};
use std::sync::Arc;

/// A request, to be told what each of its arms is predicted.
pub struct Asking<'p, 'b> {
    pub roster: usize,
    /// Strength of the ridge, above 0.
    pub lambda: f64,
    /// 1 to 64 of them.
    pub features: &'b [f64],
    pub arms: &'p mut [Arm<'b>],
}

impl Asking<'_, '_> {
    /// Those of one key are predicted together.
    pub fn key(&self) -> (usize, u64, usize) {
        (self.roster, self.lambda.to_bits(), self.features.len())
    }
}

/// Fewer requests are predicted one after the other, by some arms at a time.
const WORTH_LANES: usize = 3;
const ARMS: usize = 4;
/// Doubles of solved matrices that are gone through again for every eight requests: what a core's cache holds.
const AT_HAND: usize = 1 << 15;

/// `asking` are of one key; `states` are the arms', in their order.
pub fn predict(states: &[&ArmState], asking: &mut [Asking<'_, '_>]) {
    dispatch!(Level::new(), simd => predict_with(simd, states, asking));
}

enum Model {
    Prior,
    Solved(Arc<Ridge>),
    Singular,
}

#[inline(always)]
fn predict_with<S: Simd>(simd: S, states: &[&ArmState], asking: &mut [Asking<'_, '_>]) {
    let Some((lambda, dimension)) = asking.first().map(|one| (one.lambda, one.features.len())) else {
        return;
    };
    let models: Vec<Model> = states
        .iter()
        .map(|state| match &state.linear {
            Some(linear) if linear.dimension() == dimension => {
                linear.ridge(lambda).map_or(Model::Singular, Model::Solved)
            }
            _ => Model::Prior,
        })
        .collect();
    let mut lanes = vec![[0.0; LANES]; dimension];
    let together = (AT_HAND / (dimension * dimension).max(1)).max(1);
    for (models, from) in models.chunks(together).zip((0..).step_by(together)) {
        for asking in asking.chunks_mut(LANES) {
            if asking.len() < WORTH_LANES {
                for one in asking {
                    predict_one(simd, lambda, models, one.features, &mut one.arms[from..]);
                }
                continue;
            }
            for (lane, one) in asking.iter().enumerate() {
                let column = lanes.iter_mut().zip(one.features);
                column.for_each(|(row, feature)| row[lane] = *feature);
            }
            for (model, arm) in models.iter().zip(from..) {
                if let Model::Solved(ridge) = model {
                    let solved = solve_lanes(simd, ridge.upper(), &lanes);
                    for (one, solved) in asking.iter_mut().zip(solved) {
                        let arm = &mut one.arms[arm];
                        arm.predicted = Some(Ok(ridge.prediction(solved, arm.prior_quality)));
                    }
                } else {
                    for one in &mut *asking {
                        without_solution(model, lambda, one.features, &mut one.arms[arm]);
                    }
                }
            }
        }
    }
}

/// `arms` begin with those of the models.
#[inline(always)]
fn predict_one<S: Simd>(simd: S, lambda: f64, models: &[Model], features: &[f64], arms: &mut [Arm<'_>]) {
    let (fours, rest) = models.as_chunks::<ARMS>();
    let (mut arms, others) = arms.split_at_mut(fours.len() * ARMS);
    for four in fours {
        let (these, below) = arms.split_at_mut(ARMS);
        if let [
            Model::Solved(a),
            Model::Solved(b),
            Model::Solved(c),
            Model::Solved(d),
        ] = four
        {
            solve_some(simd, [a, b, c, d], features, these);
        } else {
            one_by_one(simd, lambda, four, features, these);
        }
        arms = below;
    }
    one_by_one(simd, lambda, rest, features, others);
}

#[inline(always)]
fn one_by_one<S: Simd>(simd: S, lambda: f64, models: &[Model], features: &[f64], arms: &mut [Arm<'_>]) {
    for (model, arm) in models.iter().zip(arms) {
        if let Model::Solved(ridge) = model {
            solve_some(simd, [ridge], features, std::slice::from_mut(arm));
        } else {
            without_solution(model, lambda, features, arm);
        }
    }
}

#[inline(always)]
fn solve_some<S: Simd, const N: usize>(
    simd: S,
    ridges: [&Arc<Ridge>; N],
    features: &[f64],
    arms: &mut [Arm<'_>],
) {
    let uppers: [&Upper; N] = ridges.map(|ridge| ridge.upper());
    let solved = solve_each(simd, uppers, features);
    for ((ridge, solved), arm) in ridges.iter().zip(solved).zip(arms) {
        arm.predicted = Some(Ok(ridge.prediction(solved, arm.prior_quality)));
    }
}

fn without_solution(model: &Model, lambda: f64, features: &[f64], arm: &mut Arm<'_>) {
    arm.predicted = Some(match model {
        Model::Singular => Err(Singular),
        _ => Ok(predict_by_prior(features, lambda, arm.prior_quality)),
    });
}
