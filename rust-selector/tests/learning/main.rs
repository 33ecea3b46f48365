//! Learning is exactly once: whatever several learners do at a time, however often answers are lost and however
//! stale the outbox is, each score counts once, and nothing poisonous stops the rest.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod memory;

use atp_selector::learn::{Learner, Learnt};
use atp_selector::random::Sfc32;
use atp_selector::store::{Field, RawFeatures, RawFeedback};
use memory::MemoryStore;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

fn feedback(index: usize, adapter: u8, score: f64) -> RawFeedback {
    RawFeedback {
        id: format!("tenant#{index:04}"),
        policy: Some("default".to_owned()),
        adapter: Some(format!("model-{adapter}")),
        score: Some(score),
        ..RawFeedback::default()
    }
}

fn with_features(raw: RawFeedback, features: &[f32]) -> RawFeedback {
    let bytes = features.iter().flat_map(|one| one.to_le_bytes()).collect();
    RawFeedback {
        features: RawFeatures::Bytes(bytes),
        ..raw
    }
}

fn policies() -> BTreeSet<String> {
    BTreeSet::from(["default".to_owned()])
}

async fn learn(store: &MemoryStore, seed: u64) -> Learnt {
    let deadline = Instant::now() + Duration::from_secs(600);
    Learner::new(store, deadline, Sfc32::new(seed))
        .learn(&policies())
        .await
}

#[tokio::test(start_paused = true)]
async fn all_of_an_outbox_is_learnt_and_counted() {
    let store = MemoryStore::calm((0..250).map(|i| feedback(i, (i % 3) as u8, 0.5)).collect());
    let learnt = learn(&store, 1).await;
    assert_eq!(
        (learnt.learnt, learnt.poisoned, learnt.versions["default"]),
        (250, 0, 3)
    );
    assert!(learnt.more.is_empty() && learnt.failed.is_empty());
    let state = store.state("default");
    assert_eq!(state.version, 3);
    assert_eq!(state.arms["model-0"].count, 84);
    assert_eq!(state.arms["model-0"].sum, 42.0);
    assert_eq!(learn(&store, 2).await, Learnt::default());
}

#[tokio::test(start_paused = true)]
async fn transactions_stay_within_their_limit_when_every_score_has_its_own_arm() {
    let store = MemoryStore::calm((0..90).map(|i| feedback(i, i as u8, 1.0)).collect());
    assert_eq!(learn(&store, 1).await.learnt, 90);
    assert_eq!(store.state("default").arms.len(), 90);
}

#[tokio::test(start_paused = true)]
async fn a_call_stops_at_a_thousand_and_says_that_there_is_more() {
    let store = MemoryStore::calm((0..1_300).map(|i| feedback(i, 0, 1.0)).collect());
    let first = learn(&store, 1).await;
    assert_eq!(first.more, policies());
    assert!((1_000..1_300).contains(&first.learnt));
    assert_eq!(first.learnt + learn(&store, 2).await.learnt, 1_300);
}

#[tokio::test(start_paused = true)]
async fn near_its_deadline_nothing_is_begun() {
    let store = MemoryStore::calm(vec![feedback(0, 0, 1.0)]);
    let soon = Instant::now() + Duration::from_millis(500);
    let learnt = Learner::new(&store, soon, Sfc32::new(1)).learn(&policies()).await;
    assert_eq!((learnt.learnt, learnt.more), (0, policies()));
}

#[tokio::test(start_paused = true)]
async fn poison_is_set_aside_and_the_rest_learnt() {
    let mut all: Vec<RawFeedback> = (0..10).map(|i| feedback(i, 1, 0.25)).collect();
    all[3].score = Some(7.0);
    all[5].adapter = None;
    let store = MemoryStore::calm(all);
    let learnt = learn(&store, 1).await;
    assert_eq!((learnt.learnt, learnt.poisoned), (8, 2));
    assert_eq!(store.poisoned(), 2);
    assert_eq!(learn(&store, 2).await, Learnt::default());
}

#[tokio::test(start_paused = true)]
async fn each_scores_own_discount_is_applied_in_the_outboxs_order() {
    let mut all: Vec<RawFeedback> = (0..3).map(|i| feedback(i, 1, 1.0)).collect();
    all[2].gamma = Field::Number(0.5);
    let store = MemoryStore::calm(all);
    learn(&store, 1).await;
    let arm = store.state("default").arms["model-1"].clone();
    assert_eq!((arm.n, arm.sum, arm.count), (2.0, 2.0, 3));
}

