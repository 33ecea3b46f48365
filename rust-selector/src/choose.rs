//! From a batch and the policies' states to a reply: pure, so golden files can pin it.

use crate::arm::{ArmState, PolicyState};
use crate::contract::{
    self, Batch, BatchError, Candidate, Freshness, Ids, Ranked, Reply, Request, RequestError, RequestResult,
    Weights,
};
use crate::discrete::BetaMemo;
use crate::policy::{self, Arm, Assessment, Field, Policy};
use crate::predict::{self, Questions};
use crate::random::Sfc32;
use crate::roster::{self, Rosters};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of each policy; one that is missing has priors alone.
pub type States = BTreeMap<String, (Arc<PolicyState>, Freshness)>;

/// Reads and judges the event as a whole.
pub fn parse(event: &str) -> Result<Batch<'_>, BatchError> {
    let batch = contract::read(event).map_or_else(|| parse_by_serde(event), Ok)?;
    contract::check_batch(&batch)?;
    Ok(batch)
}

fn parse_by_serde(event: &str) -> Result<Batch<'_>, BatchError> {
    serde_json::from_str(event).map_err(|error| {
        wrong_version(event).unwrap_or(BatchError::Malformed {
            line: error.line(),
            column: error.column(),
        })
    })
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
pub fn choose<'a>(batch: &Batch<'a>, states: &States, betas: &BetaMemo) -> Vec<RequestResult<'a>> {
    let none = (Arc::new(PolicyState::default()), Freshness::None);
    let unknown = ArmState::default();
    let known = |request: &Request<'_>| states.get(&*request.policy).unwrap_or(&none);
    let mut rosters = Rosters::default();
    let mut prepared: Vec<Result<Prepared<'_, 'a>, RequestError>> = batch
        .requests
        .iter()
        .map(|request| prepare(request, &mut rosters, &known(request).0, &unknown))
        .collect();
    predict_linear(&mut prepared, &rosters);
    let result = |(request, prepared): (&Request<'a>, Result<Prepared<'_, 'a>, RequestError>)| {
        let (state, freshness) = known(request);
        let id = request.id.clone();
        match prepared.and_then(|prepared| rank(&prepared, &rosters, betas)) {
            Ok(ranking) => RequestResult::Chosen {
                id,
                state_version: state.version,
                state: *freshness,
                ranking,
            },
            Err(error) => RequestResult::Refused { id, error },
        }
    };
    batch.requests.iter().zip(prepared).map(result).collect()
}

pub fn refuse(error: BatchError) -> Reply<'static> {
    Reply::Refused {
        contract: contract::VERSION,
        error,
    }
}

/// A request judged and sorted, so that what remains is numbers.
struct Prepared<'b, 'a> {
    request: &'b Request<'a>,
    roster: usize,
    policy: Box<dyn Policy>,
    /// In the order of their ids.
    arms: Vec<Arm<'b>>,
}

impl<'b> Prepared<'b, '_> {
    fn features(&self) -> &'b [f64] {
        self.request.features.as_deref().unwrap_or_default()
    }

    /// Those of one key are predicted together, where they go by a linear model.
    fn key(&self) -> Option<(usize, u64, usize)> {
        let (lambda, count) = (self.policy.lambda()?, self.features().len());
        (count > 0).then_some((self.roster, lambda.to_bits(), count))
    }
}

fn prepare<'b, 'a>(
    request: &'b Request<'a>,
    rosters: &mut Rosters<'b>,
    state: &'b PolicyState,
    unknown: &'b ArmState,
) -> Result<Prepared<'b, 'a>, RequestError> {
    let known = rosters.find(request);
    let (order, ids) = known.map_or_else(|| roster::sort(request), |_| (Vec::new(), Ids::Good));
    contract::check_request(request, ids)?;
    let policy = policy::build(&request.strategy, &request.params)?;
    let index = known.unwrap_or_else(|| rosters.add(request, order, state, unknown));
    let roster = rosters.at(index);
    let arms = roster.order.iter().zip(&roster.states).map(|(at, state)| {
        let candidate = &request.candidates[*at];
        Arm {
            id: &candidate.id,
            prior_quality: *candidate.prior_quality,
            offset: offset(&request.weights, candidate),
            state,
            predicted: None,
        }
    });
    Ok(Prepared {
        request,
        roster: index,
        policy,
        arms: arms.collect(),
    })
}

/// Fills in what linear models say, for the whole batch at once.
fn predict_linear(prepared: &mut [Result<Prepared<'_, '_>, RequestError>], rosters: &Rosters<'_>) {
    let all = prepared.iter_mut().flatten().map(|one| (one.key(), one));
    let mut asking: Vec<_> = all.filter(|(key, _)| key.is_some()).collect();
    asking.sort_by_key(|(key, _)| *key);
    for together in asking.chunk_by_mut(|(one, _), (other, _)| one == other) {
        let first = &together[0].1;
        let questions = Questions {
            lambda: first.policy.lambda().unwrap_or_default(),
            arms: &rosters.at(first.roster).states,
            features: together.iter().map(|(_, one)| one.features()).collect(),
        };
        let prior = |arm: usize, request: usize| together[request].1.arms[arm].prior_quality;
        let predicted = predict::predict(&questions, prior);
        for (arm, predicted) in predicted.chunks(together.len()).enumerate() {
            for ((_, one), predicted) in together.iter_mut().zip(predicted) {
                one.arms[arm].predicted = Some(*predicted);
            }
        }
    }
}

fn rank<'a>(
    prepared: &Prepared<'_, 'a>,
    rosters: &Rosters<'_>,
    betas: &BetaMemo,
) -> Result<Vec<Ranked<'a>>, RequestError> {
    let request = prepared.request;
    let field = Field {
        quality_weight: *request.weights.quality,
        features: prepared.features(),
        betas,
        arms: &prepared.arms,
    };
    let mut rng = Sfc32::new(*request.seed as u64);
    let verdict = prepared.policy.assess(&field, &mut rng)?;
    let mut order: Vec<usize> = (0..verdict.assessed.len()).collect();
    // The chosen one first.
    order.sort_by(|one, other| {
        let is_chosen = |index: usize| index == verdict.chosen;
        let by_score = || by_score(&verdict.assessed[*one], &verdict.assessed[*other]);
        is_chosen(*other).cmp(&is_chosen(*one)).then_with(by_score)
    });
    let places = &rosters.at(prepared.roster).order;
    let ranked = |index: usize| {
        let one = &verdict.assessed[index];
        Ranked {
            id: request.candidates[places[index]].id.clone(),
            quality: one.quality,
            uncertainty: one.uncertainty,
            score: one.score,
            propensity: one.propensity,
        }
    };
    Ok(order.into_iter().map(ranked).collect())
}

/// The highest first; the sort is stable, so ties keep the order of their ids.
fn by_score(one: &Assessment, other: &Assessment) -> Ordering {
    other.score.partial_cmp(&one.score).unwrap_or(Ordering::Equal)
}

/// Cost and latency in their scales' units, and availability: a candidate that is away a tenth of the time
/// loses a tenth of the worth of a perfect answer. A subtraction, as a factor would reward failing when the
/// utility is negative.
fn offset(weights: &Weights, candidate: &Candidate<'_>) -> f64 {
    -(*weights.cost * *candidate.cost_usd / *weights.cost_scale_usd)
        - *weights.latency * *candidate.latency_ms / *weights.latency_scale_ms
        - *weights.quality * (1.0 - *candidate.availability)
}
