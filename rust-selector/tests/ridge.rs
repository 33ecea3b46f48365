//! A ridge's predictions against the regression written out: the discounted normal equations, solved by Gaussian
//! elimination, for strengths and discounts that are not 1.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use atp_selector::linear_state::LinearState;
use atp_selector::ridge::{Ridge, Singular, predict_by_prior};
use proptest::prelude::*;
use std::sync::Arc;

/// Gauss-Jordan with pivoting.
fn eliminate(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    for column in 0..right.len() {
        let rows = column..right.len();
        let pivot = rows
            .max_by(|&one, &other| matrix[one][column].abs().total_cmp(&matrix[other][column].abs()))
            .unwrap();
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let (top, value) = (matrix[column].clone(), right[column]);
        for row in (0..right.len()).filter(|&row| row != column) {
            let factor = matrix[row][column] / top[column];
            (0..right.len()).for_each(|at| matrix[row][at] -= factor * top[at]);
            right[row] -= factor * value;
        }
    }
    right
        .iter()
        .enumerate()
        .map(|(at, value)| value / matrix[at][at])
        .collect()
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(x, y)| x * y).sum()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-8 * (1.0 + other.abs())
}

proptest! {
    #[test]
    fn online_updates_predict_what_the_batch_solution_predicts(
        (observed, asked) in (1..=24usize).prop_flat_map(|dimension| {
            let features = move || prop::collection::vec(-2.0..2.0f64, dimension);
            (prop::collection::vec((features(), 0.0..=1.0f64), 1..40), features())
        }),
        gamma in 0.5..0.999f64,
        lambda in 0.01..50.0f64,
        prior in 0.0..=1.0f64,
    ) {
        let dimension = asked.len();
        let mut state = LinearState::new(dimension);
        observed.iter().for_each(|(x, score)| state.observe(x, *score, gamma));
        let predicted = state.ridge(lambda).unwrap().predict(&asked, prior);

        let mut matrix = vec![vec![0.0; dimension]; dimension];
        let mut right = vec![0.0; dimension];
        (0..dimension).for_each(|at| matrix[at][at] = lambda);
        right[0] = lambda * prior;
        for ((x, score), age) in observed.iter().rev().zip(0..) {
            let weight = gamma.powi(age);
            for i in 0..dimension {
                (0..dimension).for_each(|j| matrix[i][j] += weight * x[i] * x[j]);
                right[i] += weight * score * x[i];
            }
        }
        let theta = eliminate(matrix.clone(), right);
        let inverse_asked = eliminate(matrix, asked.clone());
        prop_assert!(close(predicted.mean, dot(&theta, &asked)));
        prop_assert!(close(predicted.spread, dot(&inverse_asked, &asked)));
    }

    #[test]
    fn without_observations_the_prior_decides(
        asked in prop::collection::vec(-2.0..2.0f64, 1..=64),
        lambda in 0.01..50.0f64,
        prior in 0.0..=1.0f64,
    ) {
        let learnt = LinearState::new(asked.len()).ridge(lambda).unwrap().predict(&asked, prior);
        let by_prior = predict_by_prior(&asked, lambda, prior);
        prop_assert!(close(learnt.mean, by_prior.mean) && close(learnt.spread, by_prior.spread));
    }
}

#[test]
fn observations_shrink_the_spread_where_they_were_made() {
    let mut state = LinearState::new(2);
    (0..50).for_each(|_| state.observe(&[1.0, 0.0], 0.7, 1.0));
    let ridge = state.ridge(2.0).unwrap();
    assert!(ridge.predict(&[1.0, 0.0], 0.1).spread < 0.02);
    assert!(ridge.predict(&[0.0, 1.0], 0.1).spread > 0.49);
}

#[test]
fn numbers_of_too_different_magnitude_are_a_typed_error() {
    let large: Vec<f64> = (1..=16).map(|i| 1e6 / f64::from(i)).collect();
    let mut state = LinearState::new(16);
    (0..1_000).for_each(|_| state.observe(&large, 1.0, 1.0));
    assert_eq!(Ridge::new(&state, 1e-3).err(), Some(Singular));
    assert!(state.ridge(1e-3).is_err());
}

#[test]
fn a_solution_is_kept_until_the_state_changes() {
    let mut state = LinearState::new(2);
    state.observe(&[1.0, 0.5], 1.0, 1.0);
    let first = state.ridge(3.0).unwrap();
    assert!(Arc::ptr_eq(&first, &state.ridge(3.0).unwrap()));
    assert!(!Arc::ptr_eq(&first, &state.ridge(4.0).unwrap()));
    state.observe(&[1.0, 0.5], 0.0, 1.0);
    let later = state.ridge(3.0).unwrap();
    assert!(later.predict(&[1.0, 0.5], 0.5).mean < first.predict(&[1.0, 0.5], 0.5).mean);
}

#[test]
fn few_solutions_are_kept() {
    let mut state = LinearState::new(1);
    state.observe(&[1.0], 1.0, 1.0);
    let first = state.ridge(1.0).unwrap();
    (2..100).for_each(|lambda| drop(state.ridge(f64::from(lambda)).unwrap()));
    assert_eq!(Arc::strong_count(&first), 1);
}
