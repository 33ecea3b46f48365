//! Everything that can be wrong with an event, by a code that callers may branch on. Messages name fields and
//! limits, never values: they end up in logs.

use crate::policy::STRATEGIES;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::fmt;

/// The whole event is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchError {
    UnknownContract,
    Malformed { line: usize, column: usize },
    TooManyRequests,
}

/// One request is refused; its batch goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    EmptyCandidates,
    NonFinite { field: String },
    UnknownStrategy,
    InvalidParameter { field: String, rule: &'static str },
    DuplicateCandidate { index: usize },
    MissingFeatures,
    SingularMatrix,
}

impl BatchError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownContract => "unknown_contract",
            Self::Malformed { .. } => "malformed",
            Self::TooManyRequests => "too_many_requests",
        }
    }
}

impl RequestError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyCandidates => "empty_candidates",
            Self::NonFinite { .. } => "non_finite",
            Self::UnknownStrategy => "unknown_strategy",
            Self::InvalidParameter { .. } => "invalid_parameter",
            Self::DuplicateCandidate { .. } => "duplicate_candidate",
            Self::MissingFeatures => "missing_features",
            Self::SingularMatrix => "singular_matrix",
        }
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownContract => write!(f, "contract must be {}", super::VERSION),
            Self::Malformed { line, column } => {
                write!(
                    f,
                    "the event does not fit the contract at line {line}, column {column}"
                )
            }
            Self::TooManyRequests => write!(
                f,
                "a batch holds at most {} requests of at most {} candidates",
                super::MAX_REQUESTS,
                super::MAX_CANDIDATES
            ),
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyCandidates => write!(f, "candidates is empty"),
            Self::NonFinite { field } => write!(f, "{field} is not a finite number"),
            Self::UnknownStrategy => write!(f, "strategy is not one of {STRATEGIES}"),
            Self::InvalidParameter { field, rule } => write!(f, "{field} must be {rule}"),
            Self::DuplicateCandidate { index } => write!(f, "candidates[{index}].id occurs twice"),
            Self::MissingFeatures => write!(f, "features are missing"),
            Self::SingularMatrix => write!(
                f,
                "a candidate's learnt state has no solution; raise params.lambda"
            ),
        }
    }
}

impl std::error::Error for BatchError {}
impl std::error::Error for RequestError {}

impl Serialize for BatchError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        coded(serializer, self.code(), self)
    }
}

impl Serialize for RequestError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        coded(serializer, self.code(), self)
    }
}

fn coded<S: Serializer>(serializer: S, code: &str, message: &dyn fmt::Display) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_struct("Error", 2)?;
    out.serialize_field("code", code)?;
    out.serialize_field("message", &format_args!("{message}"))?;
    out.end()
}
