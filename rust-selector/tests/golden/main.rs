//! The golden files in test/contract/selector are what this code answers, and the TypeScript twin answers the
//! same. `ATP_WRITE_GOLDEN=1 cargo test --test golden` writes them anew.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod cases;
mod errors;
mod linear;
mod nearest;
mod tasks;

use atp_selector::arm::{ArmState, PolicyState};
use atp_selector::choose::{States, choose, parse, refuse};
use atp_selector::contract::{Freshness, Reply};
use atp_selector::discrete::BetaMemo;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub struct Case {
    pub name: String,
    pub event: Value,
    pub version: u64,
    pub arms: Vec<(String, ArmState)>,
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test/contract/selector")
        .join(file)
}

fn answer(case: &Case) -> Value {
    let known = PolicyState {
        version: case.version,
        arms: case.arms.iter().cloned().collect(),
    };
    let mut states = States::new();
    if case.version > 0 {
        states.insert("default".to_owned(), (Arc::new(known), Freshness::Fresh));
    }
    let event = case.event.to_string();
    let reply = match parse(&event) {
        Ok(batch) => Reply::Results {
            contract: 1,
            compute_us: 0,
            results: choose(&batch, &states, &BetaMemo::default()),
        },
        Err(error) => refuse(error),
    };
    serde_json::to_value(&reply).unwrap()
}

fn render(cases: &[Case]) -> String {
    let whole: Vec<String> = cases
        .iter()
        .map(|case| {
            let packed = |(id, arm): &(String, ArmState)| (id.clone(), json!(STANDARD.encode(arm.pack())));
            let arms: serde_json::Map<String, Value> = case.arms.iter().map(packed).collect();
            let state = (case.version > 0).then(|| json!({ "version": case.version, "arms": arms }));
            json!({ "name": case.name, "state": state, "event": case.event, "reply": answer(case) })
                .to_string()
        })
        .collect();
    format!("[\n{}\n]\n", whole.join(",\n"))
}

fn check(file: &str, cases: &[Case]) {
    compare(file, &render(cases));
}

fn compare(file: &str, rendered: &str) {
    let path = path(file);
    if std::env::var_os("ATP_WRITE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, rendered).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    for (one, other) in committed.lines().zip(rendered.lines()) {
        assert_eq!(one, other, "{file} is not what the code answers");
    }
    assert_eq!(
        committed.len(),
        rendered.len(),
        "{file} has other cases than the code"
    );
}

const MANY: &[u64] = &[1, 2, 3, 4, 5, 7, 10, 13, 16, 20];
const FEW: &[u64] = &[1, 3, 20];

#[test]
fn thompson() {
    check("thompson.json", &cases::strategy("thompson", &json!({}), MANY));
}

#[test]
fn thompson_gaussian() {
    let params = json!({ "likelihood": "gaussian", "noise": 0.3 });
    check(
        "thompson-gaussian.json",
        &cases::strategy("thompson", &params, FEW),
    );
}

#[test]
fn ucb1() {
    check("ucb1.json", &cases::strategy("ucb1", &json!({}), MANY));
}

#[test]
fn ucb_tuned() {
    check(
        "ucb-tuned.json",
        &cases::strategy("ucb1", &json!({ "variant": "tuned" }), FEW),
    );
}

#[test]
fn greedy() {
    check("greedy.json", &cases::strategy("greedy", &json!({}), FEW));
}

#[test]
fn epsilon_greedy() {
    let params = json!({ "likelihood": "gaussian", "epsilon": 0.5 });
    check(
        "epsilon-greedy.json",
        &cases::strategy("epsilon-greedy", &params, FEW),
    );
}

/// "claude" is a candidate in some cases only.
#[test]
fn fixed() {
    check(
        "fixed.json",
        &cases::strategy("fixed", &json!({ "model": "claude" }), FEW),
    );
}

#[test]
fn linucb() {
    check(
        "linucb.json",
        &linear::strategy("linucb", &json!({}), &[1, 2, 3, 5, 8, 13, 16, 32, 64]),
    );
}

#[test]
fn lin_thompson() {
    check(
        "lin-thompson.json",
        &linear::strategy("lin-thompson", &json!({}), &[1, 3, 8, 32]),
    );
}

#[test]
fn greedy_linear() {
    let params = json!({ "likelihood": "linear" });
    check(
        "greedy-linear.json",
        &linear::strategy("greedy", &params, &[2, 16]),
    );
}

#[test]
fn knn() {
    check("knn.json", &nearest::strategy(&[1, 2, 3, 8, 16, 32]));
}

#[test]
fn by_task() {
    check("by-task.json", &tasks::strategies());
}

/// Scores and what is learnt from them, for whoever learns whole logs.
#[test]
fn learning() {
    compare("learning/newest-scores.json", &nearest::lessons());
    compare("learning/task-counts.json", &tasks::lessons());
}

#[test]
fn errors() {
    check("errors.json", &errors::errors());
}
