//! The answer: one result a request, in the order asked, or one error for the whole event.

use super::error::{BatchError, RequestError};
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Reply {
    Results {
        contract: u64,
        compute_us: u64,
        results: Vec<RequestResult>,
    },
    Refused {
        contract: u64,
        error: BatchError,
    },
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum RequestResult {
    Chosen {
        id: String,
        state_version: u64,
        state: Freshness,
        ranking: Vec<Ranked>,
    },
    Refused {
        id: String,
        error: RequestError,
    },
}

/// How the state that decided was come by, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Freshness {
    /// Read for this event.
    Fresh,
    /// Read less than a second ago.
    Cached,
    /// Older, as the store did not answer.
    Stale,
    /// The store never answered: priors alone decide.
    None,
}

#[derive(Clone, Debug, Serialize)]
pub struct Ranked {
    pub id: String,
    /// Posterior mean.
    pub quality: f64,
    /// Posterior standard deviation.
    pub uncertainty: f64,
    /// Utility with the quality that the strategy goes by: the mean, a draw or an upper bound.
    pub score: f64,
    /// Probability that this candidate comes first.
    pub propensity: f64,
}
