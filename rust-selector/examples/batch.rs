//! The selector's core as one contender of `npm run bench:selector`: a line of JSON in for each workload
//! (`{"event": path, "arms": path, "ms", "min_calls"}`), a line of figures out. Parsing and serialising are part of a
//! call; `decide_us` is what lies between them, in the median.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot read its input has nothing to say"
)]

use atp_selector::arm::{ArmState, PolicyState};
use atp_selector::choose::{States, choose, parse};
use atp_selector::contract::{Freshness, Reply, RequestResult, write};
use atp_selector::discrete::BetaMemo;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

struct Subject {
    event: String,
    states: States,
    betas: BetaMemo,
}

impl Subject {
    fn read(job: &Value) -> Self {
        let path = |name: &str| fs::read_to_string(job[name].as_str().unwrap()).unwrap();
        let packed: BTreeMap<String, String> = serde_json::from_str(&path("arms")).unwrap();
        let unpack = |state: String| ArmState::unpack(&STANDARD.decode(state).unwrap()).unwrap();
        let arms = packed
            .into_iter()
            .map(|(id, state)| (id, unpack(state)))
            .collect();
        let state = Arc::new(PolicyState { version: 1, arms });
        let event = path("event");
        let policy = parse(&event).unwrap().requests[0].policy.clone().into_owned();
        Self {
            event,
            states: States::from([(policy, (state, Freshness::Cached))]),
            betas: BetaMemo::default(),
        }
    }

    /// How long a call takes as a whole, and the decisions alone.
    fn call(&self) -> (Duration, Duration) {
        let started = Instant::now();
        let batch = parse(&self.event).unwrap();
        let parsed = Instant::now();
        let results = choose(&batch, &self.states, &self.betas);
        let decided = parsed.elapsed();
        let reply = Reply::Results {
            contract: 1,
            compute_us: 0,
            results,
        };
        std::hint::black_box(write(&reply));
        (started.elapsed(), decided)
    }

    fn repeat(&self, most: Duration, least: usize) -> Vec<(Duration, Duration)> {
        let begun = Instant::now();
        let mut taken = Vec::new();
        while begun.elapsed() < most || taken.len() < least {
            taken.push(self.call());
        }
        taken
    }

    fn chosen(&self) -> Vec<String> {
        let results = choose(&parse(&self.event).unwrap(), &self.states, &self.betas);
        let first = |result: RequestResult<'_>| match result {
            RequestResult::Chosen { mut ranking, .. } => ranking.swap_remove(0).id.into_owned(),
            RequestResult::Refused { error, .. } => error.to_string(),
        };
        results.into_iter().map(first).collect()
    }
}

fn at(sorted: &[Duration], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize].as_secs_f64()
}

fn measure(job: &Value) -> Value {
    let subject = Subject::read(job);
    let turn = Duration::from_millis(job["ms"].as_u64().unwrap());
    subject.repeat(turn / 10, 1);
    let taken = subject.repeat(turn, job["min_calls"].as_u64().unwrap() as usize);
    let (mut whole, mut decided): (Vec<Duration>, Vec<Duration>) = taken.into_iter().unzip();
    let mean = whole.iter().sum::<Duration>().as_secs_f64() / whole.len() as f64;
    whole.sort();
    decided.sort();
    json!({
        "calls": whole.len(), "mean_ms": mean * 1e3, "p50_ms": at(&whole, 0.5) * 1e3, "p99_ms": at(&whole, 0.99) * 1e3,
        "decide_us": at(&decided, 0.5) * 1e6, "chosen": subject.chosen(),
    })
}

fn main() {
    for line in std::io::stdin().lines() {
        println!("{}", measure(&serde_json::from_str(&line.unwrap()).unwrap()));
    }
}
