//! What golden files cannot hold: events that are no JSON, too large ones, and that any text is answered.

use atp_selector::arm::{ArmState, PolicyState};
use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::{BatchError, Freshness, Ranked, RequestResult};
use atp_selector::discrete::BetaMemo;
use atp_selector::policy::STRATEGIES;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

fn request(strategy: &str, seed: u64, candidates: usize) -> Value {
    let candidates: Vec<Value> = (0..candidates)
        .map(|i| json!({ "id": format!("m{i}"), "prior_quality": 0.5, "cost_usd": 0, "latency_ms": i }))
        .collect();
    json!({
        "id": "r", "policy": "p", "strategy": strategy, "seed": seed, "candidates": candidates,
        "weights": { "quality": 1, "cost": 1, "latency": 0.1, "cost_scale_usd": 1, "latency_scale_ms": 100 },
    })
}

fn event(requests: &[Value]) -> String {
    json!({ "contract": 1, "requests": requests }).to_string()
}

#[test]
fn what_is_no_event_is_malformed() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"contract":1}"#,
        r#"{"contract":1,"requests":[{}]}"#,
        "{\"contract\":",
    ] {
        assert_eq!(parse(text).unwrap_err().code(), "malformed", "{text}");
    }
    let overflow = event(&[request("ucb1", 1, 1)]).replace("0.5", "1e999");
    assert_eq!(parse(&overflow).unwrap_err().code(), "malformed");
}

#[test]
fn another_contract_is_told_so_even_if_it_does_not_parse() {
    for text in [r#"{"contract":2,"requests":[]}"#, r#"{"contract":2,"batch":{}}"#] {
        assert_eq!(parse(text).unwrap_err(), BatchError::UnknownContract);
    }
}

#[test]
fn batches_have_a_size() {
    let many = vec![request("ucb1", 1, 1); 1025];
    assert_eq!(parse(&event(&many)).unwrap_err(), BatchError::TooManyRequests);
    assert!(parse(&event(&many[..1024])).is_ok());
    assert_eq!(
        parse(&event(&[request("ucb1", 1, 1001)])).unwrap_err(),
        BatchError::TooManyRequests
    );
    assert!(parse(&event(&[request("ucb1", 1, 1000)])).is_ok());
}

#[test]
fn defaults_are_those_of_the_contract() {
    let explicit = json!({
        "prior_strength": 8.0, "gamma": 1.0, "exploration": 1.0, "likelihood": "beta", "variant": "ucb1",
        "noise": 0.5, "lambda": 1.0, "epsilon": 0.1,
    });
    let answer = |mut request: Value| {
        request["features"] = json!([1, 0.5]);
        let text = event(&[request]);
        let batch = parse(&text).unwrap();
        serde_json::to_string(&choose(&batch, &States::new(), &BetaMemo::default())).unwrap()
    };
    for strategy in [
        "thompson",
        "ucb1",
        "linucb",
        "lin-thompson",
        "epsilon-greedy",
        "greedy",
    ] {
        let mut spelt = request(strategy, 1, 3);
        spelt["params"] = explicit.clone();
        assert_eq!(answer(spelt), answer(request(strategy, 1, 3)));
    }
}

/// The bounds of what the contract allows, something between, and now and then what it does not allow.
fn number(low: f64, high: f64) -> BoxedStrategy<Value> {
    prop_oneof![
        30 => prop::sample::select(vec![low, high]),
        30 => low..=high,
        1 => any::<f64>(),
    ]
    .prop_map(|one| json!(one))
    .boxed()
}

const PARAMS: [(&str, f64, f64); 7] = [
    ("gamma", 0.5, 1.0),
    ("prior_strength", 1.0, 1e6),
    ("noise", 0.001, 1.0),
    ("lambda", 0.001, 1e6),
    ("exploration", 0.0, 100.0),
    ("epsilon", 0.0, 1.0),
    ("floor", 1e-6, 1.0),
];

/// An arm that learnt from features of any magnitude that the contract allows.
fn wild_arm() -> impl Strategy<Value = ArmState> {
    let features = || {
        prop::collection::vec(
            prop::sample::select([-1e6, -1.0, 0.0, 1e-6, 1.0, 1e6].as_slice()),
            3,
        )
    };
    prop::collection::vec((features(), 0.0..=1.0f64), 0..20).prop_map(|seen| {
        let mut arm = ArmState::default();
        for (x, score) in seen {
            arm.observe_with(&x, score, 0.9);
            arm.remember(&x, score, 8);
        }
        arm
    })
}

proptest! {
    #[test]
    fn any_text_is_an_answer_or_an_error(text in ".{0,200}") {
        drop(parse(&text));
    }

    #[test]
    fn any_numbers_are_finite_answers_or_a_typed_error(
        strategy in prop::sample::select(STRATEGIES.split(", ").collect::<Vec<_>>()),
        params in PARAMS.map(|(_, low, high)| number(low, high)).to_vec(),
        weights in prop::collection::vec(number(0.0, 1e12), 3),
        scales in prop::collection::vec(number(1e-9, 1e12), 2),
        prior in number(0.0, 1.0),
        costs in prop::collection::vec(number(0.0, 1e12), 2),
        features in prop::collection::vec(number(-1e6, 1e6), 3),
        arm in wild_arm(),
    ) {
        let mut asked = request(strategy, 1, 2);
        let named = PARAMS.iter().zip(params).map(|((name, ..), value)| ((*name).to_owned(), value));
        asked["params"] = Value::Object(named.collect());
        asked["params"]["model"] = json!("m1");
        asked["features"] = json!(features);
        asked["weights"] = json!({
            "quality": weights[0], "cost": weights[1], "latency": weights[2],
            "cost_scale_usd": scales[0], "latency_scale_ms": scales[1],
        });
        let first = &mut asked["candidates"][0];
        first["prior_quality"] = prior;
        first["cost_usd"] = costs[0].clone();
        first["latency_ms"] = costs[1].clone();
        let state = PolicyState { version: 1, arms: [("m0".to_owned(), arm)].into() };
        let states = States::from([("p".to_owned(), (Arc::new(state), Freshness::Fresh))]);
        let text = event(&[asked]);
        let Ok(batch) = parse(&text) else { return Ok(()) };
        if let RequestResult::Chosen { ranking, .. } = choose(&batch, &states, &BetaMemo::default()).remove(0) {
            let numbers = |one: &Ranked<'_>| [one.quality, one.uncertainty, one.score, one.propensity];
            prop_assert!(ranking.iter().flat_map(numbers).all(f64::is_finite), "{text}");
            prop_assert!((ranking.iter().map(|one| one.propensity).sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
