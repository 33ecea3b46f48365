//! The event as it is written; its texts stay where they lie. Values are judged in `check`, so that a bad one names its
//! field.

use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::ops::Deref;

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Batch<'a> {
    pub contract: u64,
    #[serde(borrow)]
    pub requests: Vec<Request<'a>>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Request<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub policy: Cow<'a, str>,
    #[serde(borrow)]
    pub strategy: Cow<'a, str>,
    #[serde(borrow, default)]
    pub params: Params<'a>,
    pub seed: Number,
    pub weights: Weights,
    #[serde(borrow)]
    pub candidates: Vec<Candidate<'a>>,
    /// What is known of the request, 1 to 64 numbers, of which the first is 1 by convention.
    #[serde(default, deserialize_with = "numbers")]
    pub features: Option<Vec<f64>>,
    /// Hash of what the caller names its task, a whole number up to 2^53 - 1.
    #[serde(default, deserialize_with = "given")]
    pub task: Option<Number>,
}

/// Each strategy reads what it knows and ignores the rest.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(default)]
pub struct Params<'a> {
    /// Pseudo-observations that the registered quality is worth.
    pub prior_strength: Number,
    /// Discount per observation; `learn` applies it.
    pub gamma: Number,
    /// Scale of what is added to, or drawn around, the mean.
    pub exploration: Number,
    /// beta, gaussian or linear.
    #[serde(borrow)]
    pub likelihood: Cow<'a, str>,
    /// ucb1 or tuned.
    #[serde(borrow)]
    pub variant: Cow<'a, str>,
    /// Standard deviation that one score is taken to have around its mean (gaussian, linear).
    pub noise: Number,
    /// Strength of the ridge that holds a linear model to its prior.
    pub lambda: Number,
    /// Share of choices made at random (epsilon-greedy).
    pub epsilon: Number,
    /// Share of choices made at random so that no candidate is out of the question (thompson, lin-thompson, knn).
    pub floor: Number,
    /// How many of the nearest past requests speak of a candidate (knn).
    pub neighbours: Number,
    /// How many of a candidate's scores are remembered; `learn` applies it (knn).
    pub memory: Number,
    /// Scores of the named task that a linear model's prediction is worth.
    pub task_strength: Number,
    /// Id of the candidate to choose (fixed).
    #[serde(borrow)]
    pub model: Option<Cow<'a, str>>,
}

impl Default for Params<'_> {
    fn default() -> Self {
        Self {
            prior_strength: Number(8.0),
            gamma: Number(1.0),
            exploration: Number(1.0),
            likelihood: Cow::Borrowed("beta"),
            variant: Cow::Borrowed("ucb1"),
            noise: Number(0.5),
            lambda: Number(1.0),
            epsilon: Number(0.1),
            floor: Number(0.001),
            neighbours: Number(64.0),
            memory: Number(512.0),
            task_strength: Number(16.0),
            model: None,
        }
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Weights {
    pub quality: Number,
    pub cost: Number,
    pub latency: Number,
    pub cost_scale_usd: Number,
    pub latency_scale_ms: Number,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Candidate<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    pub prior_quality: Number,
    pub cost_usd: Number,
    pub latency_ms: Number,
    #[serde(default = "always")]
    pub availability: Number,
}

pub(super) fn always() -> Number {
    Number(1.0)
}

fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<f64>>, D::Error> {
    let numbers = Option::<Vec<Number>>::deserialize(deserializer)?;
    Ok(numbers.map(|numbers| numbers.into_iter().map(|Number(number)| number).collect()))
}

/// That it is null is no way to leave it out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Number>, D::Error> {
    Number::deserialize(deserializer).map(Some)
}

/// A double that may not be one: JavaScript writes NaN and the infinities as null.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

impl Deref for Number {
    type Target = f64;
    fn deref(&self) -> &f64 {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<f64>::deserialize(deserializer).map(|value| Self(value.unwrap_or(f64::NAN)))
    }
}
