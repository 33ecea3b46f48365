//! What golden files cannot hold: events that are no JSON, too large ones, and that any text is answered.

use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::BatchError;
use atp_selector::discrete::BetaMemo;
use proptest::prelude::*;
use serde_json::{Value, json};

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

proptest! {
    #[test]
    fn any_text_is_an_answer_or_an_error(text in ".{0,200}") {
        drop(parse(&text));
    }
}
