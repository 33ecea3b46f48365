//! What holds for every answer, whatever is asked and whatever was learnt.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

use atp_selector::arm::{ArmState, PolicyState};
use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::{Freshness, Ranked, RequestResult};
use atp_selector::discrete::BetaMemo;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Clone, Debug)]
struct Situation {
    request: Value,
    arms: Vec<(String, ArmState)>,
}

/// Every strategy, in every form that it has.
fn strategies() -> Vec<(&'static str, Value)> {
    vec![
        ("thompson", json!({})),
        ("thompson", json!({ "likelihood": "gaussian" })),
        ("ucb1", json!({})),
        ("ucb1", json!({ "variant": "tuned" })),
        ("linucb", json!({})),
        ("lin-thompson", json!({})),
        ("knn", json!({ "neighbours": 3 })),
        ("epsilon-greedy", json!({ "epsilon": 0.3 })),
        ("greedy", json!({ "likelihood": "gaussian" })),
        ("greedy", json!({ "likelihood": "linear" })),
        ("fixed", json!({ "model": "m1" })),
    ]
}

fn situations() -> impl Strategy<Value = Situation> {
    (1..=6usize, 1..20usize).prop_flat_map(|(dimension, candidates)| {
        let features = move || prop::collection::vec(-2.0..2.0f64, dimension);
        let seen = prop::collection::vec((0..candidates + 2, features(), 0.0..=1.0f64), 0..40);
        let qualities = prop::collection::vec(0.0..=1.0f64, candidates);
        let asked = (features(), 0.001..1e3f64, 1.0..1e6f64, 0.5..=1.0f64);
        (0..strategies().len(), 0..1u64 << 53, qualities, seen, asked).prop_map(situation)
    })
}

type Seen = Vec<(usize, Vec<f64>, f64)>;
type Asked = (Vec<f64>, f64, f64, f64);

fn situation(
    (strategy, seed, qualities, seen, (mut features, lambda, strength, gamma)): (
        usize,
        u64,
        Vec<f64>,
        Seen,
        Asked,
    ),
) -> Situation {
    let (name, mut params) = strategies().swap_remove(strategy);
    params["lambda"] = json!(lambda);
    params["prior_strength"] = json!(strength);
    features[0] = 1.0;
    let candidate = |(i, quality): (usize, &f64)| json!({ "id": format!("m{i}"), "prior_quality": quality, "cost_usd": 0.001 * i as f64, "latency_ms": i });
    let candidates: Vec<Value> = qualities.iter().enumerate().map(candidate).collect();
    let mut request = json!({
        "id": "r", "policy": "p", "strategy": name, "seed": seed, "params": params, "features": features,
        "candidates": candidates,
        "weights": { "quality": 1, "cost": 1, "latency": 0.1, "cost_scale_usd": 1, "latency_scale_ms": 100 },
    });
    let mut arms = vec![ArmState::default(); qualities.len() + 2];
    let asked = (seed % 4 < 3).then_some(seed % 3);
    if let Some(task) = asked {
        request["task"] = json!(task);
    }
    for (at, (arm, x, score)) in seen.iter().enumerate() {
        arms[*arm].observe_with(x, *score, gamma);
        arms[*arm].observe_task((at % 5 > 0).then_some(at as u64 % 4), *score, gamma);
        arms[*arm].remember(x, *score, 8);
    }
    let named = arms
        .into_iter()
        .enumerate()
        .map(|(i, arm)| (format!("m{i}"), arm));
    Situation {
        request,
        arms: named.collect(),
    }
}

fn rank(request: &Value, arms: &[(String, ArmState)]) -> Vec<Ranked<'static>> {
    let state = PolicyState {
        version: 1,
        arms: arms.iter().cloned().collect(),
    };
    let states = States::from([("p".to_owned(), (Arc::new(state), Freshness::Fresh))]);
    let event = json!({ "contract": 1, "requests": [request] }).to_string();
    match choose(&parse(&event).unwrap(), &states, &BetaMemo::default()).remove(0) {
        RequestResult::Chosen { ranking, .. } => ranking.into_iter().map(Ranked::into_owned).collect(),
        RequestResult::Refused { error, .. } => panic!("{error}"),
    }
}

fn is_score_ordered(ranking: &[Ranked<'_>]) -> bool {
    ranking.windows(2).all(|pair| pair[0].score >= pair[1].score)
}

proptest! {
    #[test]
    fn a_ranking_is_complete_ordered_and_a_distribution(one in situations()) {
        let ranking = rank(&one.request, &one.arms);
        let mut ids: Vec<&str> = ranking.iter().map(|one| &*one.id).collect();
        ids.sort_unstable();
        let mut asked: Vec<&str> =
            one.request["candidates"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        asked.sort_unstable();
        prop_assert_eq!(ids, asked);
        let deviates = matches!(one.request["strategy"].as_str(), Some("epsilon-greedy" | "fixed" | "thompson" | "lin-thompson" | "knn"));
        prop_assert!(is_score_ordered(&ranking[usize::from(deviates)..]));
        prop_assert!(ranking[0].propensity > 0.0);
        prop_assert!((ranking.iter().map(|one| one.propensity).sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(ranking.iter().all(|one| one.quality.is_finite() && one.uncertainty >= 0.0));
    }

    #[test]
    fn who_draws_leaves_no_candidate_below_the_floor(one in situations(), floor in 1e-6..=1.0f64) {
        let draws = matches!(one.request["strategy"].as_str(), Some("thompson" | "lin-thompson" | "knn"));
        prop_assume!(draws);
        let mut asked = one.request.clone();
        asked["params"]["floor"] = json!(floor);
        let ranking = rank(&asked, &one.arms);
        let least = floor / ranking.len() as f64;
        prop_assert!(ranking.iter().all(|one| one.propensity >= least));
    }

    #[test]
    fn the_order_of_candidates_does_not_matter(one in situations()) {
        let mut backwards = one.request.clone();
        backwards["candidates"].as_array_mut().unwrap().reverse();
        let texts = [&one.request, &backwards].map(|request| format!("{:?}", rank(request, &one.arms)));
        prop_assert_eq!(&texts[0], &texts[1]);
    }

    #[test]
    fn a_better_prior_never_makes_a_candidate_less_likely(one in situations(), raise in 0.001..=1.0f64) {
        let mut raised = one.request.clone();
        let quality = &mut raised["candidates"][0]["prior_quality"];
        let before = quality.as_f64().unwrap();
        *quality = json!(before + raise * (1.0 - before));
        let propensity = |request: &Value| {
            let ranking = rank(request, &[]);
            ranking.iter().find(|one| one.id == "m0").unwrap().propensity
        };
        prop_assert!(propensity(&raised) >= propensity(&one.request) - 1e-9);
    }
}
