//! What linear models say of a whole batch: the requests that consider the same arm are predicted together, so
//! that its solved matrix is read once for many of them. An arm that has learnt from no features, or from another
//! number of them, is predicted by its prior.

use crate::arm::ArmState;
use crate::linear_state::LinearState;
use crate::ridge::{Prediction, Singular, predict_by_prior};

/// One request's question.
pub struct Question<'a> {
    /// Strength of the ridge, above 0.
    pub lambda: f64,
    /// 1 to 64 of them.
    pub features: &'a [f64],
    /// Arms with their registered qualities.
    pub arms: Vec<(&'a ArmState, f64)>,
}

pub type Predicted = Result<Prediction, Singular>;

/// An arm of a question whose model fits it.
struct Job<'a> {
    linear: &'a LinearState,
    lambda: f64,
    question: usize,
    arm: usize,
}

impl Job<'_> {
    /// Jobs of one key share a solution.
    fn key(&self) -> (usize, u64) {
        (std::ptr::from_ref(self.linear).addr(), self.lambda.to_bits())
    }
}

/// One prediction an arm, in the order of the questions and of their arms.
pub fn predict(questions: &[Question<'_>]) -> Vec<Vec<Predicted>> {
    let mut predicted: Vec<Vec<Predicted>> = questions.iter().map(by_priors).collect();
    let mut jobs: Vec<Job<'_>> = questions.iter().enumerate().flat_map(jobs).collect();
    jobs.sort_unstable_by_key(Job::key);
    for together in jobs.chunk_by(|one, other| one.key() == other.key()) {
        let Job { linear, lambda, .. } = together[0];
        match linear.ridge(lambda) {
            Ok(ridge) => {
                let asked: Vec<(&[f64], f64)> = together
                    .iter()
                    .map(|job| {
                        (
                            questions[job.question].features,
                            questions[job.question].arms[job.arm].1,
                        )
                    })
                    .collect();
                ridge.predict_all(&asked, |index, one| {
                    let job = &together[index];
                    predicted[job.question][job.arm] = Ok(one);
                });
            }
            Err(singular) => {
                for job in together {
                    predicted[job.question][job.arm] = Err(singular);
                }
            }
        }
    }
    predicted
}

/// The spread is every arm's, so it is worked out once.
fn by_priors(question: &Question<'_>) -> Vec<Predicted> {
    let unit = predict_by_prior(question.features, question.lambda, 1.0);
    let by_prior = |(_, prior): &(&ArmState, f64)| {
        Ok(Prediction {
            mean: prior * unit.mean,
            spread: unit.spread,
        })
    };
    question.arms.iter().map(by_prior).collect()
}

fn jobs<'a>((index, question): (usize, &Question<'a>)) -> Vec<Job<'a>> {
    let fitting = |(arm, (state, _)): (usize, &(&'a ArmState, f64))| {
        let linear = state.linear.as_ref()?;
        (linear.dimension() == question.features.len()).then_some(Job {
            linear,
            lambda: question.lambda,
            question: index,
            arm,
        })
    };
    question.arms.iter().enumerate().filter_map(fitting).collect()
}
