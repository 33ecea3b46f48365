//! Bayesian linear regression with a ridge, by Cholesky: theta ~ Normal(mu, noise^2 / lambda I) where mu is the
//! registered quality on feature 0 and zero elsewhere, so that theta's posterior is
//! Normal((A + lambda I)^-1 (b + lambda mu), noise^2 (A + lambda I)^-1)
//! (Agrawal & Goyal, "Thompson sampling for contextual bandits with linear payoffs", ICML 2013, section 2.2).
//! With A + lambda I = U^T U and y = U^-T x, what a request needs are dot products with y: one triangular solve.
//! Inner loops run over independent elements, in the order of the TypeScript twin.

use crate::linear_state::{LinearState, MAX_DIMENSION};

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

impl Ridge {
    /// As `predict` for each, to the last bit, but reads the matrix once for eight requests. `tell` is told the
    /// index of each and what is predicted.
    pub fn predict_all(&self, asked: &[(&[f64], f64)], mut tell: impl FnMut(usize, Prediction)) {
        for (chunk, asked) in asked.chunks(LANES).enumerate() {
            let at = chunk * LANES;
            if asked.len() < WORTH_LANES {
                let each = asked.iter().enumerate();
                each.for_each(|(lane, (features, prior))| tell(at + lane, self.predict(features, *prior)));
            } else {
                let predicted = self.predict_lanes(asked);
                (0..asked.len()).for_each(|lane| tell(at + lane, predicted[lane]));
            }
        }
    }

    fn predict_lanes(&self, asked: &[(&[f64], f64)]) -> [Prediction; LANES] {
        let mut buffer = [[0.0; LANES]; MAX_DIMENSION];
        for (lane, (features, _)) in asked.iter().enumerate() {
            let column = buffer.iter_mut().zip(*features);
            column.for_each(|(row, feature)| row[lane] = *feature);
        }
        let mut rest = &mut buffer[..self.dimension()];
        let mut upper = self.upper.as_slice();
        let (mut learnt, mut towards_prior, mut spread) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for (index, inverse) in self.inverse.iter().enumerate() {
            let (row, below) = upper.split_at(rest.len());
            let Some((first, others)) = rest.split_first_mut() else {
                break;
            };
            let y = first.map(|value| value * inverse);
            for lane in 0..LANES {
                learnt[lane] += y[lane] * self.learnt[index];
                towards_prior[lane] += y[lane] * self.prior[index];
                spread[lane] += y[lane] * y[lane];
            }
            for (other, u) in others.iter_mut().zip(&row[1..]) {
                (0..LANES).for_each(|lane| other[lane] -= u * y[lane]);
            }
            (upper, rest) = (below, others);
        }
        std::array::from_fn(|lane| {
            let prior = asked.get(lane).map_or(0.0, |(_, prior)| *prior);
            Prediction {
                mean: learnt[lane] + self.lambda * prior * towards_prior[lane],
                spread: spread[lane],
            }
        })
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
#[inline]
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
