//! What a policy remembers of one adapter, for who decides by the nearest past requests: the newest scores, each with
//! the direction of its request's features. A ring by the order of learning, so that whoever learns the same scores in
//! the same order remembers the same.
//!
//! A direction is the features but the first, which is the bias, in steps of 1/127 of the largest of them. So a product
//! of two directions is a whole number, the same in every language and order of adding.

use crate::arm::StateError;
use crate::linear_state::MAX_DIMENSION;

/// Most scores remembered of an arm: 71 KiB with 64 features.
pub const MAX_MEMORY: usize = 1_024;
const STEPS: f64 = 127.0;

/// Features as they are compared.
pub struct Direction(Vec<i8>);

impl Direction {
    /// `features` are finite.
    pub fn of(features: &[f64]) -> Self {
        let rest = features.get(1..).unwrap_or_default();
        let largest = rest.iter().fold(0.0, |most: f64, one| most.max(one.abs()));
        let step = |feature: &f64| libm::floor(feature / largest * STEPS + 0.5) as i8;
        if largest == 0.0 {
            Self(vec![0; rest.len()])
        } else {
            Self(rest.iter().map(step).collect())
        }
    }

    pub fn steps(&self) -> &[i8] {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    dimension: usize,
    /// In the order of learning.
    scores: Vec<f64>,
    /// Their directions, one after the other.
    steps: Vec<i8>,
    /// Each direction's product with itself.
    squares: Vec<f64>,
}

impl Memory {
    /// Nothing seen; `dimension` is 1 to 64.
    pub fn new(dimension: usize) -> Self {
        Self {
            dimension,
            scores: Vec::new(),
            steps: Vec::new(),
            squares: Vec::new(),
        }
    }

    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Oldest first.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// One more, in place of the oldest where there are `size` of them, 1 to `MAX_MEMORY`. `features` are as many as
    /// the dimension, and `score` lies in [0, 1].
    pub fn observe(&mut self, features: &[f64], score: f64, size: usize) {
        let Direction(steps) = Direction::of(features);
        self.scores.push(score);
        self.squares.push(product(&steps, &steps));
        self.steps.extend(steps);
        let forgotten = self.scores.len().saturating_sub(size);
        self.scores.drain(..forgotten);
        self.squares.drain(..forgotten);
        self.steps.drain(..forgotten * self.width());
    }

    /// The cosine of each remembered direction with this one of the same dimension, oldest first; 0 where either is
    /// none.
    pub fn similarities(&self, Direction(asked): &Direction) -> Vec<f64> {
        let (width, own) = (self.width(), product(asked, asked));
        let similarity = |(index, square): (usize, &f64)| {
            if square * own == 0.0 {
                return 0.0;
            }
            let steps = &self.steps[width * index..width * (index + 1)];
            product(steps, asked) / libm::sqrt(square * own)
        };
        self.squares.iter().enumerate().map(similarity).collect()
    }

    fn width(&self) -> usize {
        self.dimension - 1
    }

    /// u16 dimension, u16 number of scores, the scores as doubles, then a byte for each step of each direction.
    pub fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.dimension as u16).to_le_bytes());
        bytes.extend((self.scores.len() as u16).to_le_bytes());
        bytes.extend(self.scores.iter().flat_map(|score| score.to_le_bytes()));
        bytes.extend(self.steps.iter().map(|step| step.cast_unsigned()));
    }

    /// Bytes behind what is expected are a newer writer's.
    pub fn unpack(bytes: &[u8]) -> Result<Self, StateError> {
        let ([d0, d1, n0, n1], rest) = bytes.split_first_chunk::<4>().ok_or(StateError::TooShort)?;
        let dimension = usize::from(u16::from_le_bytes([*d0, *d1]));
        let count = usize::from(u16::from_le_bytes([*n0, *n1]));
        if !(1..=MAX_DIMENSION).contains(&dimension) || count > MAX_MEMORY {
            return Err(StateError::OutOfRange);
        }
        let width = dimension - 1;
        let (scores, rest) = rest.split_at_checked(8 * count).ok_or(StateError::TooShort)?;
        let steps = rest.get(..width * count).ok_or(StateError::TooShort)?;
        let scores: Vec<f64> = scores
            .as_chunks::<8>()
            .0
            .iter()
            .map(|word| f64::from_le_bytes(*word))
            .collect();
        if !scores.iter().all(|score| (0.0..=1.0).contains(score)) {
            return Err(StateError::OutOfRange);
        }
        let steps: Vec<i8> = steps.iter().map(|step| step.cast_signed()).collect();
        let square = |index: usize| {
            let direction = &steps[width * index..width * (index + 1)];
            product(direction, direction)
        };
        let squares = (0..count).map(square).collect();
        Ok(Self {
            dimension,
            scores,
            steps,
            squares,
        })
    }
}

/// A whole number of at most 63 * 128^2.
fn product(one: &[i8], other: &[i8]) -> f64 {
    let products = one
        .iter()
        .zip(other)
        .map(|(a, b)| i32::from(i16::from(*a) * i16::from(*b)));
    f64::from(products.sum::<i32>())
}
