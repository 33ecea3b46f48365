//! The store's port in memory. A hostile one yields at every step so that learners interleave, lists what left
//! the outbox, hides what is in it, loses answers after writing and refuses for no reason.

use atp_selector::arm::PolicyState;
use atp_selector::random::Sfc32;
use atp_selector::store::{Commit, Cursor, LearningStore, OutboxPage, Outcome, RawFeedback, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Pending,
    Learnt,
    Poisoned,
}

struct Inner {
    feedback: BTreeMap<String, (RawFeedback, Mark)>,
    policies: BTreeMap<String, PolicyState>,
    chaos: Option<Sfc32>,
}

pub struct MemoryStore(Mutex<Inner>);

impl MemoryStore {
    pub fn calm(feedback: Vec<RawFeedback>) -> Self {
        let feedback = feedback
            .into_iter()
            .map(|one| (one.id.clone(), (one, Mark::Pending)))
            .collect();
        Self(Mutex::new(Inner {
            feedback,
            policies: BTreeMap::new(),
            chaos: None,
        }))
    }

    pub fn hostile(feedback: Vec<RawFeedback>, seed: u64) -> Self {
        let store = Self::calm(feedback);
        store.0.lock().unwrap().chaos = Some(Sfc32::new(seed));
        store
    }

    pub fn calm_down(&self) {
        self.0.lock().unwrap().chaos = None;
    }

    pub fn state(&self, policy: &str) -> PolicyState {
        self.0
            .lock()
            .unwrap()
            .policies
            .get(policy)
            .cloned()
            .unwrap_or_default()
    }

    pub fn pending(&self) -> usize {
        self.marked(Mark::Pending)
    }

    pub fn poisoned(&self) -> usize {
        self.marked(Mark::Poisoned)
    }

    fn marked(&self, mark: Mark) -> usize {
        self.0
            .lock()
            .unwrap()
            .feedback
            .values()
            .filter(|(_, one)| *one == mark)
            .count()
    }

    fn happens(&self, one_in: u32) -> bool {
        let mut inner = self.0.lock().unwrap();
        inner
            .chaos
            .as_mut()
            .is_some_and(|rng| rng.next_u32().is_multiple_of(one_in))
    }

    async fn interleave(&self) {
        while self.happens(2) {
            tokio::task::yield_now().await;
        }
    }

    /// Moves ids out of the outbox, all or none.
    fn leave(&self, ids: &[String], mark: Mark, also: impl FnOnce(&mut Inner) -> bool) -> Outcome {
        let mut inner = self.0.lock().unwrap();
        let is_gone = |id: &&String| {
            inner
                .feedback
                .get(*id)
                .is_none_or(|(_, mark)| *mark != Mark::Pending)
        };
        let gone: Vec<String> = ids.iter().filter(is_gone).cloned().collect();
        if !gone.is_empty() || !also(&mut inner) {
            return Outcome::Rejected { gone };
        }
        for id in ids {
            inner.feedback.get_mut(id).unwrap().1 = mark;
        }
        Outcome::Done
    }
}

impl LearningStore for MemoryStore {
    async fn read_latest(&self, policy: &str) -> Result<PolicyState, StoreError> {
        self.interleave().await;
        Ok(self.state(policy))
    }

    async fn outbox(
        &self,
        policy: &str,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<OutboxPage, StoreError> {
        self.interleave().await;
        let (stale, hidden) = (self.happens(3), self.happens(5));
        let from = after.map_or(String::new(), |Cursor(id)| id);
        let inner = self.0.lock().unwrap();
        let is_listed = |mark: Mark| stale || mark == Mark::Pending;
        let listed: Vec<RawFeedback> = inner
            .feedback
            .values()
            .filter(|(one, mark)| one.id > from && one.policy.as_deref() == Some(policy) && is_listed(*mark))
            .map(|(one, _)| one.clone())
            .take(limit)
            .collect();
        let next = (listed.len() == limit).then(|| Cursor(listed[limit - 1].id.clone()));
        let skip = if hidden { 2 } else { 1 };
        Ok(OutboxPage {
            feedback: listed.into_iter().step_by(skip).collect(),
            next,
        })
    }

    async fn pending(&self) -> Result<BTreeSet<String>, StoreError> {
        self.interleave().await;
        let inner = self.0.lock().unwrap();
        let waiting = inner.feedback.values().filter(|(_, mark)| *mark == Mark::Pending);
        Ok(waiting.filter_map(|(one, _)| one.policy.clone()).collect())
    }

    async fn commit(&self, commit: &Commit<'_>) -> Result<Outcome, StoreError> {
        assert!(
            1 + commit.arms.len() + commit.learnt.len() <= 100,
            "more than a transaction holds"
        );
        self.interleave().await;
        if self.happens(12) {
            return Ok(Outcome::Rejected { gone: Vec::new() });
        }
        let outcome = self.leave(commit.learnt, Mark::Learnt, |inner| {
            let state = inner.policies.entry(commit.policy.to_owned()).or_default();
            if state.version != commit.from_version {
                return false;
            }
            state.version += 1;
            state.arms.extend(commit.arms.clone());
            true
        });
        if self.happens(12) {
            Err(StoreError::TimedOut)
        } else {
            Ok(outcome)
        }
    }

    async fn poison(&self, marks: &[(String, &'static str)]) -> Result<Outcome, StoreError> {
        self.interleave().await;
        let ids: Vec<String> = marks.iter().map(|(id, _)| id.clone()).collect();
        Ok(self.leave(&ids, Mark::Poisoned, |_| true))
    }
}
