//! Plain events are read without serde, and nobody can tell.

use atp_selector::contract::{Batch, read};
use proptest::prelude::*;
use serde_json::{Value, json};

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..20_000_u64).prop_map(|one| json!(one)),
        (0.0..1.0_f64).prop_map(|one| json!(one)),
        (-1.0..1.0_f32).prop_map(|one| json!(f64::from(one))),
        any::<f64>().prop_map(|one| json!(one)),
        (-400..400_i32, any::<i64>()).prop_map(|(scale, one)| json!(one as f64 * f64::from(scale))),
    ]
}

fn candidate() -> impl Strategy<Value = Value> {
    (
        "[ -~]{0,20}",
        number(),
        number(),
        number(),
        proptest::option::of(number()),
    )
        .prop_map(|(id, quality, cost, latency, availability)| {
            let mut one =
                json!({ "id": id, "prior_quality": quality, "cost_usd": cost, "latency_ms": latency });
            if let Some(availability) = availability {
                one["availability"] = availability;
            }
            one
        })
}

fn event() -> impl Strategy<Value = Value> {
    let request = (
        "\\PC{0,12}",
        proptest::collection::vec(candidate(), 0..5),
        proptest::option::of(proptest::collection::vec(number(), 0..9)),
        proptest::option::of((number(), "[a-z]{0,6}")),
        number(),
        proptest::option::of(number()),
    );
    let request = request.prop_map(|(id, candidates, features, params, seed, task)| {
        let mut one = json!({
            "id": id, "policy": "p", "strategy": "linucb", "seed": seed, "candidates": candidates,
            "weights": { "quality": 1, "cost": seed, "latency": 0.1, "cost_scale_usd": 0.01, "latency_scale_ms": 1e3 },
        });
        if let Some(features) = features {
            one["features"] = json!(features);
        }
        if let Some(task) = task {
            one["task"] = task;
        }
        if let Some((lambda, model)) = params {
            one["params"] = json!({ "lambda": lambda, "model": model, "memory": 3, "task_strength": lambda, "likelihood": "linear" });
        }
        one
    });
    let twice = (request, any::<bool>())
        .prop_map(|(one, twice)| if twice { vec![one.clone(), one] } else { vec![one] });
    proptest::collection::vec(twice, 0..4)
        .prop_map(|requests| json!({ "contract": 1, "requests": requests.concat() }))
}

/// Keys as callers order them; serde_json goes by the alphabet.
const ORDER: [&str; 25] = [
    "contract",
    "requests",
    "id",
    "policy",
    "strategy",
    "params",
    "seed",
    "weights",
    "candidates",
    "features",
    "task",
    "prior_quality",
    "cost_usd",
    "latency_ms",
    "availability",
    "lambda",
    "likelihood",
    "memory",
    "task_strength",
    "model",
    "quality",
    "cost",
    "latency",
    "cost_scale_usd",
    "latency_scale_ms",
];

fn as_callers_write(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(",");
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| ORDER.iter().position(|one| one == key));
            let field = |(key, value): (&String, &Value)| format!("\"{key}\":{}", as_callers_write(value));
            format!("{{{}}}", joined(fields.into_iter().map(field).collect()))
        }
        Value::Array(items) => format!("[{}]", joined(items.iter().map(as_callers_write).collect())),
        other => other.to_string(),
    }
}

/// NaN is what null becomes, and equal to nothing.
fn shown(batch: &Batch<'_>) -> String {
    format!("{batch:?}")
}

fn by_serde(text: &str) -> Option<String> {
    serde_json::from_str(text).ok().map(|batch| shown(&batch))
}

#[test]
fn the_form_that_callers_write_needs_no_serde() {
    let text = r#"{"contract":1,"requests":[{"id":"r","policy":"p","strategy":"linucb","params":{"lambda":2.5},"seed":9007199254740991,
        "weights":{"quality":1,"cost":0.3,"latency":0.1,"cost_scale_usd":0.01,"latency_scale_ms":1000},
        "candidates":[{"id":"model-0","prior_quality":0.55,"cost_usd":1e-7,"latency_ms":null,"availability":1}],
        "features":[1,-0.12345678955316544,0.000001]}]}"#;
    assert_eq!(read(text).map(|batch| shown(&batch)), by_serde(text));
}

#[test]
fn what_is_not_plain_is_left_to_serde() {
    let plain = r#"{"contract":1,"requests":[]}"#;
    assert!(read(plain).is_some());
    let others = [
        r#"{"contract":1,"contract":1,"requests":[]}"#,
        r#"{"contract":1,"requests":[],"more":1}"#,
        r#"{"contract":1,"requests":[],}"#,
        r#"{"contract":1,"requests":[]}x"#,
        r#"{"contract":1,"requests":[]"#,
        r#"{"contract":1.0,"requests":[]}"#,
        r#"{"contract":01,"requests":[]}"#,
        r#"{"contract":1,"requests":[{}]}"#,
        "",
    ];
    for other in others {
        assert!(read(other).is_none(), "{other}");
    }
}

#[test]
fn numbers_are_those_of_json() {
    let with = |number: &str| {
        format!(
            r#"{{"contract":1,"requests":[{{"id":"r","policy":"p","strategy":"s","seed":{number},"weights":{{"quality":1,"cost":1,"latency":1,"cost_scale_usd":1,"latency_scale_ms":1}},"candidates":[],"features":[{number}],"task":{number}}}]}}"#
        )
    };
    let numbers = [
        "0",
        "-0",
        "00",
        "01",
        "-01",
        "1.",
        ".5",
        "-.5",
        "+1",
        "1e5",
        "1E-5",
        "1e",
        "1e+",
        "1.5e300",
        "1e999",
        "-1e999",
        "1e-999",
        "inf",
        "nan",
        "NaN",
        "Infinity",
        "-",
        "1_0",
        "0x1",
        "0.1.2",
        "123456789012345678901234567890",
        "9007199254740993",
        "0.30000000000000004",
        "4.35",
        "2.2250738585072011e-308",
        "1234567890.12345",
        "0.000000000000001",
        "null",
        "nul",
        "\"1\"",
        "true",
    ];
    for number in numbers {
        let text = with(number);
        let expected = by_serde(&text);
        let fast = read(&text).map(|batch| shown(&batch));
        assert!(
            fast.is_none() || fast == expected,
            "{number}: {fast:?} is not {expected:?}"
        );
    }
}

proptest! {
    #[test]
    fn what_is_read_is_what_serde_reads(
        event in event(), usual in any::<bool>(), at in any::<prop::sample::Index>(), byte in " -~",
    ) {
        let text = if usual { as_callers_write(&event) } else { event.to_string() };
        if let Some(batch) = read(&text) {
            prop_assert_eq!(Some(shown(&batch)), by_serde(&text));
        }
        let place = at.index(text.len());
        if text.is_char_boundary(place) {
            let mut broken = text.clone();
            broken.insert_str(place, &byte);
            if let Some(batch) = read(&broken) {
                prop_assert_eq!(Some(shown(&batch)), by_serde(&broken));
            }
        }
    }
}
