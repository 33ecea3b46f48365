//! What an arm counts by task: bounded, the discounted sums of the task's own scores, and packed without loss.

use atp_selector::arm::{ArmState, StateError};
use atp_selector::task_counts::{MAX_TASK, MAX_TASKS, TaskCounts};
use proptest::prelude::*;

type Counted = (Option<u64>, f64);

fn scores(tasks: u64, most: usize) -> impl Strategy<Value = Vec<Counted>> {
    // Eighths add up without rounding, in any order.
    let score = (0u8..=8).prop_map(|eighths| f64::from(eighths) / 8.0);
    prop::collection::vec((prop::option::weighted(0.8, 0..tasks), score), 0..most)
}

fn counts(scores: &[Counted], gamma: f64) -> TaskCounts {
    let mut counts = TaskCounts::default();
    scores
        .iter()
        .for_each(|(task, score)| counts.observe(*task, *score, gamma));
    counts
}

fn of(counts: &TaskCounts, task: u64) -> (f64, f64) {
    counts.find(task).map_or((0.0, 0.0), |one| (one.n, one.sum))
}

fn packed(counts: &TaskCounts) -> Vec<u8> {
    let mut bytes = Vec::new();
    counts.pack(&mut bytes);
    bytes
}

proptest! {
    #[test]
    fn while_there_is_room_each_has_its_own_discounted_sums(scores in scores(MAX_TASKS as u64, 120), gamma in 0.5..=1.0f64) {
        let counts = counts(&scores, gamma);
        for task in 0..MAX_TASKS as u64 {
            let faded = |value: &dyn Fn(f64) -> f64| -> f64 {
                let aged = scores.iter().rev().zip(0..);
                aged.filter(|((one, _), _)| *one == Some(task)).map(|((_, score), age)| value(*score) * gamma.powi(age)).sum()
            };
            let (n, sum) = of(&counts, task);
            prop_assert!((n - faded(&|_| 1.0)).abs() < 1e-9);
            prop_assert!((sum - faded(&|score| score)).abs() < 1e-9);
        }
    }

    #[test]
    fn without_discount_and_with_room_the_order_of_scores_does_not_matter(
        (scores, shuffled) in scores(MAX_TASKS as u64, 60).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        for task in 0..MAX_TASKS as u64 {
            prop_assert_eq!(of(&counts(&scores, 1.0), task), of(&counts(&shuffled, 1.0), task));
        }
    }

    #[test]
    fn tasks_are_bounded_and_the_newest_is_always_among_them(scores in scores(1_000, 200), gamma in 0.5..=1.0f64) {
        let counts = counts(&scores, gamma);
        prop_assert!(counts.all().len() <= MAX_TASKS);
        let newest = scores.iter().rev().find_map(|(task, _)| *task);
        prop_assert_eq!(counts.all().last().map(|one| one.task), newest);
        prop_assert!(counts.all().iter().all(|one| one.n >= 0.0 && one.sum <= one.n + 1e-9));
    }

    #[test]
    fn names_that_never_come_again_wear_out_one_place(strange in 1..200u64) {
        let kept = (0..MAX_TASKS as u64 - 1).flat_map(|task| [(Some(task), 1.0), (Some(task), 0.5)]);
        let all: Vec<Counted> = kept.chain((0..strange).map(|one| (Some(1_000 + one), 0.0))).collect();
        let counts = counts(&all, 1.0);
        for task in 0..MAX_TASKS as u64 - 1 {
            prop_assert_eq!(of(&counts, task), (2.0, 1.5));
        }
        prop_assert_eq!(of(&counts, 999 + strange), (1.0, 0.0));
    }

    #[test]
    fn packing_is_reversible_with_and_without_a_memory(
        scores in prop::collection::vec((0..40u64, 0.0..=1.0f64), 1..60), gamma in 0.5..=1.0f64, memory in prop::option::of(1..9usize),
    ) {
        let mut arm = ArmState::default();
        for (task, score) in &scores {
            arm.observe_with(&[1.0, 0.5], *score, gamma);
            arm.observe_task(Some(*task), *score, gamma);
            if let Some(size) = memory {
                arm.remember(&[1.0, 0.5], *score, size);
            }
        }
        let bytes = arm.pack();
        prop_assert_eq!(bytes[0], 4);
        prop_assert_eq!(ArmState::unpack(&bytes[..bytes.len() - 1]), Err(StateError::TooShort));
        prop_assert_eq!(ArmState::unpack_to_write(&bytes), Ok(arm));
    }

    #[test]
    fn any_bytes_are_counts_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..120), count in 0..5u8) {
        let mut bytes = bytes;
        if let [first, second, ..] = bytes.as_mut_slice() {
            (*first, *second) = (count, 0);
        }
        if let Ok(counts) = TaskCounts::unpack(&bytes) {
            prop_assert_eq!(packed(&counts), &bytes[..2 + 24 * usize::from(count)]);
        }
    }
}

#[test]
fn a_state_without_counts_stays_in_its_older_format() {
    let mut arm = ArmState::default();
    arm.observe_with(&[1.0, 0.5], 0.5, 1.0);
    arm.observe_task(None, 0.5, 1.0);
    assert_eq!(arm.pack()[0], 2);
    arm.remember(&[1.0, 0.5], 0.5, 4);
    assert_eq!(arm.pack()[0], 3);
}

#[test]
fn of_equal_counts_the_one_counted_longest_ago_goes() {
    let mut all: Vec<Counted> = (0..MAX_TASKS as u64).map(|task| (Some(task), 1.0)).collect();
    all.extend([(Some(0), 1.0), (Some(500), 1.0)]);
    let counts = counts(&all, 1.0);
    assert_eq!((of(&counts, 0), of(&counts, 1)), ((2.0, 2.0), (0.0, 0.0)));
    assert_eq!(of(&counts, 2), (1.0, 1.0));
}

#[test]
fn impossible_bytes_are_refused() {
    let bytes = packed(&counts(&[(Some(9), 0.5)], 1.0));
    let with = |at: usize, change: [u8; 8]| {
        let mut bytes = bytes.clone();
        bytes[at..at + 8].copy_from_slice(&change);
        TaskCounts::unpack(&bytes)
    };
    assert!(TaskCounts::unpack(&bytes).is_ok());
    assert_eq!(with(2, (MAX_TASK + 1).to_le_bytes()), Err(StateError::OutOfRange));
    for (at, number) in [
        (10, f64::NAN),
        (10, f64::INFINITY),
        (18, -0.5),
        (18, 1.5),
        (18, f64::NAN),
    ] {
        assert_eq!(with(at, number.to_le_bytes()), Err(StateError::OutOfRange));
    }
    assert_eq!(TaskCounts::unpack(&[33, 0]), Err(StateError::OutOfRange));
    assert_eq!(TaskCounts::unpack(&[1, 0, 1]), Err(StateError::TooShort));
}
