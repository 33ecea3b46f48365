//! Bayesian linear regression with a ridge, by Cholesky: theta ~ Normal(mu, noise^2 / lambda I) where mu is the
//! registered quality on feature 0 and zero elsewhere, so that theta's posterior is
//! Normal((A + lambda I)^-1 (b + lambda mu), noise^2 (A + lambda I)^-1)
//! (Agrawal & Goyal, "Thompson sampling for contextual bandits with linear payoffs", ICML 2013, section 2.2).
//! With A + lambda I = U^T U and y = U^-T x, what a request needs are dot products with y: one triangular solve, see
//! `triangular`. Inner loops run over independent elements, in the order of the TypeScript twin.

use crate::linear_state::LinearState;
use crate::triangular::{self, Solved, Upper};
use fearless_simd::{Level, dispatch};

/// A + lambda I is not positive definite in double precision: numbers of too different magnitude went into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular;

#[derive(Debug)]
pub struct Ridge {
    lambda: f64,
    upper: Upper,
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
        solve(&upper, &inverse, &mut learnt);
        let mut prior = vec![0.0; state.dimension()];
        prior[0] = 1.0;
        solve(&upper, &inverse, &mut prior);
        let upper = Upper::new(&upper, inverse, learnt, prior);
        Ok(Self { lambda, upper })
    }

    pub fn lambda(&self) -> f64 {
        self.lambda
    }

    pub(crate) fn upper(&self) -> &Upper {
        &self.upper
    }

    /// `features` are as many as the dimension; `prior` is the registered quality.
    pub fn predict(&self, features: &[f64], prior: f64) -> Prediction {
        let [solved] = dispatch!(Level::new(), simd => triangular::solve_each(simd, [&self.upper], features));
        self.prediction(solved, prior)
    }

    /// `solved` is what this one's U made of the request's features.
    #[inline]
    pub(crate) fn prediction(&self, solved: Solved, prior: f64) -> Prediction {
        Prediction {
            mean: solved.learnt + self.lambda * prior * solved.prior,
            spread: solved.square,
        }
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

/// Turns v into U^-T v; U row by row, from the diagonal on.
fn solve(upper: &[f64], inverse: &[f64], v: &mut [f64]) {
    let (mut upper, mut rest) = (upper, v);
    for inverse in inverse {
        let (row, below) = upper.split_at(rest.len());
        let Some((first, others)) = rest.split_first_mut() else {
            return;
        };
        *first *= inverse;
        for (other, u) in others.iter_mut().zip(&row[1..]) {
            *other -= u * *first;
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
