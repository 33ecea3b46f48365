//! Reads an event of the form that callers write faster than serde does, which cannot know which key comes next. What is of another form (escapes, unknown or repeated keys, null in
//! place of a text, bad JSON) is none of its business: it says nothing, and serde reads it or says what is wrong.

use super::plain_json::Reader;
use super::request::{Batch, Candidate, Number, Params, Request, Weights, always};
use std::borrow::Cow;

/// The event, where it is plain.
pub fn read(text: &str) -> Option<Batch<'_>> {
    let mut reader = Reader::new(text);
    let batch = reader.batch()?;
    reader.is_done().then_some(batch)
}

/// Once only: a second value of a key is serde's to refuse.
#[inline]
fn set<T>(slot: &mut Option<T>, value: Option<T>) -> Option<()> {
    slot.replace(value?).is_none().then_some(())
}

/// Keys as they stand in front of a value, in the order in which callers write them: the next one is mostly guessed
/// right, and then needs no looking for its end.
const BATCH: [&str; 2] = ["\"contract\":", "\"requests\":"];
const REQUEST: [&str; 8] = [
    "\"id\":",
    "\"policy\":",
    "\"strategy\":",
    "\"params\":",
    "\"seed\":",
    "\"weights\":",
    "\"candidates\":",
    "\"features\":",
];
const PARAMS: [&str; 12] = [
    "\"prior_strength\":",
    "\"gamma\":",
    "\"exploration\":",
    "\"noise\":",
    "\"lambda\":",
    "\"epsilon\":",
    "\"floor\":",
    "\"neighbours\":",
    "\"memory\":",
    "\"likelihood\":",
    "\"variant\":",
    "\"model\":",
];
const WEIGHTS: [&str; 5] = [
    "\"quality\":",
    "\"cost\":",
    "\"latency\":",
    "\"cost_scale_usd\":",
    "\"latency_scale_ms\":",
];
const CANDIDATE: [&str; 5] = [
    "\"id\":",
    "\"prior_quality\":",
    "\"cost_usd\":",
    "\"latency_ms\":",
    "\"availability\":",
];
/// What room is made for at first.
const USUAL_CANDIDATES: usize = 16;
const USUAL_FEATURES: usize = 64;

impl<'a> Reader<'a> {
    fn batch(&mut self) -> Option<Batch<'a>> {
        let (mut contract, mut requests) = (None, None);
        self.object(&BATCH, |reader, key| match key {
            0 => set(&mut contract, reader.count()),
            _ => set(&mut requests, reader.array(0, Self::request)),
        })?;
        Some(Batch {
            contract: contract?,
            requests: requests?,
        })
    }

    fn request(&mut self) -> Option<Request<'a>> {
        let (mut id, mut policy, mut strategy, mut params) = (None, None, None, None);
        let (mut seed, mut weights, mut candidates, mut features) = (None, None, None, None);
        self.object(&REQUEST, |reader, key| match key {
            0 => set(&mut id, reader.string()),
            1 => set(&mut policy, reader.string()),
            2 => set(&mut strategy, reader.string()),
            3 => set(&mut params, reader.params()),
            4 => set(&mut seed, reader.number()),
            5 => set(&mut weights, reader.weights()),
            6 => set(&mut candidates, reader.array(USUAL_CANDIDATES, Self::candidate)),
            _ => set(&mut features, reader.array(USUAL_FEATURES, Self::long_number)),
        })?;
        Some(Request {
            id: Cow::Borrowed(id?),
            policy: Cow::Borrowed(policy?),
            strategy: Cow::Borrowed(strategy?),
            params: params.unwrap_or_default(),
            seed: seed?,
            weights: weights?,
            candidates: candidates?,
            features,
        })
    }

    fn params(&mut self) -> Option<Params<'a>> {
        let mut numbers: [Option<Number>; 9] = [None; 9];
        let (mut likelihood, mut variant, mut model) = (None, None, None);
        self.object(&PARAMS, |reader, key| match key {
            9 => set(&mut likelihood, reader.string()),
            10 => set(&mut variant, reader.string()),
            11 => set(&mut model, reader.string()),
            _ => set(numbers.get_mut(key)?, reader.number()),
        })?;
        let or = |at: usize, default: Number| numbers[at].unwrap_or(default);
        let defaults = Params::default();
        Some(Params {
            prior_strength: or(0, defaults.prior_strength),
            gamma: or(1, defaults.gamma),
            exploration: or(2, defaults.exploration),
            noise: or(3, defaults.noise),
            lambda: or(4, defaults.lambda),
            epsilon: or(5, defaults.epsilon),
            floor: or(6, defaults.floor),
            neighbours: or(7, defaults.neighbours),
            memory: or(8, defaults.memory),
            likelihood: likelihood.map_or(defaults.likelihood, Cow::Borrowed),
            variant: variant.map_or(defaults.variant, Cow::Borrowed),
            model: model.map(Cow::Borrowed),
        })
    }

    fn weights(&mut self) -> Option<Weights> {
        let mut numbers: [Option<Number>; 5] = [None; 5];
        self.object(&WEIGHTS, |reader, key| {
            set(numbers.get_mut(key)?, reader.number())
        })?;
        let [quality, cost, latency, cost_scale_usd, latency_scale_ms] = numbers;
        Some(Weights {
            quality: quality?,
            cost: cost?,
            latency: latency?,
            cost_scale_usd: cost_scale_usd?,
            latency_scale_ms: latency_scale_ms?,
        })
    }

    fn candidate(&mut self) -> Option<Candidate<'a>> {
        let mut id = None;
        let mut numbers: [Option<Number>; 5] = [None; 5];
        self.object(&CANDIDATE, |reader, key| match key {
            0 => set(&mut id, reader.string()),
            _ => set(numbers.get_mut(key)?, reader.number()),
        })?;
        let [_, prior_quality, cost_usd, latency_ms, availability] = numbers;
        Some(Candidate {
            id: Cow::Borrowed(id?),
            prior_quality: prior_quality?,
            cost_usd: cost_usd?,
            latency_ms: latency_ms?,
            availability: availability.unwrap_or_else(always),
        })
    }
}
