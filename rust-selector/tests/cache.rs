//! How fresh a state is, and what a slow or broken store costs a request.

use atp_selector::arm::PolicyState;
use atp_selector::cache::StateCache;
use atp_selector::contract::Freshness;
use atp_selector::store::{ArmReader, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::Duration;
use tokio::time::{Instant, advance, sleep};

/// Answers after `delay_ms` with the number of the read as version, or 0 while `is_unchanged`.
#[derive(Clone, Default)]
struct Store {
    reads: Arc<AtomicU64>,
    delay_ms: Arc<AtomicU64>,
    is_broken: Arc<AtomicBool>,
    is_unchanged: Arc<AtomicBool>,
}

impl ArmReader for Store {
    async fn read(&self, _policy: &str) -> Result<PolicyState, StoreError> {
        let version = self.reads.fetch_add(1, SeqCst) + 1;
        sleep(Duration::from_millis(self.delay_ms.load(SeqCst))).await;
        if self.is_broken.load(SeqCst) {
            return Err(StoreError::Unreachable);
        }
        let is_unchanged = self.is_unchanged.load(SeqCst);
        Ok(PolicyState {
            version: if is_unchanged { 0 } else { version },
            ..PolicyState::default()
        })
    }
}

async fn get(cache: &StateCache<Store>) -> (u64, Freshness) {
    let (state, freshness) = cache.get("default").await;
    (state.map_or(0, |state| state.version), freshness)
}

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_used_for_a_second_and_renewed_behind_its_back() {
    let store = Store::default();
    let cache = StateCache::new(store.clone());
    assert_eq!(get(&cache).await, (1, Freshness::Fresh));
    advance(ms(400)).await;
    assert_eq!(get(&cache).await, (1, Freshness::Cached));
    assert_eq!(store.reads.load(SeqCst), 1);
    advance(ms(300)).await;
    assert_eq!(get(&cache).await, (1, Freshness::Cached));
    sleep(ms(5)).await;
    assert_eq!(get(&cache).await, (2, Freshness::Cached));
    advance(ms(5_000)).await;
    assert_eq!(get(&cache).await, (3, Freshness::Fresh));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_did_not_change_stays_the_same_copy() {
    let store = Store::default();
    store.is_unchanged.store(true, SeqCst);
    let cache = StateCache::new(store.clone());
    let (first, _) = cache.get("default").await;
    advance(ms(5_000)).await;
    let (second, freshness) = cache.get("default").await;
    assert_eq!((store.reads.load(SeqCst), freshness), (2, Freshness::Fresh));
    assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
    store.is_unchanged.store(false, SeqCst);
    advance(ms(5_000)).await;
    assert_eq!(get(&cache).await, (3, Freshness::Fresh));
}

#[tokio::test(start_paused = true)]
async fn requests_at_once_share_one_read() {
    let store = Store::default();
    store.delay_ms.store(50, SeqCst);
    let cache = Arc::new(StateCache::new(store.clone()));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let cache = Arc::clone(&cache);
        all.spawn(async move { get(&cache).await });
    }
    assert!(
        all.join_all()
            .await
            .into_iter()
            .all(|one| one == (1, Freshness::Fresh))
    );
    assert_eq!(store.reads.load(SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_store_priors_decide_and_with_a_copy_the_copy_does() {
    let store = Store::default();
    store.is_broken.store(true, SeqCst);
    let cache = StateCache::new(store.clone());
    assert_eq!(get(&cache).await, (0, Freshness::None));
    store.is_broken.store(false, SeqCst);
    assert_eq!(
        get(&cache).await,
        (0, Freshness::None),
        "a store that just failed is left alone"
    );
    advance(ms(300)).await;
    assert_eq!(get(&cache).await, (2, Freshness::Fresh));
    store.is_broken.store(true, SeqCst);
    advance(ms(60_000)).await;
    assert_eq!(get(&cache).await, (2, Freshness::Stale));
}

#[tokio::test(start_paused = true)]
async fn a_slow_store_costs_a_bounded_wait_and_still_delivers() {
    let store = Store::default();
    store.delay_ms.store(900, SeqCst);
    let cache = StateCache::new(store.clone());
    let started = Instant::now();
    assert_eq!(get(&cache).await, (0, Freshness::None));
    assert!(started.elapsed() <= ms(410));
    sleep(ms(600)).await;
    assert_eq!(get(&cache).await, (1, Freshness::Cached));
    sleep(ms(2_000)).await;
    let started = Instant::now();
    assert_eq!(get(&cache).await.1, Freshness::Stale);
    assert!(started.elapsed() <= ms(110));
}

#[tokio::test(start_paused = true)]
async fn a_read_that_hangs_does_not_hold_up_later_ones_for_ever() {
    let store = Store::default();
    store.delay_ms.store(1_000_000, SeqCst);
    let cache = StateCache::new(store.clone());
    assert_eq!(get(&cache).await, (0, Freshness::None));
    store.delay_ms.store(0, SeqCst);
    advance(ms(2_500)).await;
    assert_eq!(get(&cache).await, (2, Freshness::Fresh));
}
