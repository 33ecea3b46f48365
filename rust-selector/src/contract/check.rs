//! Judges the values of an event, once, at the edge: behind it every number is finite and in range. The order
//! of the checks is part of the contract, since only the first finding is reported.

use super::error::{BatchError, RequestError};
use super::request::{Batch, Candidate, Number, Request, Weights};
use super::{MAX_CANDIDATES, MAX_ID, MAX_REQUESTS, VERSION};
use crate::linear_state::{MAX_DIMENSION, MAX_FEATURE};
use crate::random::MAX_SEED;
use crate::task_counts::MAX_TASK;
use std::collections::BTreeSet;

const ID: &str = "1 to 128 printable ASCII characters without blanks";
const NOT_NEGATIVE: &str = "0 to 1e12";
const SCALE: &str = "1e-9 to 1e12";
const UNIT: &str = "0 to 1";
const WHOLE: &str = "a whole number from 0 to 2^53 - 1";

/// Whoever sorts candidates by their ids sees which it is.
#[derive(Clone, Copy, Debug)]
pub enum Ids {
    /// An equal list of them was checked.
    Good,
    Distinct,
    Repeated,
}

pub fn check_batch(batch: &Batch<'_>) -> Result<(), BatchError> {
    if batch.contract != VERSION {
        return Err(BatchError::UnknownContract);
    }
    let too_wide = batch
        .requests
        .iter()
        .any(|request| request.candidates.len() > MAX_CANDIDATES);
    if batch.requests.len() > MAX_REQUESTS || too_wide {
        return Err(BatchError::TooManyRequests);
    }
    Ok(())
}

/// Everything but the strategy's own parameters, which the strategy checks when it is built. `ids` is what was
/// found out about the candidates' ids.
pub fn check_request(request: &Request<'_>, ids: Ids) -> Result<(), RequestError> {
    id("id", &request.id)?;
    id("policy", &request.policy)?;
    seed(request.seed)?;
    weights(&request.weights)?;
    if request.candidates.is_empty() {
        return Err(RequestError::EmptyCandidates);
    }
    candidates(&request.candidates, ids)?;
    request.features.as_deref().map_or(Ok(()), features)?;
    request.task.map_or(Ok(()), task)
}

fn candidates(candidates: &[Candidate<'_>], ids: Ids) -> Result<(), RequestError> {
    if matches!(ids, Ids::Good) {
        return candidates
            .iter()
            .enumerate()
            .try_for_each(|(index, one)| bounds(index, one));
    }
    let mut seen = BTreeSet::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if !is_id(&candidate.id) {
            return Err(RequestError::InvalidParameter {
                field: format!("candidates[{index}].id"),
                rule: ID,
            });
        }
        bounds(index, candidate)?;
        if matches!(ids, Ids::Repeated) && !seen.insert(&*candidate.id) {
            return Err(RequestError::DuplicateCandidate { index });
        }
    }
    Ok(())
}

fn weights(weights: &Weights) -> Result<(), RequestError> {
    within("weights.quality", weights.quality, 0.0, 1e12, NOT_NEGATIVE)?;
    within("weights.cost", weights.cost, 0.0, 1e12, NOT_NEGATIVE)?;
    within("weights.latency", weights.latency, 0.0, 1e12, NOT_NEGATIVE)?;
    within(
        "weights.cost_scale_usd",
        weights.cost_scale_usd,
        1e-9,
        1e12,
        SCALE,
    )?;
    within(
        "weights.latency_scale_ms",
        weights.latency_scale_ms,
        1e-9,
        1e12,
        SCALE,
    )?;
    Ok(())
}

#[inline]
fn bounds(index: usize, candidate: &Candidate<'_>) -> Result<(), RequestError> {
    let bounds = [
        ("prior_quality", candidate.prior_quality, 1.0, UNIT),
        ("cost_usd", candidate.cost_usd, 1e12, NOT_NEGATIVE),
        ("latency_ms", candidate.latency_ms, 1e12, NOT_NEGATIVE),
        ("availability", candidate.availability, 1.0, UNIT),
    ];
    for (name, value, most, rule) in bounds {
        if !(0.0..=most).contains(&value.0) {
            return within(&format!("candidates[{index}].{name}"), value, 0.0, most, rule).map(drop);
        }
    }
    Ok(())
}

fn features(features: &[f64]) -> Result<(), RequestError> {
    if !(1..=MAX_DIMENSION).contains(&features.len()) {
        return Err(RequestError::InvalidParameter {
            field: "features".to_owned(),
            rule: "1 to 64 numbers",
        });
    }
    for (index, feature) in features.iter().enumerate() {
        if !(-MAX_FEATURE..=MAX_FEATURE).contains(feature) {
            let field = format!("features[{index}]");
            return within(&field, Number(*feature), -MAX_FEATURE, MAX_FEATURE, "-1e6 to 1e6").map(drop);
        }
    }
    Ok(())
}

fn seed(seed: Number) -> Result<(), RequestError> {
    whole("seed", seed, 0, MAX_SEED, WHOLE).map(drop)
}

fn task(task: Number) -> Result<(), RequestError> {
    whole("task", task, 0, MAX_TASK, WHOLE).map(drop)
}

/// The value itself when it is whole and lies between the bounds, both included and at most 2^53.
pub(crate) fn whole(
    field: &str,
    value: Number,
    least: u64,
    most: u64,
    rule: &'static str,
) -> Result<u64, RequestError> {
    let value = within(field, value, least as f64, most as f64, rule)?;
    if value.fract() == 0.0 {
        return Ok(value as u64);
    }
    Err(RequestError::InvalidParameter {
        field: field.to_owned(),
        rule,
    })
}

pub(crate) fn id(field: &str, value: &str) -> Result<(), RequestError> {
    if is_id(value) {
        return Ok(());
    }
    Err(RequestError::InvalidParameter {
        field: field.to_owned(),
        rule: ID,
    })
}

/// ASCII alone, so that byte order here is code unit order in JavaScript.
fn is_id(value: &str) -> bool {
    (1..=MAX_ID).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The value itself when it is finite and lies between the bounds, both included.
pub(crate) fn within(
    field: &str,
    value: Number,
    least: f64,
    most: f64,
    rule: &'static str,
) -> Result<f64, RequestError> {
    if !value.is_finite() {
        return Err(RequestError::NonFinite {
            field: field.to_owned(),
        });
    }
    if !(least..=most).contains(&value.0) {
        return Err(RequestError::InvalidParameter {
            field: field.to_owned(),
            rule,
        });
    }
    Ok(value.0)
}
