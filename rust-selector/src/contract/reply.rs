//! The answer: one result a request, in the order asked, or one error for the whole event.

use super::error::{BatchError, RequestError};
use serde::Serialize;
use std::borrow::Cow;

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Reply<'a> {
    Results {
        contract: u64,
        compute_us: u64,
        results: Vec<RequestResult<'a>>,
    },
    Refused {
        contract: u64,
        error: BatchError,
    },
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum RequestResult<'a> {
    Chosen {
        id: Cow<'a, str>,
        state_version: u64,
        state: Freshness,
        ranking: Vec<Ranked<'a>>,
    },
    Refused {
        id: Cow<'a, str>,
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
pub struct Ranked<'a> {
    pub id: Cow<'a, str>,
    /// Posterior mean.
    pub quality: f64,
    /// Posterior standard deviation.
    pub uncertainty: f64,
    /// Utility with the quality that the strategy goes by: the mean, a draw or an upper bound.
    pub score: f64,
    /// Probability that this candidate comes first.
    pub propensity: f64,
    /// How much of `quality` scores of the named task brought or took, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_task: Option<f64>,
}

impl Ranked<'_> {
    /// The same, for whoever keeps it longer than the event.
    #[must_use]
    pub fn into_owned(self) -> Ranked<'static> {
        Ranked {
            id: Cow::Owned(self.id.into_owned()),
            ..self
        }
    }
}
