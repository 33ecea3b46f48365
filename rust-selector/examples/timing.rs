//! Microseconds a batch takes, parsing and serialising included and apart from them, with every arm's state learnt:
//! `cargo run --release --example timing [STRATEGY...]`.

use atp_selector::arm::{ArmState, PolicyState};
use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::{Freshness, Reply};
use atp_selector::discrete::BetaMemo;
use atp_selector::random::Sfc32;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MOST: Duration = Duration::from_millis(400);

fn features(dimension: usize, rng: &mut Sfc32) -> Vec<f64> {
    let one = |at| {
        if at == 0 {
            1.0
        } else {
            f64::from(rng.next_signed() as f32)
        }
    };
    (0..dimension).map(one).collect()
}

fn event(strategy: &str, requests: usize, candidates: usize, dimension: usize, rng: &mut Sfc32) -> String {
    let candidate = |i: usize| {
        let quality = 0.5 + 0.4 * i as f64 / candidates as f64;
        json!({ "id": format!("model-{i}"), "prior_quality": quality, "cost_usd": 0.001, "latency_ms": 400 + i })
    };
    let candidates: Vec<Value> = (0..candidates).map(candidate).collect();
    let request = |id: usize, rng: &mut Sfc32| {
        json!({
            "id": format!("r{id}"), "policy": "default", "strategy": strategy, "seed": id,
            "candidates": candidates, "features": features(dimension, rng), "params": { "lambda": 2.5 },
            "weights": { "quality": 1, "cost": 0.3, "latency": 0.1, "cost_scale_usd": 0.01, "latency_scale_ms": 1000 },
        })
    };
    let requests: Vec<Value> = (0..requests).map(|id| request(id, rng)).collect();
    json!({ "contract": 1, "requests": requests }).to_string()
}

fn states(candidates: usize, dimension: usize, rng: &mut Sfc32) -> States {
    let arm = |rng: &mut Sfc32| {
        let mut arm = ArmState::default();
        (0..100).for_each(|_| arm.observe_with(&features(dimension, rng), rng.next_unit(), 0.99));
        arm
    };
    let arms = (0..candidates)
        .map(|i| (format!("model-{i}"), arm(rng)))
        .collect();
    let state = PolicyState { version: 1, arms };
    States::from([("default".to_owned(), (Arc::new(state), Freshness::Cached))])
}

fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let at = ((sorted.len() - 1) as f64 * share) as usize;
    sorted[at].as_secs_f64() * 1e6
}

fn main() {
    let mut rng = Sfc32::new(1);
    println!("strategy        batch x candidates x d      p50 us      p99 us  decide p50 us  first us");
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |strategy: &&str| asked.is_empty() || asked.iter().any(|one| one == strategy);
    for strategy in ["linucb", "lin-thompson", "thompson", "ucb1"]
        .into_iter()
        .filter(is_asked)
    {
        for requests in [1, 16, 256] {
            for (candidates, dimension) in [(3, 8), (20, 32), (200, 64)] {
                let event = event(strategy, requests, candidates, dimension, &mut rng);
                let states = states(candidates, dimension, &mut rng);
                let betas = BetaMemo::default();
                let (mut whole, mut decided) = (Vec::new(), Vec::new());
                let begun = Instant::now();
                while begun.elapsed() < MOST || whole.len() < 3 {
                    let started = Instant::now();
                    let Ok(batch) = parse(&event) else { return };
                    let parsed = Instant::now();
                    let results = choose(batch, &states, &betas);
                    decided.push(parsed.elapsed());
                    let reply = Reply::Results {
                        contract: 1,
                        compute_us: 0,
                        results,
                    };
                    std::hint::black_box(serde_json::to_vec(&reply).map_or(0, |json| json.len()));
                    whole.push(started.elapsed());
                }
                let first = decided.first().map_or(0.0, |one| one.as_secs_f64() * 1e6);
                whole.sort();
                decided.sort();
                println!(
                    "{strategy:15} {requests:5} x {candidates:3} x {dimension:2} {:19.1} {:11.1} {:14.1} {first:9.0}",
                    percentile(&whole, 0.5),
                    percentile(&whole, 0.99),
                    percentile(&decided, 0.5),
                );
            }
        }
    }
}
