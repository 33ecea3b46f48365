//! What a policy knows about one adapter: discounted sums of its scores, and their packed form in the store.
//! Only observations are kept; priors are added when a choice is made, so changing one needs no relearning.

use std::collections::BTreeMap;
use std::fmt;

const FORMAT: u8 = 1;
/// Format byte, three doubles, one u64, little-endian. Later formats append; these bytes keep their meaning.
pub const PACKED_LEN: usize = 33;
/// Counts pass through doubles, so they stop where a double stops counting.
const MAX_COUNT: u64 = (1 << 53) - 1;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ArmState {
    /// Discounted number of observations.
    pub n: f64,
    /// Discounted sum of scores.
    pub sum: f64,
    /// Discounted sum of squared scores.
    pub sum_squares: f64,
    /// Observations ever learnt, undiscounted.
    pub count: u64,
}

/// A policy's arms as they stood at one version of its head item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyState {
    pub version: u64,
    pub arms: BTreeMap<String, ArmState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateError {
    TooShort,
    UnknownFormat(u8),
    OutOfRange,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(f, "packed state is shorter than {PACKED_LEN} bytes"),
            Self::UnknownFormat(format) => write!(f, "packed state has format {format}"),
            Self::OutOfRange => write!(f, "packed state holds impossible sums"),
        }
    }
}

impl ArmState {
    /// One more observation. `score` lies in [0, 1]; `gamma` in (0, 1] fades what this arm saw before, a
    /// per-arm form of discounted UCB (Garivier & Moulines 2011) that leaves the other arms' items alone.
    pub fn observe(&mut self, score: f64, gamma: f64) {
        self.n = self.n * gamma + 1.0;
        self.sum = self.sum * gamma + score;
        self.sum_squares = self.sum_squares * gamma + score * score;
        self.count = self.count.saturating_add(1);
    }

    pub fn mean(&self) -> f64 {
        if self.n > 0.0 { self.sum / self.n } else { 0.0 }
    }

    pub fn pack(&self) -> [u8; PACKED_LEN] {
        let mut bytes = [0; PACKED_LEN];
        bytes[0] = FORMAT;
        bytes[1..9].copy_from_slice(&self.n.to_le_bytes());
        bytes[9..17].copy_from_slice(&self.sum.to_le_bytes());
        bytes[17..25].copy_from_slice(&self.sum_squares.to_le_bytes());
        bytes[25..33].copy_from_slice(&self.count.to_le_bytes());
        bytes
    }

    /// Reads any format whose first bytes are ours: what follows them is a newer writer's, and no loss to
    /// a reader.
    pub fn unpack(bytes: &[u8]) -> Result<Self, StateError> {
        let head = bytes.first_chunk::<PACKED_LEN>().ok_or(StateError::TooShort)?;
        if head[0] < FORMAT {
            return Err(StateError::UnknownFormat(head[0]));
        }
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&head[at..at + 8]);
            word
        };
        let double = |at| f64::from_le_bytes(word(at));
        let state = Self {
            n: double(1),
            sum: double(9),
            sum_squares: double(17),
            count: u64::from_le_bytes(word(25)),
        };
        if state.is_possible() {
            Ok(state)
        } else {
            Err(StateError::OutOfRange)
        }
    }

    /// As `unpack`, for a writer: it must not cut off what a newer format appended.
    pub fn unpack_to_write(bytes: &[u8]) -> Result<Self, StateError> {
        match bytes.first() {
            Some(&format) if format > FORMAT => Err(StateError::UnknownFormat(format)),
            _ => Self::unpack(bytes),
        }
    }

    /// Scores lie in [0, 1] and are discounted, so 0 <= squares <= sum <= n <= count, but for rounding.
    fn is_possible(&self) -> bool {
        let slack = 1e-9 * (1.0 + self.n);
        self.count <= MAX_COUNT
            && self.n <= self.count as f64 + slack
            && self.sum <= self.n + slack
            && self.sum_squares <= self.sum + slack
            && self.sum_squares >= 0.0
            && self.n >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_is_reversible(scores in prop::collection::vec(0.0..=1.0f64, 0..50), gamma in 0.5..=1.0f64) {
            let mut arm = ArmState::default();
            scores.iter().for_each(|&score| arm.observe(score, gamma));
            prop_assert_eq!(ArmState::unpack(&arm.pack()), Ok(arm));
        }

        #[test]
        fn online_equals_batch(scores in prop::collection::vec(0.0..=1.0f64, 1..60), gamma in 0.5..0.999f64) {
            let mut arm = ArmState::default();
            scores.iter().for_each(|&score| arm.observe(score, gamma));
            let ages = || scores.iter().rev().zip(0..).map(|(&score, age)| (score, gamma.powi(age)));
            prop_assert!((arm.n - ages().map(|(_, w)| w).sum::<f64>()).abs() < 1e-9);
            prop_assert!((arm.sum - ages().map(|(s, w)| s * w).sum::<f64>()).abs() < 1e-9);
            prop_assert!((arm.sum_squares - ages().map(|(s, w)| s * s * w).sum::<f64>()).abs() < 1e-9);
            prop_assert_eq!(arm.count, scores.len() as u64);
        }

        #[test]
        fn any_bytes_are_a_state_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(arm) = ArmState::unpack(&bytes) {
                prop_assert!(arm.n >= 0.0 && arm.mean().is_finite());
            }
        }
    }

    #[test]
    fn a_newer_format_is_read_but_not_overwritten() {
        let mut arm = ArmState::default();
        arm.observe(0.25, 0.9);
        let mut bytes = arm.pack().to_vec();
        bytes[0] = 2;
        bytes.extend([9; 16]);
        assert_eq!(ArmState::unpack(&bytes), Ok(arm));
        assert_eq!(
            ArmState::unpack_to_write(&bytes),
            Err(StateError::UnknownFormat(2))
        );
    }

    #[test]
    fn short_and_unknown_bytes_are_refused() {
        assert_eq!(ArmState::unpack(&[1; 32]), Err(StateError::TooShort));
        assert_eq!(ArmState::unpack(&[0; 33]), Err(StateError::UnknownFormat(0)));
    }
}
