//! `select`: ranks the candidates of a batch of requests.

use crate::cache::StateCache;
use crate::choose::{self, States};
use crate::contract::{self, Batch, Freshness, Reply, RequestResult, Written};
use crate::discrete::BetaMemo;
use crate::dynamo::Tables;
use crate::log;
use crate::runtime::Event;
use crate::settings::{self, Missing};
use crate::store::ArmReader;
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// What invocations share.
pub struct Select<R> {
    cache: StateCache<R>,
    betas: BetaMemo,
}

pub fn start() -> Result<Select<Tables>, Missing> {
    Ok(Select {
        cache: StateCache::new(settings::tables(false)?),
        betas: BetaMemo::default(),
    })
}

/// The reply as JSON, since it borrows from the event.
pub async fn handle<R: ArmReader>(select: Arc<Select<R>>, event: Event) -> Written {
    let reply = answer(&select, &event).await;
    contract::write(&reply)
}

async fn answer<'a, R: ArmReader>(select: &Select<R>, event: &'a Event) -> Reply<'a> {
    let request_id = &event.context.request_id;
    let batch = match choose::parse(event.payload.get()) {
        Ok(batch) => batch,
        Err(error) => {
            log::error(
                "select",
                json!({ "request_id": request_id, "code": error.code() }),
            );
            return choose::refuse(error);
        }
    };
    let states = read(select, &batch).await;
    let requests = batch.requests.len();
    let started = Instant::now();
    let results = choose::choose(&batch, &states, &select.betas);
    let refused = results
        .iter()
        .filter(|one| matches!(one, RequestResult::Refused { .. }))
        .count();
    let compute_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let worst = states
        .values()
        .map(|(_, freshness)| *freshness)
        .max()
        .unwrap_or(Freshness::None);
    // Who asks logs what was chosen. Here a line is for what is out of order: each costs as much as the choice.
    if refused > 0 || worst > Freshness::Cached {
        log::info(
            "select",
            json!({ "request_id": request_id, "requests": requests, "refused": refused, "state": worst, "compute_us": compute_us }),
        );
    }
    Reply::Results {
        contract: contract::VERSION,
        compute_us,
        results,
    }
}

/// All policies of the batch side by side: it waits as long as for the slowest.
async fn read<R: ArmReader>(select: &Select<R>, batch: &Batch<'_>) -> States {
    let policies: BTreeSet<&str> = batch.requests.iter().map(|request| &*request.policy).collect();
    let reads = policies.into_iter().map(async |policy| {
        let (state, freshness) = select.cache.get(policy).await;
        (policy.to_owned(), (state.unwrap_or_default(), freshness))
    });
    join_all(reads).await.into_iter().collect()
}
