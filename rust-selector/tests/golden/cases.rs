//! The situations that the golden files cover.

use crate::Case;
use atp_selector::arm::ArmState;
use serde_json::{Value, json};

pub fn candidate(id: &str, quality: f64, cost: f64, latency: f64) -> Value {
    json!({ "id": id, "prior_quality": quality, "cost_usd": cost, "latency_ms": latency, "availability": 1.0 })
}

pub fn three() -> Vec<Value> {
    vec![
        candidate("gpt-4", 0.9, 0.0078, 800.0),
        candidate("claude", 0.85, 0.0051, 650.0),
        candidate("small", 0.6, 0.0002, 120.0),
    ]
}

fn many(count: usize) -> Vec<Value> {
    let one = |i: usize| {
        let share = i as f64 / count as f64;
        candidate(
            &format!("model-{:02}", count - i),
            0.4 + 0.5 * share,
            0.0005 + 0.01 * share,
            90.0 * i as f64,
        )
    };
    (0..count).map(one).collect()
}

pub fn request(strategy: &str, seed: u64, candidates: &[Value]) -> Value {
    json!({
        "id": format!("r-{seed}"), "policy": "default", "strategy": strategy, "seed": seed,
        "params": { "prior_strength": 8.0, "gamma": 1.0, "exploration": 1.0 },
        "weights": {
            "quality": 1.0, "cost": 0.3, "latency": 0.1, "cost_scale_usd": 0.01, "latency_scale_ms": 1000.0
        },
        "candidates": candidates,
    })
}

pub fn with(mut request: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        *request.pointer_mut(pointer).unwrap() = value.clone();
    }
    request
}

/// Adds parameters to a request.
pub fn also(mut request: Value, params: &Value) -> Value {
    for (name, value) in params.as_object().unwrap() {
        request["params"][name] = value.clone();
    }
    request
}

fn arm(scores: &[f64], rounds: usize, gamma: f64) -> ArmState {
    let mut arm = ArmState::default();
    (0..rounds).for_each(|_| scores.iter().for_each(|&score| arm.observe(score, gamma)));
    arm
}

pub fn learnt(gamma: f64) -> Vec<(String, ArmState)> {
    vec![
        ("claude".to_owned(), arm(&[0.9, 0.8, 1.0], 14, gamma)),
        ("gpt-4".to_owned(), arm(&[0.7, 0.95], 3, gamma)),
        ("unlisted".to_owned(), arm(&[0.1], 5, gamma)),
    ]
}

pub fn case(name: &str, requests: Vec<Value>, version: u64, arms: Vec<(String, ArmState)>) -> Case {
    Case {
        name: name.to_owned(),
        event: json!({ "contract": 1, "requests": requests }),
        version,
        arms,
    }
}

/// `params` are added to every request; `counts` are numbers of candidates.
pub fn strategy(strategy: &str, params: &Value, counts: &[u64]) -> Vec<Case> {
    let ask = |seed, candidates: &[Value]| also(request(strategy, seed, candidates), params);
    let fresh = |name: &str, request| case(name, vec![request], 0, Vec::new());
    let mut cases: Vec<Case> = counts
        .iter()
        .map(|&count| {
            fresh(
                &format!("{count} candidates by priors"),
                ask(100 + count, &many(count as usize)),
            )
        })
        .collect();
    for seed in [0, 1, u64::from(u32::MAX), 1 << 32, 123_456_789_012, (1 << 53) - 1] {
        cases.push(fresh(&format!("seed {seed}"), ask(seed, &three())));
    }
    let knowing = |name: &str, request, gamma| case(name, vec![request], 12, learnt(gamma));
    cases.push(knowing("with state", ask(7, &three()), 1.0));
    cases.push(knowing(
        "with discounted state",
        with(ask(8, &three()), &[("/params/gamma", json!(0.9))]),
        0.9,
    ));
    cases.push(knowing(
        "hardly any prior",
        with(ask(9, &three()), &[("/params/prior_strength", json!(1.0))]),
        1.0,
    ));
    cases.push(knowing(
        "nothing but prior",
        with(ask(10, &three()), &[("/params/prior_strength", json!(1e6))]),
        1.0,
    ));
    let extremes = [0.0, 1.0, 0.5, 0.01].map(|q| candidate(&format!("q-{q}"), q, 0.0, 0.0));
    cases.push(fresh(
        "priors of 0 and 1",
        with(ask(11, &extremes), &[("/params/prior_strength", json!(1.0))]),
    ));
    let twins = ["b", "a", "c"].map(|id| candidate(id, 0.7, 0.001, 100.0));
    cases.push(fresh("twins", ask(12, &twins)));
    cases.push(fresh(
        "no weight on quality ties all",
        with(ask(13, &twins), &[("/weights/quality", json!(0.0))]),
    ));
    let mut shaky = three();
    shaky[0]["availability"] = json!(0.25);
    shaky[1]["availability"] = json!(0.0);
    cases.push(fresh("availability below 1", ask(14, &shaky)));
    shaky[0]["cost_usd"] = json!(5.0);
    cases.push(fresh("availability and negative utility", ask(15, &shaky)));
    cases.push(fresh(
        "candidates in another order",
        ask(1, &three().into_iter().rev().collect::<Vec<_>>()),
    ));
    let explore = |most: f64| [("/params/exploration", json!(most))];
    cases.push(fresh("no exploration", with(ask(16, &three()), &explore(0.0))));
    cases.push(knowing(
        "much exploration",
        with(ask(17, &three()), &explore(5.0)),
        1.0,
    ));
    cases.push(fresh(
        "half of the choices at random",
        also(ask(18, &three()), &json!({ "floor": 0.5 })),
    ));
    let batch = (0..8).map(|seed| ask(900 + seed, &many(4))).collect();
    cases.push(case(
        "a batch of eight",
        batch,
        3,
        vec![("model-02".to_owned(), arm(&[0.2], 40, 0.97))],
    ));
    cases
}
