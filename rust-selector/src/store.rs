//! What the functions need of a database. DynamoDB fills these ports, and memory does in tests.

use crate::arm::{ArmState, PolicyState};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;

pub trait ArmReader: Send + Sync + 'static {
    /// A policy's arms, perhaps a moment old; one without any is at version 0.
    fn read(&self, policy: &str) -> impl Future<Output = Result<PolicyState, StoreError>> + Send;
}

pub trait LearningStore: Send + Sync {
    /// A policy's arms as last committed, or newer than the head's version: never older.
    fn read_latest(&self, policy: &str) -> impl Future<Output = Result<PolicyState, StoreError>> + Send;

    /// Feedback not learnt yet, oldest first. May still list what was just learnt, and miss what just came.
    fn outbox(
        &self,
        policy: &str,
        after: Option<Cursor>,
        limit: usize,
    ) -> impl Future<Output = Result<OutboxPage, StoreError>> + Send;

    /// Policies that have feedback not learnt yet, as many as one call may look through.
    fn pending(&self) -> impl Future<Output = Result<BTreeSet<String>, StoreError>> + Send;

    /// All of it or nothing.
    fn commit(&self, commit: &Commit<'_>) -> impl Future<Output = Result<Outcome, StoreError>> + Send;

    /// Takes feedback that can never be learnt out of the outbox, with the reason. All of it or nothing.
    fn poison(
        &self,
        marks: &[(String, &'static str)],
    ) -> impl Future<Output = Result<Outcome, StoreError>> + Send;
}

/// Where the next page starts; only the store that made it can read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub String);

#[derive(Clone, Debug, Default)]
pub struct OutboxPage {
    pub feedback: Vec<RawFeedback>,
    pub next: Option<Cursor>,
}

/// A feedback item before anyone looked at it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawFeedback {
    pub id: String,
    pub policy: Option<String>,
    pub adapter: Option<String>,
    pub score: Option<f64>,
    pub gamma: Field,
    pub features: RawFeatures,
    pub memory: Field,
    pub task: Field,
}

/// An optional number: that it is missing is fine, that it is no number is not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Field {
    #[default]
    Missing,
    Number(f64),
    Invalid,
}

/// As `Field`, for bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RawFeatures {
    #[default]
    Missing,
    Bytes(Vec<u8>),
    Invalid,
}

pub struct Commit<'a> {
    pub policy: &'a str,
    /// Succeeds only while the head item still has this version; leaves it at the next.
    pub from_version: u64,
    pub arms: &'a BTreeMap<String, ArmState>,
    /// Ids of feedback that must still be in the outbox, and leaves it.
    pub learnt: &'a [String],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Nothing was written: `gone` had left the outbox before; with none gone, another writer was in the way.
    Rejected {
        gone: Vec<String>,
    },
}

/// No variant carries data of a request: these end up in logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    Unreachable,
    TimedOut,
    Throttled,
    /// The store answered with an error that no retry cures.
    Refused {
        code: String,
    },
    /// The store holds something that this code cannot have written.
    Corrupt {
        what: &'static str,
    },
}

impl StoreError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "store_unreachable",
            Self::TimedOut => "store_timed_out",
            Self::Throttled => "store_throttled",
            Self::Refused { .. } => "store_refused",
            Self::Corrupt { .. } => "state_corrupt",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code } => write!(f, "{}: {code}", self.code()),
            Self::Corrupt { what } => write!(f, "{}: {what}", self.code()),
            _ => f.write_str(self.code()),
        }
    }
}

impl std::error::Error for StoreError {}
