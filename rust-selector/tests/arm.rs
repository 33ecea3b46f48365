//! The packed state of an arm, and that learning one observation at a time is the discounted sum of them all.

use atp_selector::arm::{ArmState, StateError};
use proptest::prelude::*;

type Observed = (Vec<f64>, f64);

fn observations(most: usize) -> impl Strategy<Value = Vec<Observed>> {
    let one = |dimension: usize| (prop::collection::vec(-3.0..3.0f64, dimension), 0.0..=1.0f64);
    (1..=64usize).prop_flat_map(move |dimension| prop::collection::vec(one(dimension), 1..most))
}

fn arm(observed: &[Observed], gamma: f64) -> ArmState {
    let mut arm = ArmState::default();
    observed
        .iter()
        .for_each(|(features, score)| arm.observe_with(features, *score, gamma));
    arm
}

proptest! {
    #[test]
    fn packing_is_reversible(scores in prop::collection::vec(0.0..=1.0f64, 0..50), gamma in 0.5..=1.0f64) {
        let mut arm = ArmState::default();
        scores.iter().for_each(|&score| arm.observe(score, gamma));
        prop_assert_eq!(arm.pack().len(), 33);
        prop_assert_eq!(ArmState::unpack(&arm.pack()), Ok(arm));
    }

    #[test]
    fn packing_features_is_reversible(observed in observations(6), gamma in 0.5..=1.0f64) {
        let arm = arm(&observed, gamma);
        let (bytes, dimension) = (arm.pack(), observed[0].0.len());
        prop_assert_eq!(bytes[0], 2);
        prop_assert_eq!(bytes.len(), 35 + 8 * (dimension * (dimension + 1) / 2 + dimension));
        prop_assert_eq!(ArmState::unpack_to_write(&bytes), Ok(arm.clone()));
        prop_assert_eq!(ArmState::unpack(&bytes[..bytes.len() - 1]), Err(StateError::TooShort));
    }

    #[test]
    fn online_equals_batch(observed in observations(40), gamma in 0.5..0.999f64) {
        let arm = arm(&observed, gamma);
        let sum = |of: &dyn Fn(&Observed) -> f64| -> f64 {
            observed.iter().rev().zip(0..).map(|(one, age)| of(one) * gamma.powi(age)).sum()
        };
        prop_assert!((arm.n - sum(&|_| 1.0)).abs() < 1e-9);
        prop_assert!((arm.sum - sum(&|(_, score)| *score)).abs() < 1e-9);
        prop_assert!((arm.sum_squares - sum(&|(_, score)| score * score)).abs() < 1e-9);
        prop_assert_eq!(arm.count, observed.len() as u64);
        let linear = arm.linear.unwrap();
        let mut upper = linear.upper().iter();
        for i in 0..linear.dimension() {
            prop_assert!((linear.b()[i] - sum(&|(x, score)| x[i] * score)).abs() < 1e-9);
            for j in i..linear.dimension() {
                prop_assert!((upper.next().unwrap() - sum(&|(x, _)| x[i] * x[j])).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn any_bytes_are_a_state_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..120), format in 0..5u8) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() {
            *first = format;
        }
        if let Ok(arm) = ArmState::unpack(&bytes) {
            prop_assert!(arm.n >= 0.0 && arm.mean().is_finite());
        }
    }
}

#[test]
fn a_newer_format_is_read_but_not_overwritten() {
    let mut arm = ArmState::default();
    arm.observe_with(&[1.0, 0.5], 0.25, 0.9);
    arm.remember(&[1.0, 0.5], 0.25, 4);
    arm.observe_task(Some(7), 0.25, 0.9);
    let mut bytes = arm.pack();
    bytes[0] = 5;
    bytes.extend([9; 16]);
    assert_eq!(ArmState::unpack(&bytes), Ok(arm));
    assert_eq!(
        ArmState::unpack_to_write(&bytes),
        Err(StateError::UnknownFormat(5))
    );
}

#[test]
fn features_upgrade_an_arm_and_keep_its_sums() {
    let mut arm = ArmState::default();
    arm.observe(0.5, 1.0);
    let mut arm = ArmState::unpack_to_write(&arm.pack()).unwrap();
    arm.observe_with(&[1.0], 1.0, 1.0);
    assert_eq!((arm.n, arm.sum, arm.pack()[0]), (2.0, 1.5, 2));
    assert_eq!(arm.linear.unwrap().upper(), [1.0]);
}

#[test]
fn scores_without_features_leave_the_linear_part_as_it_is() {
    let mut arm = ArmState::default();
    arm.observe_with(&[1.0, 2.0], 1.0, 0.5);
    let before = arm.linear.clone();
    arm.observe(0.0, 0.5);
    assert_eq!((arm.count, arm.linear), (2, before));
}

#[test]
fn another_number_of_features_starts_the_linear_part_anew() {
    let mut arm = ArmState::default();
    arm.observe_with(&[1.0, 2.0], 1.0, 1.0);
    arm.observe_with(&[1.0, 0.5, 0.25], 1.0, 1.0);
    let linear = arm.linear.clone().unwrap();
    assert_eq!(linear.upper(), [1.0, 0.5, 0.25, 0.25, 0.125, 0.0625]);
    assert_eq!((arm.count, linear.b()), (2, [1.0, 0.5, 0.25].as_slice()));
}

#[test]
fn short_and_impossible_bytes_are_refused() {
    assert_eq!(ArmState::unpack(&[1; 32]), Err(StateError::TooShort));
    assert_eq!(ArmState::unpack(&[0; 33]), Err(StateError::UnknownFormat(0)));
    let mut arm = ArmState::default();
    arm.observe_with(&[1.0], 1.0, 1.0);
    let with = |at: usize, word: [u8; 8]| {
        let mut bytes = arm.pack();
        bytes[at..at + 8].copy_from_slice(&word);
        ArmState::unpack(&bytes)
    };
    for (at, number) in [(35, -1.0f64), (35, f64::NAN), (43, f64::INFINITY)] {
        assert_eq!(with(at, number.to_le_bytes()), Err(StateError::OutOfRange));
    }
    for dimension in [0u16, 65] {
        let mut bytes = arm.pack();
        bytes[33..35].copy_from_slice(&dimension.to_le_bytes());
        assert_eq!(ArmState::unpack(&bytes), Err(StateError::OutOfRange));
    }
}
