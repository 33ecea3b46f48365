//! The core's parts, for whoever changes one: `cargo bench`. What the selector is worth beside others is measured by
//! `npm run bench:selector`.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot make its input has nothing to say"
)]

use atp_selector::arm::{ArmState, PolicyState};
use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::Freshness;
use atp_selector::discrete::{Atoms, BetaMemo, NORMAL_ATOMS, beta_atoms, win_probabilities};
use atp_selector::random::Sfc32;
use atp_selector::ridge::Ridge;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};
use std::hint::black_box;
use std::sync::Arc;

const DIMENSION: usize = 32;

fn features(dimension: usize, rng: &mut Sfc32) -> Vec<f64> {
    (0..dimension)
        .map(|at| if at == 0 { 1.0 } else { rng.next_signed() })
        .collect()
}

fn arm(dimension: usize, rng: &mut Sfc32) -> ArmState {
    let mut arm = ArmState::default();
    for _ in 0..512 {
        let (features, score) = (features(dimension, rng), rng.next_unit());
        arm.observe_with(&features, score, 0.99);
        arm.remember(&features, score, 512);
    }
    arm
}

fn states(candidates: usize, rng: &mut Sfc32) -> States {
    let arms = (0..candidates)
        .map(|i| (format!("m{i}"), arm(DIMENSION, rng)))
        .collect();
    States::from([(
        "p".to_owned(),
        (Arc::new(PolicyState { version: 1, arms }), Freshness::Cached),
    )])
}

fn event(strategy: &str, candidates: usize, rng: &mut Sfc32) -> String {
    let candidate =
        |i| json!({ "id": format!("m{i}"), "prior_quality": 0.7, "cost_usd": 0.001, "latency_ms": i });
    let candidates: Vec<Value> = (0..candidates).map(candidate).collect();
    json!({ "contract": 1, "requests": [{
        "id": "r", "policy": "p", "strategy": strategy, "seed": 7, "candidates": candidates,
        "features": features(DIMENSION, rng),
        "weights": { "quality": 1, "cost": 0.3, "latency": 0.1, "cost_scale_usd": 0.01, "latency_scale_ms": 1000 },
    }] })
    .to_string()
}

fn decisions(criterion: &mut Criterion) {
    let mut rng = Sfc32::new(1);
    for strategy in ["thompson", "lin-thompson", "linucb", "ucb1", "knn"] {
        let mut group = criterion.benchmark_group(strategy);
        for candidates in [3, 20, 200] {
            let (states, betas) = (states(candidates, &mut rng), BetaMemo::default());
            let event = event(strategy, candidates, &mut rng);
            let batch = parse(&event).unwrap();
            group.bench_function(BenchmarkId::from_parameter(candidates), |bencher| {
                bencher.iter(|| choose(black_box(&batch), &states, &betas));
            });
        }
    }
}

fn parts(criterion: &mut Criterion) {
    let mut rng = Sfc32::new(2);
    criterion.bench_function("atoms of a Beta", |bencher| {
        bencher.iter(|| beta_atoms(black_box(7.2), black_box(3.1)));
    });
    for arms in [3, 20, 200] {
        let field: Vec<Atoms> = (0..arms)
            .map(|_| {
                let mean = rng.next_unit();
                NORMAL_ATOMS.map(|z| mean + 0.3 * z)
            })
            .collect();
        criterion.bench_function(&format!("probabilities of {arms} arms"), |bencher| {
            bencher.iter(|| win_probabilities(black_box(&field)));
        });
    }
    for dimension in [8, 32, 64] {
        let linear = arm(dimension, &mut rng).linear.unwrap();
        criterion.bench_function(&format!("a ridge of {dimension} features"), |bencher| {
            bencher.iter(|| Ridge::new(black_box(&linear), 2.5).unwrap());
        });
    }
    let text = event("thompson", 20, &mut rng);
    criterion.bench_function("parsing a request of 20", |bencher| {
        bencher.iter(|| parse(black_box(&text)))
    });
}

criterion_group!(core, decisions, parts);
criterion_main!(core);
