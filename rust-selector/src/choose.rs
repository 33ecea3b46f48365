//! From a batch and the policies' states to a reply: pure, so golden files can pin it.

use crate::arm::{ArmState, PolicyState};
use crate::contract::{
    self, Batch, BatchError, Candidate, Freshness, Ranked, Reply, Request, RequestError, RequestResult,
    Weights,
};
use crate::discrete::BetaMemo;
use crate::policy::{self, Arm, Field, Policy};
use crate::predict::{self, Question};
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

/// One result a request, in their order. `betas` may outlive the call. On one thread: the function has less than
/// one core.
pub fn choose(batch: Batch, states: &States, betas: &BetaMemo) -> Vec<RequestResult> {
    let none = (Arc::new(PolicyState::default()), Freshness::None);
    let unknown = ArmState::default();
    let mut prepared: Vec<Result<Prepared<'_>, RequestError>> = batch
        .requests
        .iter()
        .map(|request| {
            let (state, _) = states.get(&request.policy).unwrap_or(&none);
            prepare(request, state, &unknown)
        })
        .collect();
    predict_linear(&mut prepared);
    let result = |(request, prepared): (&Request, Result<Prepared<'_>, RequestError>)| {
        let (state, freshness) = states.get(&request.policy).unwrap_or(&none);
        match prepared.and_then(|prepared| rank(&prepared, betas)) {
            Ok(ranking) => RequestResult::Chosen {
                id: request.id.clone(),
                state_version: state.version,
                state: *freshness,
                ranking,
            },
            Err(error) => RequestResult::Refused {
                id: request.id.clone(),
                error,
            },
        }
    };
    batch.requests.iter().zip(prepared).map(result).collect()
}

pub fn refuse(error: BatchError) -> Reply {
    Reply::Refused {
        contract: contract::VERSION,
        error,
    }
}

/// A request judged and sorted, so that what remains is numbers.
struct Prepared<'a> {
    request: &'a Request,
    policy: Box<dyn Policy>,
    features: Vec<f64>,
    /// In the order of their ids.
    arms: Vec<Arm<'a>>,
}

fn prepare<'a>(
    request: &'a Request,
    state: &'a PolicyState,
    unknown: &'a ArmState,
) -> Result<Prepared<'a>, RequestError> {
    contract::check_request(request)?;
    let policy = policy::build(&request.strategy, &request.params)?;
    let mut arms: Vec<Arm<'_>> = request
        .candidates
        .iter()
        .map(|candidate| Arm {
            id: &candidate.id,
            prior_quality: *candidate.prior_quality,
            offset: offset(&request.weights, candidate),
            state: state.arms.get(&candidate.id).unwrap_or(unknown),
            predicted: None,
        })
        .collect();
    arms.sort_unstable_by(|one, other| one.id.cmp(other.id));
    Ok(Prepared {
        request,
        policy,
        features: request
            .features
            .iter()
            .flatten()
            .map(|feature| **feature)
            .collect(),
        arms,
    })
}

/// Fills in what linear models say, for the whole batch at once.
fn predict_linear(prepared: &mut [Result<Prepared<'_>, RequestError>]) {
    let asks = |one: &&mut Prepared<'_>| one.policy.lambda().is_some() && !one.features.is_empty();
    let mut asking: Vec<&mut Prepared<'_>> = prepared.iter_mut().flatten().filter(asks).collect();
    let questions: Vec<Question<'_>> = asking
        .iter()
        .map(|one| Question {
            lambda: one.policy.lambda().unwrap_or_default(),
            features: &one.features,
            arms: one
                .arms
                .iter()
                .map(|arm| (arm.state, arm.prior_quality))
                .collect(),
        })
        .collect();
    let predicted = predict::predict(&questions);
    for (one, predicted) in asking.iter_mut().zip(predicted) {
        for (arm, predicted) in one.arms.iter_mut().zip(predicted) {
            arm.predicted = Some(predicted);
        }
    }
}

fn rank(prepared: &Prepared<'_>, betas: &BetaMemo) -> Result<Vec<Ranked>, RequestError> {
    let field = Field {
        quality_weight: *prepared.request.weights.quality,
        features: &prepared.features,
        betas,
        arms: &prepared.arms,
    };
    let mut rng = Sfc32::new(*prepared.request.seed as u64);
    let verdict = prepared.policy.assess(&field, &mut rng)?;
    let mut ranking: Vec<(bool, Ranked)> = prepared
        .arms
        .iter()
        .zip(verdict.assessed)
        .enumerate()
        .map(|(index, (arm, one))| {
            let ranked = Ranked {
                id: arm.id.to_owned(),
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
