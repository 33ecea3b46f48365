//! Reads an event of the form that callers write faster than serde does, which cannot know which key comes next. What is of another form (escapes, unknown or repeated keys, null in
//! place of a text, bad JSON) is none of its business: it says nothing, and serde reads it or says what is wrong.

use super::MAX_REQUESTS;
use super::plain_json::Reader;
use super::request::{Batch, Candidate, Number, Params, Request, Weights, always};
use std::borrow::Cow;

/// The event, where it is plain.
pub fn read(text: &str) -> Option<Batch<'_>> {
    let mut reader = Reader::new(text);
    let batch = reader.batch(&mut Last::default())?;
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
const REQUEST: [&str; 9] = [
    "\"id\":",
    "\"policy\":",
    "\"strategy\":",
    "\"params\":",
    "\"seed\":",
    "\"weights\":",
    "\"candidates\":",
    "\"features\":",
    "\"task\":",
];
const PARAMS: [&str; 13] = [
    "\"prior_strength\":",
    "\"gamma\":",
    "\"exploration\":",
    "\"noise\":",
    "\"lambda\":",
    "\"epsilon\":",
    "\"floor\":",
    "\"neighbours\":",
    "\"memory\":",
    "\"task_strength\":",
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

/// Bytes that a small request takes.
const USUAL_REQUEST: usize = 512;

/// What the request before had: the next one mostly has as many candidates and features, and the very same weights
/// and parameters.
struct Last<'a> {
    params: Option<(&'a str, Params<'a>)>,
    weights: Option<(&'a str, Weights)>,
    candidates: usize,
    features: usize,
}

impl Default for Last<'_> {
    fn default() -> Self {
        Self {
            params: None,
            weights: None,
            candidates: 16,
            features: 64,
        }
    }
}

impl<'a> Reader<'a> {
    fn batch(&mut self, last: &mut Last<'a>) -> Option<Batch<'a>> {
        let (mut contract, mut requests) = (None, None);
        let mut expected = (self.length() / USUAL_REQUEST).min(MAX_REQUESTS);
        self.object(&BATCH, |reader, key| match key {
            0 => set(&mut contract, reader.count()),
            _ => set(
                &mut requests,
                reader.array(&mut expected, |reader| reader.request(last)),
            ),
        })?;
        Some(Batch {
            contract: contract?,
            requests: requests?,
        })
    }

    fn request(&mut self, last: &mut Last<'a>) -> Option<Request<'a>> {
        let (mut id, mut policy, mut strategy, mut params) = (None, None, None, None);
        let (mut seed, mut weights, mut candidates, mut features) = (None, None, None, None);
        let mut task = None;
        self.object(&REQUEST, |reader, key| match key {
            0 => set(&mut id, reader.string()),
            1 => set(&mut policy, reader.string()),
            2 => set(&mut strategy, reader.string()),
            3 => set(&mut params, reader.again(&mut last.params, Self::params)),
            4 => set(&mut seed, reader.number()),
            5 => set(&mut weights, reader.again(&mut last.weights, Self::weights)),
            6 => set(
                &mut candidates,
                reader.array(&mut last.candidates, Self::candidate),
            ),
            7 => set(&mut features, reader.array(&mut last.features, Self::long_number)),
            _ => set(&mut task, reader.number()),
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
            task,
        })
    }

    fn params(&mut self) -> Option<Params<'a>> {
        let mut numbers: [Option<Number>; 10] = [None; 10];
        let (mut likelihood, mut variant, mut model) = (None, None, None);
        self.object(&PARAMS, |reader, key| match key {
            10 => set(&mut likelihood, reader.string()),
            11 => set(&mut variant, reader.string()),
            12 => set(&mut model, reader.string()),
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
            task_strength: or(9, defaults.task_strength),
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

    #[inline]
    fn candidate(&mut self) -> Option<Candidate<'a>> {
        self.either(Self::usual_candidate, Self::any_candidate)
    }

    /// Without blanks, its keys in the usual order.
    #[inline]
    fn usual_candidate(&mut self) -> Option<Candidate<'a>> {
        self.literal(b"{\"id\":")?;
        let id = Cow::Borrowed(self.string()?);
        self.literal(b",\"prior_quality\":")?;
        let prior_quality = self.number()?;
        self.literal(b",\"cost_usd\":")?;
        let cost_usd = self.number()?;
        self.literal(b",\"latency_ms\":")?;
        let latency_ms = self.number()?;
        let availability = match self.literal(b",\"availability\":") {
            Some(()) => self.number()?,
            None => always(),
        };
        self.literal(b"}")?;
        Some(Candidate {
            id,
            prior_quality,
            cost_usd,
            latency_ms,
            availability,
        })
    }

    #[cold]
    fn any_candidate(&mut self) -> Option<Candidate<'a>> {
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
