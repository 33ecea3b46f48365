//! Bayesian linear regression with a ridge, by Cholesky: theta ~ Normal(mu, noise^2 / lambda I) where mu is the
//! registered quality on feature 0 and zero elsewhere, so that theta's posterior is
//! Normal((A + lambda I)^-1 (b + lambda mu), noise^2 (A + lambda I)^-1)
//! (Agrawal & Goyal, "Thompson sampling for contextual bandits with linear payoffs", ICML 2013, section 2.2).
//! With A + lambda I = U^T U and y = U^-T x, what a request needs are dot products with y: one triangular solve.
//! Inner loops run over independent elements, in the order of the TypeScript twin.

use crate::linear_state::{LinearState, MAX_DIMENSION};
use fearless_simd::{Simd, SimdFrom, f64x8};

/// A + lambda I is not positive definite in double precision: numbers of too different magnitude went into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular;

#[derive(Debug)]
pub struct Ridge {
    lambda: f64,
    /// U, row by row, from the diagonal on.
    upper: Vec<f64>,
    /// 1 / U's diagonal.
    inverse: Vec<f64>,
    /// U^-T b
    learnt: Vec<f64>,
    /// U^-T e, with e the first unit vector, on which the prior lies.
    prior: Vec<f64>,
}

/// What is known of theta . x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    pub mean: f64,
    /// x^T (A + lambda I)^-1 x
    pub spread: f64,
}

impl Ridge {
    /// `lambda` is above 0.
    pub fn new(state: &LinearState, lambda: f64) -> Result<Self, Singular> {
        let (upper, inverse) = factor(state, lambda)?;
        let mut learnt = state.b().to_vec();
        solve(&upper, &inverse, &mut learnt, |_, _| {});
        let mut prior = vec![0.0; state.dimension()];
        prior[0] = 1.0;
        solve(&upper, &inverse, &mut prior, |_, _| {});
        Ok(Self {
            lambda,
            upper,
            inverse,
            learnt,
            prior,
        })
    }

    pub fn lambda(&self) -> f64 {
        self.lambda
    }

    pub fn dimension(&self) -> usize {
        self.inverse.len()
    }

    /// `features` are as many as the dimension; `prior` is the registered quality.
    #[inline(always)]
    pub fn predict(&self, features: &[f64], prior: f64) -> Prediction {
        let mut buffer = [0.0; MAX_DIMENSION];
        let rest = &mut buffer[..self.dimension()];
        rest.copy_from_slice(features);
        let (mut learnt, mut towards_prior, mut spread) = (0.0, 0.0, 0.0);
        solve(&self.upper, &self.inverse, rest, |index, y| {
            learnt += y * self.learnt[index];
            towards_prior += y * self.prior[index];
            spread += y * y;
        });
        Prediction {
            mean: learnt + self.lambda * prior * towards_prior,
            spread,
        }
    }
}

/// Requests predicted side by side, a lane each.
const LANES: usize = 8;
/// With fewer, a lane each costs more than one after the other.
const WORTH_LANES: usize = 3;

/// Requests that ask the same arms, their features laid out for that: eight requests' first ones, their second ones, ...
pub struct Asked<'a> {
    features: &'a [&'a [f64]],
    /// Empty where there are fewer requests than are worth it.
    lanes: Vec<[f64; LANES]>,
}

impl<'a> Asked<'a> {
    /// As many features for each.
    pub fn of(features: &'a [&'a [f64]]) -> Self {
        let dimension = features.first().map_or(0, |first| first.len());
        let mut lanes = Vec::new();
        if features.len() >= WORTH_LANES {
            lanes = vec![[0.0; LANES]; features.len().div_ceil(LANES) * dimension];
            for (together, lanes) in features.chunks(LANES).zip(lanes.chunks_mut(dimension)) {
                for (lane, features) in together.iter().enumerate() {
                    let column = lanes.iter_mut().zip(*features);
                    column.for_each(|(row, feature)| row[lane] = *feature);
                }
            }
        }
        Self { features, lanes }
    }
}

