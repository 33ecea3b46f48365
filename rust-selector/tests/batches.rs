//! What a request is answered does not hang on its company, though a batch is worked out side by side.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use atp_selector::arm::{ArmState, PolicyState};
use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::Freshness;
use atp_selector::discrete::BetaMemo;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

type Seen = Vec<(Vec<f64>, f64)>;

fn features(dimension: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-2.0..2.0f64, dimension)
}

/// Some have learnt from the features that are asked, some from others, some from none.
fn arm(dimension: usize) -> impl Strategy<Value = ArmState> {
    let seen = |dimension| prop::collection::vec((features(dimension), 0.0..=1.0f64), 0..6);
    let learnt = |seen: Seen| {
        let mut arm = ArmState::default();
        seen.iter()
            .for_each(|(x, score)| arm.observe_with(x, *score, 0.9));
        arm
    };
    prop_oneof![6 => seen(dimension).prop_map(learnt), 1 => seen(dimension + 1).prop_map(learnt)]
}

fn request(dimension: usize, arms: usize) -> impl Strategy<Value = Value> {
    let lambda = prop_oneof![Just(0.7), Just(2.5)];
    let qualities = prop::collection::vec(0.0..=1.0f64, arms);
    (features(dimension), qualities, lambda, 1..=arms).prop_map(move |(features, qualities, lambda, asked)| {
        // A few different numbers of candidates, so that many ask the same ones.
        let asked = if asked % 3 == 0 { asked } else { arms };
        let candidate = |(i, quality): (usize, &f64)| json!({ "id": format!("m{i}"), "prior_quality": quality, "cost_usd": 0.01, "latency_ms": i });
        let candidates: Vec<Value> = qualities[..asked].iter().enumerate().map(candidate).collect();
        json!({
            "id": "r", "policy": "p", "strategy": "linucb", "seed": 7, "params": { "lambda": lambda },
            "features": features, "candidates": candidates,
            "weights": { "quality": 1, "cost": 1, "latency": 0.1, "cost_scale_usd": 1, "latency_scale_ms": 100 },
        })
    })
}

fn situation() -> impl Strategy<Value = (Vec<ArmState>, Vec<Value>)> {
    (1..=63usize, 1..14usize).prop_flat_map(|(dimension, arms)| {
        (
            prop::collection::vec(arm(dimension), arms),
            prop::collection::vec(request(dimension, arms), 1..22),
        )
    })
}

fn answers(states: &States, requests: &[Value]) -> Vec<Value> {
    let event = json!({ "contract": 1, "requests": requests }).to_string();
    let results = choose(&parse(&event).unwrap(), states, &BetaMemo::default());
    results
        .iter()
        .map(|one| serde_json::to_value(one).unwrap())
        .collect()
}

proptest! {
    #[test]
    fn each_is_answered_as_if_it_were_alone((arms, requests) in situation()) {
        let arms = arms.into_iter().enumerate().map(|(i, arm)| (format!("m{i}"), arm)).collect();
        let state = Arc::new(PolicyState { version: 1, arms });
        let states = States::from([("p".to_owned(), (state, Freshness::Fresh))]);
        let alone: Vec<Value> =
            requests.iter().flat_map(|one| answers(&states, std::slice::from_ref(one))).collect();
        prop_assert_eq!(answers(&states, &requests), alone);
    }
}
