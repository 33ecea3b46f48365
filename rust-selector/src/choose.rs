//! From a batch and the policies' states to a reply: pure, so golden files can pin it.

use crate::arm::{ArmState, PolicyState};
use crate::contract::{
    self, Batch, BatchError, Candidate, Freshness, Ranked, Reply, Request, RequestError, RequestResult,
    Weights,
};
use crate::policy::{self, Arm, Field};
use crate::random::Sfc32;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of each policy; one that is missing has priors alone.
pub type States = BTreeMap<String, (Arc<PolicyState>, Freshness)>;

/// Reads and judges the event as a whole.
pub fn parse(event: &str) -> Result<Batch, BatchError> {
    let batch: Batch = serde_json::from_str(event).map_err(|error| {
        wrong_version(event).unwrap_or(BatchError::Malformed {
            line: error.line(),
            column: error.column(),
        })
    })?;
    contract::check_batch(&batch)?;
    Ok(batch)
}

/// A later contract may not even parse, and should be told so.
fn wrong_version(event: &str) -> Option<BatchError> {
    #[derive(serde::Deserialize)]
    struct Envelope {
        contract: u64,
    }
    let envelope: Envelope = serde_json::from_str(event).ok()?;
    (envelope.contract != contract::VERSION).then_some(BatchError::UnknownContract)
}

pub fn choose(batch: Batch, states: &States) -> Vec<RequestResult> {
    batch
        .requests
        .into_iter()
        .map(|request| result(request, states))
        .collect()
}

pub fn refuse(error: BatchError) -> Reply {
    Reply::Refused {
        contract: contract::VERSION,
        error,
    }
}

fn result(request: Request, states: &States) -> RequestResult {
    let known = states.get(&request.policy);
    let none = PolicyState::default();
    let (state, freshness) = known.map_or((&none, Freshness::None), |(state, freshness)| (state, *freshness));
    match rank(&request, state) {
        Ok(ranking) => RequestResult::Chosen {
            id: request.id,
            state_version: state.version,
            state: freshness,
            ranking,
        },
        Err(error) => RequestResult::Refused {
            id: request.id,
            error,
        },
    }
}

fn rank(request: &Request, state: &PolicyState) -> Result<Vec<Ranked>, RequestError> {
    contract::check_request(request)?;
    let policy = policy::build(&request.strategy, &request.params)?;
    let mut candidates: Vec<&Candidate> = request.candidates.iter().collect();
    candidates.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    let unknown = ArmState::default();
    let arms: Vec<Arm<'_>> = candidates
        .iter()
        .map(|candidate| Arm {
            id: &candidate.id,
            prior_quality: *candidate.prior_quality,
            offset: offset(&request.weights, candidate),
            state: state.arms.get(&candidate.id).unwrap_or(&unknown),
        })
        .collect();
    let features: Vec<f64> = request
        .features
        .iter()
        .flatten()
        .map(|feature| **feature)
        .collect();
    let field = Field {
        features: &features,
        quality_weight: *request.weights.quality,
        arms: &arms,
    };
    let verdict = policy.assess(&field, &mut Sfc32::new(*request.seed as u64))?;
    let mut ranking: Vec<(bool, Ranked)> = candidates
        .iter()
        .zip(verdict.assessed)
        .enumerate()
        .map(|(index, (candidate, one))| {
            let ranked = Ranked {
                id: candidate.id.clone(),
                quality: one.quality,
                uncertainty: one.uncertainty,
                score: one.score,
                propensity: one.propensity,
            };
            (index == verdict.chosen, ranked)
        })
        .collect();
    ranking.sort_by(before);
    Ok(ranking.into_iter().map(|(_, ranked)| ranked).collect())
}

/// The chosen one first, then by score; the sort is stable, so ties keep the order of their ids.
fn before((chosen, one): &(bool, Ranked), (other_chosen, other): &(bool, Ranked)) -> Ordering {
    let by_score = || other.score.partial_cmp(&one.score).unwrap_or(Ordering::Equal);
    other_chosen.cmp(chosen).then_with(by_score)
}

/// Cost and latency in their scales' units, and availability: a candidate that is away a tenth of the time
/// loses a tenth of the worth of a perfect answer. A subtraction, as a factor would reward failing when the
/// utility is negative.
fn offset(weights: &Weights, candidate: &Candidate) -> f64 {
    -(*weights.cost * *candidate.cost_usd / *weights.cost_scale_usd)
        - *weights.latency * *candidate.latency_ms / *weights.latency_scale_ms
        - *weights.quality * (1.0 - *candidate.availability)
}