impl Ridge {
    /// As `predict` for each, to the last bit, but reads the matrix once for eight requests. `prior` is the registered
    /// quality that each request brings; `tell` is told the index of each and what is predicted.
    #[inline(always)]
    pub fn predict_all<S: Simd>(
        &self,
        simd: S,
        asked: &Asked<'_>,
        prior: impl Fn(usize) -> f64,
        mut tell: impl FnMut(usize, Prediction),
    ) {
        for (chunk, together) in asked.features.chunks(LANES).enumerate() {
            let at = chunk * LANES;
            if asked.lanes.is_empty() || together.len() < WORTH_LANES {
                for (lane, features) in together.iter().enumerate() {
                    tell(at + lane, self.predict(features, prior(at + lane)));
                }
            } else {
                let lanes = &asked.lanes[chunk * self.dimension()..][..self.dimension()];
                let [learnt, towards_prior, spread] = self.solve_lanes(simd, lanes);
                for lane in 0..together.len() {
                    let mean = learnt[lane] + self.lambda * prior(at + lane) * towards_prior[lane];
                    let spread = spread[lane];
                    tell(at + lane, Prediction { mean, spread });
                }
            }
        }
    }

    /// What `predict` sums up, for each lane.
    #[inline(always)]
    fn solve_lanes<S: Simd>(&self, simd: S, lanes: &[[f64; LANES]]) -> [[f64; LANES]; 3] {
        let mut buffer = [[0.0; LANES]; MAX_DIMENSION];
        let mut rest = &mut buffer[..lanes.len()];
        rest.copy_from_slice(lanes);
        let mut upper = self.upper.as_slice();
        let zero = f64x8::simd_from(simd, [0.0; LANES]);
        let (mut learnt, mut towards_prior, mut spread) = (zero, zero, zero);
        for ((inverse, by_learnt), by_prior) in self.inverse.iter().zip(&self.learnt).zip(&self.prior) {
            let (row, below) = upper.split_at(rest.len());
            let Some((first, others)) = rest.split_first_mut() else {
                break;
            };
            let y = f64x8::simd_from(simd, *first) * *inverse;
            learnt += y * *by_learnt;
            towards_prior += y * *by_prior;
            spread += y * y;
            for (other, u) in others.iter_mut().zip(&row[1..]) {
                *other = (f64x8::simd_from(simd, *other) - y * *u).into();
            }
            (upper, rest) = (below, others);
        }
        [learnt.into(), towards_prior.into(), spread.into()]
    }
}

/// Without a state the prior decides.
pub fn predict_by_prior(features: &[f64], lambda: f64, prior: f64) -> Prediction {
    let mut square = 0.0;
    for feature in features {
        square += feature * feature;
    }
    Prediction {
        mean: prior * features.first().copied().unwrap_or_default(),
        spread: square / lambda,
    }
}

/// Turns v into U^-T v, telling each element as it is final.
#[inline(always)]
fn solve(upper: &[f64], inverse: &[f64], v: &mut [f64], mut tell: impl FnMut(usize, f64)) {
    let (mut upper, mut rest) = (upper, v);
    for (index, inverse) in inverse.iter().enumerate() {
        let (row, below) = upper.split_at(rest.len());
        let Some((first, others)) = rest.split_first_mut() else {
            return;
        };
        let y = *first * inverse;
        *first = y;
        tell(index, y);
        for (other, u) in others.iter_mut().zip(&row[1..]) {
            *other -= u * y;
        }
        (upper, rest) = (below, others);
    }
}

/// U and 1 / U's diagonal, row by row.
fn factor(state: &LinearState, lambda: f64) -> Result<(Vec<f64>, Vec<f64>), Singular> {
    let dimension = state.dimension();
    let mut upper = state.upper().to_vec();
    let mut inverse = Vec::with_capacity(dimension);
    let mut at = 0;
    for size in (1..=dimension).rev() {
        upper[at] += lambda;
        at += size;
    }
    let mut rest = upper.as_mut_slice();
    for size in (1..=dimension).rev() {
        let (row, below) = rest.split_at_mut(size);
        // In exact arithmetic no pivot is below lambda: one that is half of it is rounding.
        if !(row[0] >= 0.5 * lambda && row[0].is_finite()) {
            return Err(Singular);
        }
        let root = libm::sqrt(row[0]);
        let one_over = 1.0 / root;
        row[0] = root;
        row[1..].iter_mut().for_each(|value| *value *= one_over);
        inverse.push(one_over);
        subtract_square(below, &row[1..]);
        rest = below;
    }
    Ok((upper, inverse))
}

/// Subtracts the upper triangle of u u^T.
fn subtract_square(triangle: &mut [f64], u: &[f64]) {
    let mut rest = triangle;
    for index in 0..u.len() {
        let (row, below) = rest.split_at_mut(u.len() - index);
        let factor = u[index];
        for (value, other) in row.iter_mut().zip(&u[index..]) {
            *value -= factor * other;
        }
        rest = below;
    }
}
