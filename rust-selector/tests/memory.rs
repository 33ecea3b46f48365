//! What is remembered of an arm: the newest scores, packed and read back, and how near they are.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use atp_selector::arm::{ArmState, StateError};
use atp_selector::memory::{Direction, MAX_MEMORY, Memory};
use proptest::prelude::*;

type Observed = (Vec<f64>, f64);

fn observations(most: usize) -> impl Strategy<Value = Vec<Observed>> {
    let one = |dimension: usize| (prop::collection::vec(-3.0..3.0f64, dimension), 0.0..=1.0f64);
    (1..=64usize).prop_flat_map(move |dimension| prop::collection::vec(one(dimension), 1..most))
}

fn arm(observed: &[Observed], size: usize) -> ArmState {
    let mut arm = ArmState::default();
    for (features, score) in observed {
        arm.observe_with(features, *score, 1.0);
        arm.remember(features, *score, size);
    }
    arm
}

fn memory(observed: &[Observed], size: usize) -> Memory {
    arm(observed, size).memory.unwrap()
}

fn cosine(one: &[f64], other: &[f64]) -> f64 {
    let product = |a: &[f64], b: &[f64]| -> f64 { a[1..].iter().zip(&b[1..]).map(|(a, b)| a * b).sum() };
    let squares = product(one, one) * product(other, other);
    if squares > 0.0 {
        product(one, other) / squares.sqrt()
    } else {
        0.0
    }
}

proptest! {
    #[test]
    fn packing_is_reversible_and_bounded(observed in observations(40), size in 1..30usize) {
        let arm = arm(&observed, size);
        let (bytes, dimension) = (arm.pack(), observed[0].0.len());
        let kept = observed.len().min(size);
        prop_assert_eq!(bytes[0], 3);
        prop_assert_eq!(bytes.len(), 39 + 4 * dimension * (dimension + 1) + 8 * dimension + kept * (7 + dimension));
        prop_assert_eq!(ArmState::unpack_to_write(&bytes), Ok(arm));
        prop_assert_eq!(ArmState::unpack(&bytes[..bytes.len() - 1]), Err(StateError::TooShort));
    }

    #[test]
    fn the_newest_are_remembered(observed in observations(40), size in 1..30usize) {
        let kept = observed.len().saturating_sub(size);
        prop_assert_eq!(memory(&observed, size), memory(&observed[kept..], MAX_MEMORY));
        let scores: Vec<f64> = observed[kept..].iter().map(|(_, score)| *score).collect();
        let found = memory(&observed, size);
        prop_assert_eq!(found.scores(), scores);
    }

    #[test]
    fn similarities_are_cosines_but_for_rounding(observed in observations(40)) {
        let (asked, _) = &observed[0];
        let found = memory(&observed, MAX_MEMORY).similarities(&Direction::of(asked));
        for ((features, _), similarity) in observed.iter().zip(found) {
            prop_assert!((similarity - cosine(features, asked)).abs() < 0.02);
        }
    }

    #[test]
    fn a_request_is_as_like_itself_as_can_be(observed in observations(2), scale in 1e-3..1e3f64) {
        let (features, _) = &observed[0];
        let scaled: Vec<f64> = features.iter().map(|one| one * scale).collect();
        let found = memory(&observed, 1).similarities(&Direction::of(&scaled));
        let expected = f64::from(features[1..].iter().any(|one| *one != 0.0));
        prop_assert!((found[0] - expected).abs() < 1e-3);
    }

    #[test]
    fn any_bytes_are_a_memory_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..120), dimension in 0..4u8) {
        let mut bytes = bytes;
        if let [first, second, ..] = bytes.as_mut_slice() {
            (*first, *second) = (dimension, 0);
        }
        if let Ok((memory, rest)) = Memory::unpack(&bytes) {
            let mut packed = Vec::new();
            memory.pack(&mut packed);
            packed.extend(rest);
            prop_assert_eq!(packed, bytes);
        }
    }
}

#[test]
fn a_smaller_size_forgets_and_a_larger_one_grows() {
    let all: Vec<Observed> = (0..6).map(|i| (vec![1.0, 0.5], f64::from(i) / 8.0)).collect();
    let mut arm = arm(&all, 5);
    arm.remember(&[1.0, 2.0], 1.0, 2);
    assert_eq!(arm.memory.clone().unwrap().scores(), [0.625, 1.0]);
    arm.remember(&[1.0, 2.0], 0.5, 3);
    assert_eq!(arm.memory.unwrap().scores(), [0.625, 1.0, 0.5]);
}

#[test]
fn another_number_of_features_starts_it_anew() {
    let mut arm = arm(&[(vec![1.0, 2.0], 1.0)], 5);
    arm.observe_with(&[1.0, 2.0, 3.0], 0.5, 1.0);
    assert_eq!(arm.memory.clone().unwrap().dimension(), 2);
    arm.remember(&[1.0, 2.0, 3.0], 0.5, 5);
    let memory = arm.memory.unwrap();
    assert_eq!((memory.dimension(), memory.scores()), (3, [0.5].as_slice()));
}

#[test]
fn the_largest_state_fits_its_share_of_a_transaction() {
    let observed: Vec<Observed> = (0..MAX_MEMORY + 3).map(|_| (vec![0.5; 64], 1.0)).collect();
    let mut arm = arm(&observed, MAX_MEMORY);
    assert_eq!(arm.pack().len(), 89_895);
    (0..50).for_each(|task| arm.observe_task(Some(task), 1.0, 1.0));
    assert_eq!(arm.pack().len(), 90_665);
}

#[test]
fn impossible_bytes_are_refused() {
    let mut bytes = Vec::new();
    memory(&[(vec![1.0, 0.5], 0.75)], 4).pack(&mut bytes);
    let with = |at: usize, change: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[at..at + change.len()].copy_from_slice(change);
        Memory::unpack(&bytes).map(|(memory, _)| memory)
    };
    assert!(with(0, &[]).is_ok());
    assert_eq!(with(0, &[0]), Err(StateError::OutOfRange));
    assert_eq!(with(0, &[65]), Err(StateError::OutOfRange));
    assert_eq!(with(2, &1_025u16.to_le_bytes()), Err(StateError::OutOfRange));
    assert_eq!(with(2, &2u16.to_le_bytes()), Err(StateError::TooShort));
    for score in [-0.1, 1.1, f64::NAN] {
        assert_eq!(with(4, &score.to_le_bytes()), Err(StateError::OutOfRange));
    }
}
