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

/// Directions are filled up with zeros to a multiple of this, so that products are multiplied many at a time.
const LANES: usize = 16;

/// Features as they are compared.
pub struct Direction {
    dimension: usize,
    steps: Vec<i8>,
}

impl Direction {
    /// `features` are finite.
    pub fn of(features: &[f64]) -> Self {
        let rest = features.get(1..).unwrap_or_default();
        let largest = rest.iter().fold(0.0, |most: f64, one| most.max(one.abs()));
        let step = |feature: &f64| libm::floor(feature / largest * STEPS + 0.5) as i8;
        let mut steps = vec![0; rest.len().next_multiple_of(LANES)];
        if largest > 0.0 {
            steps
                .iter_mut()
                .zip(rest)
                .for_each(|(to, feature)| *to = step(feature));
        }
        let dimension = features.len();
        Self { dimension, steps }
    }

    /// Number of features, the bias included.
    pub fn dimension(&self) -> usize {
        self.dimension
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    dimension: usize,
    /// In the order of learning.
    scores: Vec<f64>,
    /// Their directions, one after the other, each filled up.
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
        self.push(score, &Direction::of(features).steps);
        let forgotten = self.scores.len().saturating_sub(size);
        self.scores.drain(..forgotten);
        self.squares.drain(..forgotten);
        self.steps.drain(..forgotten * self.stride());
    }

    /// The cosine of each remembered direction with this one of the same dimension, oldest first; 0 where either is
    /// none.
    pub fn similarities(&self, asked: &Direction) -> Vec<f64> {
        let asked = asked.steps.as_slice();
        let (stride, own) = (self.stride(), product(asked, asked));
        let similarity = |(index, square): (usize, &f64)| {
            if square * own == 0.0 {
                return 0.0;
            }
            let steps = &self.steps[stride * index..stride * (index + 1)];
            product(steps, asked) / libm::sqrt(square * own)
        };
        self.squares.iter().enumerate().map(similarity).collect()
    }

    /// Between directions.
    fn stride(&self) -> usize {
        self.width().next_multiple_of(LANES)
    }

    fn width(&self) -> usize {
        self.dimension - 1
    }

    /// u16 dimension, u16 number of scores, the scores as doubles, then a byte for each step of each direction.
    pub fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.dimension as u16).to_le_bytes());
        bytes.extend((self.scores.len() as u16).to_le_bytes());
        bytes.extend(self.scores.iter().flat_map(|score| score.to_le_bytes()));
        for index in 0..self.scores.len() {
            let from = self.stride() * index;
            let steps = &self.steps[from..from + self.width()];
            bytes.extend(steps.iter().map(|step| step.cast_unsigned()));
        }
    }

    /// And the bytes behind it.
    pub fn unpack(bytes: &[u8]) -> Result<(Self, &[u8]), StateError> {
        let ([d0, d1, n0, n1], rest) = bytes.split_first_chunk::<4>().ok_or(StateError::TooShort)?;
        let dimension = usize::from(u16::from_le_bytes([*d0, *d1]));
        let count = usize::from(u16::from_le_bytes([*n0, *n1]));
        if !(1..=MAX_DIMENSION).contains(&dimension) || count > MAX_MEMORY {
            return Err(StateError::OutOfRange);
        }
        let width = dimension - 1;
        let (scores, rest) = rest.split_at_checked(8 * count).ok_or(StateError::TooShort)?;
        let (packed, rest) = rest.split_at_checked(width * count).ok_or(StateError::TooShort)?;
        let mut memory = Self::new(dimension);
        let mut steps = vec![0; memory.stride()];
        for (index, word) in scores.as_chunks::<8>().0.iter().enumerate() {
            let score = f64::from_le_bytes(*word);
            if !(0.0..=1.0).contains(&score) {
                return Err(StateError::OutOfRange);
            }
            let from = &packed[width * index..width * (index + 1)];
            steps
                .iter_mut()
                .zip(from)
                .for_each(|(to, byte)| *to = byte.cast_signed());
            memory.push(score, &steps);
        }
        Ok((memory, rest))
    }

    fn push(&mut self, score: f64, steps: &[i8]) {
        self.scores.push(score);
        self.squares.push(product(steps, steps));
        self.steps.extend(steps);
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
