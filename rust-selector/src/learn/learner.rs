//! The loop: read the outbox, fold it in, commit with the head's version as the lock; on losing a race, read
//! again and retry. A policy that fails is named and left for the next wake-up: its feedback stays pending.

use super::batch::{apply, cut};
use super::feedback::{Feedback, judge};
use crate::arm::PolicyState;
use crate::random::Sfc32;
use crate::store::{Commit, Cursor, LearningStore, Outcome, StoreError};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A page's poison fits one transaction too.
const PAGE: usize = 90;
/// Feedback one call handles per policy; the rest is told as `more`.
const MOST: usize = 1_000;
const ATTEMPTS: u32 = 10;
const BACKOFF_MS: f64 = 10.0;
/// What one more transaction may take; with less left, stop.
const RESERVE: Duration = Duration::from_millis(1_500);

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Learnt {
    pub learnt: usize,
    pub poisoned: usize,
    /// Versions after this call, of policies that it changed.
    pub versions: BTreeMap<String, u64>,
    /// Policies that may have feedback left.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub more: BTreeSet<String>,
    /// Policies that could not be learnt now, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<String, &'static str>,
}

pub struct Learner<'a, S> {
    store: &'a S,
    deadline: Instant,
    jitter: Sfc32,
    report: Learnt,
}

/// One policy's progress within a call.
struct Progress<'a> {
    policy: &'a str,
    /// As last read or written; none once another writer was noticed.
    state: Option<PolicyState>,
    /// The index may still list what this call has dealt with.
    seen: BTreeSet<String>,
}

impl<'a, S: LearningStore> Learner<'a, S> {
    pub fn new(store: &'a S, deadline: Instant, jitter: Sfc32) -> Self {
        Self {
            store,
            deadline,
            jitter,
            report: Learnt::default(),
        }
    }

    pub async fn learn(mut self, policies: &BTreeSet<String>) -> Learnt {
        for policy in policies {
            if let Err(error) = self.policy(policy).await {
                self.report.failed.insert(policy.clone(), error.code());
            }
        }
        self.report
    }

    async fn policy(&mut self, policy: &str) -> Result<(), StoreError> {
        let mut progress = Progress {
            policy,
            state: None,
            seen: BTreeSet::new(),
        };
        let mut after: Option<Cursor> = None;
        loop {
            if progress.seen.len() >= MOST || self.deadline < Instant::now() + RESERVE {
                self.report.more.insert(policy.to_owned());
                return Ok(());
            }
            let page = self.store.outbox(policy, after, PAGE).await?;
            let mut sound = Vec::new();
            let mut poisoned = Vec::new();
            for raw in page.feedback {
                if !progress.seen.insert(raw.id.clone()) {
                    continue;
                }
                let id = raw.id.clone();
                match judge(policy, raw) {
                    Ok(feedback) => sound.push(feedback),
                    Err(poison) => poisoned.push((id, poison.reason())),
                }
            }
            self.isolate(poisoned).await?;
            while !sound.is_empty() {
                let rest = sound.split_off(cut(&sound));
                self.fold(&mut progress, sound).await?;
                sound = rest;
            }
            after = match page.next {
                Some(next) => Some(next),
                None => return Ok(()),
            };
        }
    }

    async fn fold(
        &mut self,
        progress: &mut Progress<'_>,
        mut batch: Vec<Feedback>,
    ) -> Result<(), StoreError> {
        for attempt in 0..ATTEMPTS {
            let state = match progress.state.take() {
                Some(state) => state,
                None => self.store.read_latest(progress.policy).await?,
            };
            let arms = apply(&state, &batch);
            let learnt: Vec<String> = batch.iter().map(|one| one.id.clone()).collect();
            let from_version = state.version;
            let commit = Commit {
                policy: progress.policy,
                from_version,
                arms: &arms,
                learnt: &learnt,
            };
            match self.store.commit(&commit).await? {
                Outcome::Done => {
                    self.report.learnt += batch.len();
                    self.report
                        .versions
                        .insert(progress.policy.to_owned(), from_version + 1);
                    let mut state = state;
                    state.version = from_version + 1;
                    state.arms.extend(arms);
                    progress.state = Some(state);
                    return Ok(());
                }
                Outcome::Rejected { gone } => {
                    batch.retain(|one| !gone.contains(&one.id));
                    if batch.is_empty() {
                        return Ok(());
                    }
                    self.back_off(attempt).await;
                }
            }
        }
        self.report.more.insert(progress.policy.to_owned());
        Ok(())
    }

    /// In transactions of their own, so that one bad item never holds up the good ones.
    async fn isolate(&mut self, mut marks: Vec<(String, &'static str)>) -> Result<(), StoreError> {
        for attempt in 0..ATTEMPTS {
            if marks.is_empty() {
                return Ok(());
            }
            match self.store.poison(&marks).await? {
                Outcome::Done => {
                    self.report.poisoned += marks.len();
                    return Ok(());
                }
                Outcome::Rejected { gone } => marks.retain(|(id, _)| !gone.contains(id)),
            }
            self.back_off(attempt).await;
        }
        Ok(())
    }

    async fn back_off(&mut self, attempt: u32) {
        let most = BACKOFF_MS * f64::from(1 << attempt.min(5));
        sleep(Duration::from_secs_f64(most * self.jitter.next_unit() / 1_000.0)).await;
    }
}
