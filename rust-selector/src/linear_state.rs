//! What a policy knows about one adapter as a function of the request's features x: the discounted sums
//! A = sum gamma^k x x^T and b = sum gamma^k score x (Li et al., "A contextual-bandit approach to personalized
//! news article recommendation", WWW 2010, algorithm 1, without its identity matrix). Ridge and prior are added
//! when a choice is made, so changing them needs no relearning.

use crate::arm::StateError;
use crate::ridge::{Ridge, Singular};
use std::sync::{Arc, Mutex, PoisonError};

/// Most features of a request.
pub const MAX_DIMENSION: usize = 64;
/// Largest magnitude of a feature.
pub const MAX_FEATURE: f64 = 1e6;
/// Ridge strengths whose solutions are kept, more than the policies that share a state are likely to have.
const KEPT: usize = 4;

#[derive(Debug)]
pub struct LinearState {
    dimension: usize,
    /// The upper triangle of A, row by row.
    upper: Vec<f64>,
    b: Vec<f64>,
    solved: Mutex<Vec<Arc<Ridge>>>,
}

impl LinearState {
    /// Nothing seen; `dimension` is 1 to 64.
    pub fn new(dimension: usize) -> Self {
        Self::of(vec![0.0; triangle(dimension)], vec![0.0; dimension])
    }

    fn of(upper: Vec<f64>, b: Vec<f64>) -> Self {
        Self {
            dimension: b.len(),
            upper,
            b,
            solved: Mutex::default(),
        }
    }

    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The upper triangle of A, row by row.
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    pub fn b(&self) -> &[f64] {
        &self.b
    }

    /// One more observation; `features` are as many as the dimension, finite, and `score` lies in [0, 1].
    pub fn observe(&mut self, features: &[f64], score: f64, gamma: f64) {
        let mut rest = self.upper.as_mut_slice();
        for (index, (b, feature)) in self.b.iter_mut().zip(features).enumerate() {
            *b = *b * gamma + score * feature;
            let (row, below) = rest.split_at_mut(features.len() - index);
            for (a, other) in row.iter_mut().zip(&features[index..]) {
                *a = *a * gamma + feature * other;
            }
            rest = below;
        }
        self.solved = Mutex::default();
    }

    /// Solved once for each strength `lambda` above 0, then kept for as long as this state is.
    pub fn ridge(&self, lambda: f64) -> Result<Arc<Ridge>, Singular> {
        let mut solved = self.solved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = solved.iter().find(|one| one.lambda() == lambda) {
            return Ok(Arc::clone(known));
        }
        let ridge = Arc::new(Ridge::new(self, lambda)?);
        if solved.len() >= KEPT {
            solved.remove(0);
        }
        solved.push(Arc::clone(&ridge));
        Ok(ridge)
    }

    /// u16 dimension, the upper triangle of A row by row, b; doubles, little-endian.
    pub fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.dimension as u16).to_le_bytes());
        bytes.extend(
            self.upper
                .iter()
                .chain(&self.b)
                .flat_map(|value| value.to_le_bytes()),
        );
    }

    /// And the bytes behind it.
    pub fn unpack(bytes: &[u8]) -> Result<(Self, &[u8]), StateError> {
        let (dimension, rest) = bytes.split_first_chunk::<2>().ok_or(StateError::TooShort)?;
        let dimension = usize::from(u16::from_le_bytes(*dimension));
        if !(1..=MAX_DIMENSION).contains(&dimension) {
            return Err(StateError::OutOfRange);
        }
        let size = triangle(dimension) + dimension;
        let words = rest.as_chunks::<8>().0.get(..size).ok_or(StateError::TooShort)?;
        let mut upper: Vec<f64> = words.iter().map(|word| f64::from_le_bytes(*word)).collect();
        let b = upper.split_off(triangle(dimension));
        let state = Self::of(upper, b);
        if state.is_possible() {
            Ok((state, &rest[8 * size..]))
        } else {
            Err(StateError::OutOfRange)
        }
    }

    fn is_possible(&self) -> bool {
        let mut rest = self.upper.as_slice();
        let has_squares_first = (0..self.dimension).all(|index| {
            let (row, below) = rest.split_at(self.dimension - index);
            rest = below;
            row[0] >= 0.0
        });
        has_squares_first && self.upper.iter().chain(&self.b).all(|value| value.is_finite())
    }
}

/// Solutions are no part of what is known.
impl PartialEq for LinearState {
    fn eq(&self, other: &Self) -> bool {
        self.upper == other.upper && self.b == other.b
    }
}

impl Clone for LinearState {
    fn clone(&self) -> Self {
        Self::of(self.upper.clone(), self.b.clone())
    }
}

/// Numbers in the upper triangle of a square matrix.
fn triangle(dimension: usize) -> usize {
    dimension * (dimension + 1) / 2
}
