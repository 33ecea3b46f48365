//! Microseconds a decision takes, parsing and serialising included: `cargo run --release --example timing`.

use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::Reply;
use std::time::Instant;

fn event(requests: usize, candidates: usize, strategy: &str) -> String {
    let candidates: Vec<String> = (0..candidates)
        .map(|i| {
            let quality = 0.5 + 0.4 * i as f64 / candidates as f64;
            format!(
                r#"{{"id":"model-{i}","prior_quality":{quality},"cost_usd":0.00{},"latency_ms":{}}}"#,
                1 + i,
                400 + 100 * i
            )
        })
        .collect();
    let request = |id: usize| {
        format!(
            r#"{{"id":"r{id}","policy":"default","strategy":"{strategy}","seed":{id},"candidates":[{}],"weights":
            {{"quality":1,"cost":0.3,"latency":0.1,"cost_scale_usd":0.01,"latency_scale_ms":1000}}}}"#,
            candidates.join(",")
        )
    };
    let requests: Vec<String> = (0..requests).map(request).collect();
    format!(r#"{{"contract":1,"requests":[{}]}}"#, requests.join(","))
}

fn main() {
    let states = States::new();
    for (strategy, requests, candidates) in [
        ("thompson", 1, 3),
        ("thompson", 1, 20),
        ("thompson", 32, 4),
        ("ucb1", 1, 3),
        ("ucb1", 32, 4),
    ] {
        let event = event(requests, candidates, strategy);
        let rounds = 2000 / requests;
        let started = Instant::now();
        let mut bytes = 0;
        for _ in 0..rounds {
            let Ok(batch) = parse(&event) else { continue };
            let reply = Reply::Results {
                contract: 1,
                compute_us: 0,
                results: choose(batch, &states),
            };
            bytes += serde_json::to_vec(&reply).map_or(0, |json| json.len());
        }
        let each = started.elapsed().as_secs_f64() * 1e6 / rounds as f64;
        println!(
            "{strategy} {requests} x {candidates}: {each:.1} us, {} bytes",
            bytes / rounds
        );
    }
}