#[tokio::test(start_paused = true)]
async fn scores_are_remembered_where_they_say_so_and_come_with_features() {
    let all = (0..300).map(|i| {
        let raw = feedback(i, (i % 2) as u8, (i % 5) as f64 / 8.0);
        let raw = with_features(raw, &[1.0, 2.0, i as f32]);
        let memory = if i % 2 == 0 {
            Field::Number(20.0)
        } else {
            Field::Missing
        };
        RawFeedback { memory, ..raw }
    });
    let mut all: Vec<RawFeedback> = all.collect();
    all[298].features = RawFeatures::Missing;
    all[296].memory = Field::Number(1.5);
    let store = MemoryStore::calm(all);
    let learnt = learn(&store, 1).await;
    assert_eq!((learnt.learnt, learnt.poisoned), (299, 1));
    let arms = store.state("default").arms;
    let newest: Vec<f64> = (128..148).map(|i| (2 * i % 5) as f64 / 8.0).collect();
    assert_eq!(arms["model-0"].memory.as_ref().unwrap().scores(), newest);
    assert_eq!((arms["model-0"].count, &arms["model-1"].memory), (149, &None));
}

#[tokio::test(start_paused = true)]
async fn a_tasks_scores_are_counted_where_they_come_with_features() {
    let mut all: Vec<RawFeedback> = (0..6)
        .map(|i| with_features(feedback(i, 1, 0.5), &[1.0, 2.0]))
        .collect();
    for one in &mut all[..5] {
        one.task = Field::Number(42.0);
    }
    all[1].features = RawFeatures::Missing;
    all[2].task = Field::Number(0.5);
    let store = MemoryStore::calm(all);
    let learnt = learn(&store, 1).await;
    assert_eq!((learnt.learnt, learnt.poisoned), (5, 1));
    let arm = store.state("default").arms["model-1"].clone();
    let counted = arm.tasks.find(42).map(|one| (one.n, one.sum));
    assert_eq!((arm.count, counted), (5, Some((3.0, 1.5))));
}

#[tokio::test(start_paused = true)]
async fn features_are_learnt_beside_the_sums() {
    let mut all: Vec<RawFeedback> = (0..200)
        .map(|i| with_features(feedback(i, 1, 0.5), &[1.0, 2.0]))
        .collect();
    all[20].features = RawFeatures::Missing;
    all[30].features = RawFeatures::Bytes(vec![1, 2, 3]);
    let store = MemoryStore::calm(all);
    let learnt = learn(&store, 1).await;
    assert_eq!((learnt.learnt, learnt.poisoned), (199, 1));
    let arm = store.state("default").arms["model-1"].clone();
    let linear = arm.linear.unwrap();
    assert_eq!((arm.count, arm.sum), (199, 99.5));
    assert_eq!(linear.upper(), [198.0, 396.0, 792.0]);
    assert_eq!(linear.b(), [99.0, 198.0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn each_score_counts_once_whatever_happens(
        scores in prop::collection::vec((0u8..4, 0u8..=8, prop::bool::weighted(0.1)), 1..160),
        seed in any::<u64>(),
        learners in 1..5usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let all: Vec<RawFeedback> = scores
            .iter()
            .enumerate()
            .map(|(i, &(adapter, eighths, bad))| {
                let raw = feedback(i, adapter, if bad { 2.0 } else { f64::from(eighths) / 8.0 });
                let raw = with_features(raw, &[1.0, f32::from(eighths)]);
                RawFeedback { memory: Field::Number(32.0), task: Field::Number(f64::from(eighths % 3)), ..raw }
            })
            .collect();
        let store = Arc::new(MemoryStore::hostile(all, seed));
        runtime.block_on(async {
            let mut running = tokio::task::JoinSet::new();
            for learner in 0..learners as u64 {
                let store = Arc::clone(&store);
                running.spawn(async move { learn(&store, seed ^ learner).await });
            }
            running.join_all().await;
            store.calm_down();
            learn(&store, 0).await;
        });
        let state = store.state("default");
        prop_assert_eq!(store.pending(), 0);
        prop_assert_eq!(store.poisoned(), scores.iter().filter(|(_, _, bad)| *bad).count());
        for adapter in 0..4u8 {
            let mine = || scores.iter().filter(|(one, _, bad)| *one == adapter && !bad);
            let arm = state.arms.get(&format!("model-{adapter}")).cloned().unwrap_or_default();
            // Eighths add up without rounding, in any order.
            prop_assert_eq!(arm.count, mine().count() as u64);
            let sum = |of: fn(f64) -> f64| mine().map(|(_, eighths, _)| of(f64::from(*eighths))).sum::<f64>();
            prop_assert_eq!(arm.sum, sum(|eighths| eighths / 8.0));
            for task in 0..3u8 {
                let named = || mine().filter(|(_, eighths, _)| eighths % 3 == task);
                let counted = arm.tasks.find(u64::from(task)).map(|one| (one.n, one.sum));
                let eighths = named().map(|(_, eighths, _)| f64::from(*eighths) / 8.0).sum::<f64>();
                prop_assert_eq!(counted.unwrap_or_default(), (named().count() as f64, eighths));
            }
            if let Some(memory) = &arm.memory {
                prop_assert_eq!(memory.scores().len(), mine().count().min(32));
            }
            if let Some(linear) = arm.linear {
                prop_assert_eq!(linear.upper(), [sum(|_| 1.0), sum(|x| x), sum(|x| x * x)]);
                prop_assert_eq!(linear.b(), [sum(|x| x / 8.0), sum(|x| x * x / 8.0)]);
            }
        }
    }
}
