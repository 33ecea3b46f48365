//! Policies' states, shared by all invocations of a process. Fails open: when the store does not answer, the
//! last good copy decides, else the priors, because a choice by priors is better than none.

use crate::arm::PolicyState;
use crate::contract::Freshness;
use crate::store::ArmReader;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// Younger copies are used as they are.
const SOFT: Duration = Duration::from_millis(500);
/// Older copies are used only if the store cannot do better in time; between the two a refresh runs behind.
const HARD: Duration = Duration::from_millis(1_000);
/// What a request waits for a refresh, with an old copy at hand and without.
const WAIT_WITH_COPY: Duration = Duration::from_millis(100);
const WAIT_WITHOUT: Duration = Duration::from_millis(400);
/// A store that just failed is left alone for so long.
const REST: Duration = Duration::from_millis(250);
/// A read this old was frozen with its instance, or hangs: another is started beside it.
const ABANDON: Duration = Duration::from_millis(2_000);
const MOST_POLICIES: usize = 1_024;

pub type Known = (Option<Arc<PolicyState>>, Freshness);

pub struct StateCache<R> {
    reader: Arc<R>,
    slots: Mutex<BTreeMap<String, Arc<Slot>>>,
}

#[derive(Default)]
struct Slot {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    copy: Option<(Arc<PolicyState>, Instant)>,
    failed_at: Option<Instant>,
    reading: Option<(Instant, watch::Receiver<bool>)>,
}

impl<R: ArmReader> StateCache<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader: Arc::new(reader),
            slots: Mutex::default(),
        }
    }

    pub async fn get(&self, policy: &str) -> Known {
        let slot = self.slot(policy);
        let started = Instant::now();
        let (copy, refresh) = {
            let mut inner = lock(&slot.inner);
            let age = inner
                .copy
                .as_ref()
                .map(|(_, read_at)| started.duration_since(*read_at));
            let refresh = match age {
                Some(age) if age < SOFT => None,
                _ => inner.refresh(started, || self.read(policy, &slot)),
            };
            let copy = inner.copy.as_ref().map(|(state, _)| Arc::clone(state));
            if age.is_some_and(|age| age < HARD) {
                return (copy, Freshness::Cached);
            }
            (copy, refresh)
        };
        let wait = if copy.is_some() {
            WAIT_WITH_COPY
        } else {
            WAIT_WITHOUT
        };
        if let Some(mut done) = refresh {
            // A time-out and a reader that vanished are told by the slot, which still holds the old copy.
            drop(timeout(wait, done.wait_for(|done| *done)).await);
        }
        let inner = lock(&slot.inner);
        match &inner.copy {
            Some((state, read_at)) if *read_at >= started => (Some(Arc::clone(state)), Freshness::Fresh),
            Some((state, _)) => (Some(Arc::clone(state)), Freshness::Stale),
            None => (None, Freshness::None),
        }
    }

    /// Goes on when the request that began it stops waiting.
    fn read(&self, policy: &str, slot: &Arc<Slot>) -> watch::Receiver<bool> {
        let (done, receiver) = watch::channel(false);
        let (reader, slot, policy) = (Arc::clone(&self.reader), Arc::clone(slot), policy.to_owned());
        tokio::spawn(async move {
            let read = reader.read(&policy).await;
            let mut inner = lock(&slot.inner);
            let now = Instant::now();
            match read {
                Ok(state) => {
                    inner.keep(state, now);
                    inner.failed_at = None;
                }
                Err(_) => inner.failed_at = Some(now),
            }
            inner.reading = None;
            drop(inner);
            done.send_replace(true);
        });
        receiver
    }

    fn slot(&self, policy: &str) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        if slots.len() >= MOST_POLICIES && !slots.contains_key(policy) {
            slots.clear();
        }
        Arc::clone(slots.entry(policy.to_owned()).or_default())
    }
}

impl Inner {
    /// What did not change stays the copy that it was, with all that was solved for it.
    fn keep(&mut self, state: PolicyState, now: Instant) {
        let known = self.copy.take().map(|(known, _)| known);
        let kept = known.filter(|known| **known == state);
        self.copy = Some((kept.unwrap_or_else(|| Arc::new(state)), now));
    }

    /// Joins the read under way, or starts one unless the store is at rest.
    fn refresh(
        &mut self,
        now: Instant,
        start: impl FnOnce() -> watch::Receiver<bool>,
    ) -> Option<watch::Receiver<bool>> {
        if let Some((since, reading)) = &self.reading
            && now.duration_since(*since) < ABANDON
        {
            return Some(reading.clone());
        }
        if self
            .failed_at
            .is_some_and(|failed_at| now.duration_since(failed_at) < REST)
        {
            return None;
        }
        let reading = start();
        self.reading = Some((now, reading.clone()));
        Some(reading)
    }
}

/// A thread that panicked while holding the lock left nothing half-done that matters.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
