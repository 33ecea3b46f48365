//! Thompson sampling over 64 atoms: its propensities are what it does, and close to what it would do if it drew from
//! the posteriors themselves.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod sample;

use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::{Ranked, RequestResult};
use atp_selector::discrete::BetaMemo;
use atp_selector::random::Sfc32;
use sample::{Beta, Sampler};
use serde_json::{Value, json};

const DRAWS: usize = 200_000;
/// Most that atoms change a probability by, and 4 standard errors of the draws.
const CLOSE: f64 = 0.012 + 4.0 * 0.0012;

struct Situation {
    params: Value,
    /// Prior quality, and latency, which costs a quality of 0.001 a millisecond.
    candidates: Vec<(f64, f64)>,
}

fn situations(params: &Value) -> Vec<Situation> {
    let of = |candidates: &[(f64, f64)]| Situation {
        params: params.clone(),
        candidates: candidates.to_vec(),
    };
    vec![
        of(&[(0.6, 0.0), (0.6, 0.0)]),
        of(&[(0.9, 200.0), (0.6, 0.0), (0.3, 0.0)]),
        of(&[(0.99, 0.0), (0.01, 0.0), (0.5, 10.0), (0.7, 90.0), (0.8, 3.0)]),
        of(&[(0.5, 0.0); 20]),
        of(&(0..20)
            .map(|i| (0.4 + 0.02 * f64::from(i), 5.0 * f64::from(i)))
            .collect::<Vec<_>>()),
    ]
}

/// One ranking a seed, each sorted by id.
fn rankings(
    strategy: &str,
    situation: &Situation,
    seeds: std::ops::Range<u64>,
) -> Vec<(usize, Vec<Ranked<'static>>)> {
    let candidate = |(i, (quality, latency)): (usize, &(f64, f64))| json!({ "id": format!("m{i:02}"), "prior_quality": quality, "cost_usd": 0, "latency_ms": latency });
    let candidates: Vec<Value> = situation.candidates.iter().enumerate().map(candidate).collect();
    let request = |seed: u64| {
        json!({
            "id": "r", "policy": "p", "strategy": strategy, "seed": seed, "params": situation.params,
            "candidates": candidates, "features": [1, 0.5],
            "weights": { "quality": 1, "cost": 0, "latency": 1, "cost_scale_usd": 1, "latency_scale_ms": 1000 },
        })
    };
    let requests: Vec<Value> = seeds.map(request).collect();
    let event = json!({ "contract": 1, "requests": requests }).to_string();
    let batch = parse(&event).unwrap();
    let sorted = |result: RequestResult<'_>| match result {
        RequestResult::Chosen { mut ranking, .. } => {
            let chosen = ranking[0].id[1..].parse().unwrap();
            ranking.sort_by(|one, other| one.id.cmp(&other.id));
            (chosen, ranking.into_iter().map(Ranked::into_owned).collect())
        }
        RequestResult::Refused { error, .. } => panic!("{error}"),
    };
    choose(&batch, &States::new(), &BetaMemo::default())
        .into_iter()
        .map(sorted)
        .collect()
}

/// Shares in which each arm comes first, of draws from the posteriors themselves.
fn continuous(situation: &Situation, mut draw: impl FnMut(usize) -> f64) -> Vec<f64> {
    let mut wins = vec![0.0; situation.candidates.len()];
    for _ in 0..DRAWS {
        let mut first = (0, f64::NEG_INFINITY);
        for (index, (_, latency)) in situation.candidates.iter().enumerate() {
            let utility = draw(index) - latency / 1000.0;
            if utility > first.1 {
                first = (index, utility);
            }
        }
        wins[first.0] += 1.0 / DRAWS as f64;
    }
    wins
}

fn assert_close(strategy: &str, situation: &Situation, expected: &[f64]) {
    let (_, ranking) = rankings(strategy, situation, 0..1).remove(0);
    for (one, expected) in ranking.iter().zip(expected) {
        assert!(
            (one.propensity - expected).abs() < CLOSE,
            "{strategy} {:?} {}: {} for {expected}",
            situation.candidates,
            one.id,
            one.propensity
        );
    }
}

#[test]
fn beta_propensities_are_close_to_those_of_the_continuous_posterior() {
    for situation in situations(&json!({ "prior_strength": 3 })) {
        let betas: Vec<Beta> = situation
            .candidates
            .iter()
            .map(|(prior, _)| Beta::new(3.0 * prior, 3.0 * (1.0 - prior)))
            .collect();
        let mut rng = Sfc32::new(1);
        let mut sampler = Sampler::new(&mut rng);
        let expected = continuous(&situation, |index| sampler.beta(&betas[index]));
        assert_close("thompson", &situation, &expected);
    }
}

#[test]
fn normal_propensities_are_close_to_those_of_the_continuous_posterior() {
    let cases = [
        (
            "thompson",
            json!({ "likelihood": "gaussian", "noise": 0.3, "prior_strength": 2 }),
            0.3 / libm::sqrt(2.0),
        ),
        (
            "lin-thompson",
            json!({ "noise": 0.2, "lambda": 2, "exploration": 1.5 }),
            1.5 * 0.2 * libm::sqrt(1.25 / 2.0),
        ),
    ];
    for (strategy, params, deviation) in cases {
        for situation in situations(&params) {
            let mut rng = Sfc32::new(2);
            let mut sampler = Sampler::new(&mut rng);
            let expected = continuous(&situation, |index| {
                situation.candidates[index].0 + deviation * sampler.normal()
            });
            assert_close(strategy, &situation, &expected);
        }
    }
}

/// Nothing is estimated: the seeds' own error is all that there is.
#[test]
fn propensities_are_the_shares_in_which_seeds_choose() {
    const BLOCKS: u64 = 8;
    let seeds = 1_000.0 * BLOCKS as f64;
    for floor in [0.001, 0.3] {
        for situation in &situations(&json!({ "floor": floor }))[..3] {
            let mut chosen = vec![0.0; situation.candidates.len()];
            let mut logged = Vec::new();
            for block in 0..BLOCKS {
                for (first, ranking) in rankings("thompson", situation, block * 1_000..(block + 1) * 1_000) {
                    chosen[first] += 1.0 / seeds;
                    logged = ranking;
                }
            }
            for (one, share) in logged.iter().zip(&chosen) {
                let error = libm::sqrt(one.propensity * (1.0 - one.propensity) / seeds);
                assert!(
                    (one.propensity - share).abs() < 4.0 * error + 1e-9,
                    "{}: {} but {share}",
                    one.id,
                    one.propensity
                );
            }
        }
    }
}
