//! What is refused, and how.

use crate::Case;
use crate::cases::{also, candidate, case, learnt, request, three, with};
use atp_selector::arm::ArmState;
use serde_json::{Value, json};

pub fn errors() -> Vec<Case> {
    let good = || request("thompson", 5, &three());
    let bad = |pointer: &str, value: Value| with(good(), &[(pointer, value)]);
    let of = |strategy: &str, params: Value| also(request(strategy, 5, &three()), &params);
    let featured = |features: Value| {
        let mut request = good();
        request["features"] = features;
        request
    };
    let named = |task: Value| {
        let mut request = good();
        request["task"] = task;
        request
    };
    let mut twice = three();
    twice.push(candidate("claude", 0.1, 0.0, 0.0));
    let requests = vec![
        ("empty candidates", bad("/candidates", json!([]))),
        ("prior is null", bad("/candidates/1/prior_quality", Value::Null)),
        ("weight is null", bad("/weights/latency", Value::Null)),
        ("parameter is null", bad("/params/gamma", Value::Null)),
        ("unknown strategy", bad("/strategy", json!("oracle"))),
        ("prior above 1", bad("/candidates/2/prior_quality", json!(1.5))),
        ("negative cost", bad("/candidates/0/cost_usd", json!(-0.1))),
        ("scale of zero", bad("/weights/cost_scale_usd", json!(0.0))),
        (
            "prior strength of zero",
            bad("/params/prior_strength", json!(0.0)),
        ),
        ("gamma above 1", bad("/params/gamma", json!(1.1))),
        ("seed with a fraction", bad("/seed", json!(0.5))),
        (
            "seed beyond 2^53 - 1",
            bad("/seed", json!(9_007_199_254_740_992u64)),
        ),
        (
            "exploration below 0",
            with(
                request("ucb1", 5, &three()),
                &[("/params/exploration", json!(-1.0))],
            ),
        ),
        ("blank in an id", bad("/candidates/0/id", json!("gpt 4"))),
        ("id beyond ASCII", bad("/candidates/0/id", json!("modèle"))),
        ("empty policy", bad("/policy", json!(""))),
        (
            "unknown likelihood",
            bad("/params", json!({ "likelihood": "poisson" })),
        ),
        (
            "noise of zero",
            bad("/params", json!({ "likelihood": "gaussian", "noise": 0.0 })),
        ),
        ("unknown variant", of("ucb1", json!({ "variant": "kl" }))),
        ("epsilon above 1", of("epsilon-greedy", json!({ "epsilon": 1.5 }))),
        ("fixed without a model", of("fixed", json!({}))),
        ("fixed with a blank model", of("fixed", json!({ "model": " " }))),
        (
            "thompson with a linear likelihood",
            of("thompson", json!({ "likelihood": "linear" })),
        ),
        ("floor of zero", of("thompson", json!({ "floor": 0.0 }))),
        ("floor above 1", of("lin-thompson", json!({ "floor": 1.1 }))),
        ("lambda of zero", of("linucb", json!({ "lambda": 0.0 }))),
        ("lambda is null", of("lin-thompson", json!({ "lambda": null }))),
        ("noise above 1", of("linucb", json!({ "noise": 1.5 }))),
        (
            "neighbours with a fraction",
            of("knn", json!({ "neighbours": 1.5 })),
        ),
        ("no neighbours", of("knn", json!({ "neighbours": 0 }))),
        ("too large a memory", of("knn", json!({ "memory": 1_025 }))),
        ("memory is null", of("knn", json!({ "memory": null }))),
        ("no features for knn", of("knn", json!({}))),
        ("no features for linucb", of("linucb", json!({}))),
        ("no features for lin-thompson", of("lin-thompson", json!({}))),
        (
            "no features for a linear likelihood",
            of("greedy", json!({ "likelihood": "linear" })),
        ),
        ("no feature at all", featured(json!([]))),
        ("too many features", featured(json!(vec![1.0; 65]))),
        ("a feature is null", featured(json!([1.0, null, 0.5]))),
        ("a feature beyond 1e6", featured(json!([1.0, -1.1e6]))),
        ("a task is null", named(Value::Null)),
        ("a task with a fraction", named(json!(1.5))),
        ("a task beyond 2^53 - 1", named(json!(9_007_199_254_740_992u64))),
        (
            "task strength of zero",
            of("linucb", json!({ "task_strength": 0.0 })),
        ),
        (
            "task strength is null",
            of("greedy", json!({ "likelihood": "linear", "task_strength": null })),
        ),
        ("duplicate candidate", request("ucb1", 5, &twice)),
    ];
    let mut cases: Vec<Case> = requests
        .into_iter()
        .map(|(name, bad)| case(name, vec![bad], 0, Vec::new()))
        .collect();
    let mixed = vec![
        good(),
        bad("/candidates", json!([])),
        request("ucb1", 6, &three()),
    ];
    cases.push(case(
        "one bad request leaves its batch alone",
        mixed,
        12,
        learnt(1.0),
    ));
    cases.push(case("an empty batch", Vec::new(), 0, Vec::new()));
    cases.push(unsolvable());
    let mut later = case("another contract", vec![good()], 0, Vec::new());
    later.event["contract"] = json!(2);
    cases.push(later);
    cases
}

/// Features of very different magnitude, seen too often for so small a ridge.
fn unsolvable() -> Case {
    let features: Vec<f64> = (1..=16).map(|i| 1e6 / f64::from(i)).collect();
    let mut arm = ArmState::default();
    (0..1_000).for_each(|_| arm.observe_with(&features, 1.0, 1.0));
    let mut request = also(request("linucb", 5, &three()), &json!({ "lambda": 0.001 }));
    request["features"] = json!(features);
    case(
        "a state without a solution",
        vec![request],
        12,
        vec![("claude".to_owned(), arm)],
    )
}
