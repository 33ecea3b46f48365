//! From a batch and the policies' states to a reply: pure, so golden files can pin it.

use crate::arm::{ArmState, PolicyState};
use crate::contract::{
    self, Batch, BatchError, Candidate, Freshness, Ids, Ranked, Reply, Request, RequestError, RequestResult,
    Weights,
};
use crate::discrete::BetaMemo;
use crate::policy::{self, Arm, Field, Policy};
use crate::predict::{self, Asking};
use crate::random::Sfc32;
use crate::roster::{self, Rosters};
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
    let candidates = batch.requests.iter().map(|request| request.candidates.len());
    let mut arms = Vec::with_capacity(candidates.sum());
    let mut prepare = |request| prepare(request, &mut rosters, &known(request).0, &unknown, &mut arms);
    let prepared: Vec<_> = batch.requests.iter().map(&mut prepare).collect();
    predict_linear(&prepared, &mut arms, &rosters);
    let (mut rest, mut order) = (arms.as_slice(), Vec::new());
    let result = |(request, prepared): (&Request<'a>, Result<Prepared<'_, 'a>, RequestError>)| {
        let (state, freshness) = known(request);
        let id = request.id.clone();
        let ranking = prepared.and_then(|prepared| {
            let arms;
            (arms, rest) = rest.split_at(prepared.arms());
            rank(&prepared, arms, &rosters, betas, &mut order)
        });
        match ranking {
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

/// A request judged and sorted, so that what remains is numbers: those of its arms, which stand in the order of their
/// ids behind the arms of the request before.
struct Prepared<'b, 'a> {
    request: &'b Request<'a>,
    roster: usize,
    policy: Box<dyn Policy>,
}

impl<'b> Prepared<'b, '_> {
    fn features(&self) -> &'b [f64] {
        self.request.features.as_deref().unwrap_or_default()
    }

    fn arms(&self) -> usize {
        self.request.candidates.len()
    }
}

fn prepare<'b, 'a>(
    request: &'b Request<'a>,
    rosters: &mut Rosters<'b>,
    state: &'b PolicyState,
    unknown: &'b ArmState,
    arms: &mut Vec<Arm<'b>>,
) -> Result<Prepared<'b, 'a>, RequestError> {
    let known = rosters.find(request);
    let (order, ids) = known.map_or_else(|| roster::sort(request), |_| (Vec::new(), Ids::Good));
    contract::check_request(request, ids)?;
    let policy = policy::build(&request.strategy, &request.params)?;
    let index = known.unwrap_or_else(|| rosters.add(request, order, state, unknown));
    let roster = rosters.at(index);
    arms.extend(roster.order.iter().zip(&roster.states).map(|(at, state)| {
        let candidate = &request.candidates[*at];
        Arm {
            id: &candidate.id,
            prior_quality: *candidate.prior_quality,
            offset: offset(&request.weights, candidate),
            state,
            predicted: None,
        }
    }));
    Ok(Prepared {
        request,
        roster: index,
        policy,
    })
}

/// Fills in what linear models say, for the whole batch at once.
fn predict_linear<'b>(
    prepared: &[Result<Prepared<'b, '_>, RequestError>],
    arms: &mut [Arm<'b>],
    rosters: &Rosters<'_>,
) {
    let mut rest = arms;
    let asking = prepared.iter().flatten().filter_map(|one| {
        let arms = rest.split_off_mut(..one.arms())?;
        let (lambda, features) = (one.policy.lambda()?, one.features());
        (!features.is_empty()).then_some(Asking {
            roster: one.roster,
            lambda,
            features,
            arms,
        })
    });
    let mut asking: Vec<Asking<'_, '_>> = asking.collect();
    asking.sort_by_key(Asking::key);
    for together in asking.chunk_by_mut(|one, other| one.key() == other.key()) {
        predict::predict(&rosters.at(together[0].roster).states, together);
    }
}

/// `order` is a list to write in.
fn rank<'a>(
    prepared: &Prepared<'_, 'a>,
    arms: &[Arm<'_>],
    rosters: &Rosters<'_>,
    betas: &BetaMemo,
    order: &mut Vec<(u64, usize)>,
) -> Result<Vec<Ranked<'a>>, RequestError> {
    let request = prepared.request;
    let field = Field {
        quality_weight: *request.weights.quality,
        features: prepared.features(),
        task: request.task.map(|task| *task as u64),
        betas,
        arms,
    };
    let mut rng = Sfc32::new(*request.seed as u64);
    let verdict = prepared.policy.assess(&field, &mut rng)?;
    let places = &rosters.at(prepared.roster).order;
    let ranked = |index: usize| {
        let one = &verdict.assessed[index];
        Ranked {
            id: request.candidates[places[index]].id.clone(),
            quality: one.quality,
            uncertainty: one.uncertainty,
            score: one.score,
            propensity: one.propensity,
            by_task: one.by_task,
        }
    };
    // The chosen one first, then by score, of equals the first by id.
    order.clear();
    order.extend(verdict.assessed.iter().map(|one| descending(one.score)).zip(0..));
    order.swap_remove(verdict.chosen);
    order.sort_unstable();
    let others = order.iter().map(|(_, index)| *index);
    Ok(std::iter::once(verdict.chosen)
        .chain(others)
        .map(ranked)
        .collect())
}

/// Whole numbers compare faster: the higher the score, the lower. Both zeros are one.
#[inline]
fn descending(score: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = (score + 0.0).to_bits();
    if bits & SIGN == 0 { !(bits | SIGN) } else { bits }
}

/// Cost and latency in their scales' units, and availability: a candidate that is away a tenth of the time
/// loses a tenth of the worth of a perfect answer. A subtraction, as a factor would reward failing when the
/// utility is negative.
fn offset(weights: &Weights, candidate: &Candidate<'_>) -> f64 {
    -(*weights.cost * *candidate.cost_usd / *weights.cost_scale_usd)
        - *weights.latency * *candidate.latency_ms / *weights.latency_scale_ms
        - *weights.quality * (1.0 - *candidate.availability)
}
