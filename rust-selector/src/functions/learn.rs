//! `learn`: woken by a poll, a sweep or the Feedback table's stream, it empties the named policies' outboxes.
//! It never fails an invocation, as a stream would deliver the same records again: what is left stays pending.

use crate::clock;
use crate::dynamo::Tables;
use crate::learn::{EventError, Learner, Learnt, Wanted, wanted};
use crate::log;
use crate::random::Sfc32;
use crate::runtime::Event;
use crate::settings::{self, Missing};
use crate::store::{LearningStore, StoreError};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

#[derive(Serialize)]
#[serde(untagged)]
pub enum Reply {
    Learnt(Learnt),
    Refused { error: Refusal },
}

#[derive(Serialize)]
pub struct Refusal {
    code: &'static str,
    message: String,
}

impl From<StoreError> for Reply {
    fn from(error: StoreError) -> Self {
        Self::Refused {
            error: Refusal {
                code: error.code(),
                message: error.to_string(),
            },
        }
    }
}

impl From<EventError> for Reply {
    fn from(error: EventError) -> Self {
        Self::Refused {
            error: Refusal {
                code: error.code(),
                message: error.to_string(),
            },
        }
    }
}

pub fn start() -> Result<Tables, Missing> {
    settings::tables(true)
}

pub async fn handle<S: LearningStore>(store: Arc<S>, event: Event) -> Reply {
    let request_id = event.context.request_id;
    let refused = |code: &str| log::error("learn", json!({ "request_id": request_id, "code": code }));
    let policies = match wanted(event.payload.get()) {
        Ok(Wanted::Policies(named)) => named,
        Ok(Wanted::AllPending) => match store.pending().await {
            Ok(pending) => pending,
            Err(error) => {
                refused(error.code());
                return error.into();
            }
        },
        Err(error) => {
            refused(error.code());
            return error.into();
        }
    };
    let now = clock::since_epoch();
    let left = Duration::from_millis(event.context.deadline).saturating_sub(now);
    let jitter = Sfc32::new(u64::from(now.subsec_nanos()));
    let learnt = Learner::new(store.as_ref(), Instant::now() + left, jitter)
        .learn(&policies)
        .await;
    let fields = json!({
        "request_id": request_id,
        "policies": policies.len(),
        "learnt": learnt.learnt,
        "poisoned": learnt.poisoned,
        "more": learnt.more.len(),
        "codes": learnt.failed.values().collect::<Vec<_>>(),
    });
    if learnt.failed.is_empty() && learnt.poisoned == 0 {
        log::info("learn", fields);
    } else {
        log::error("learn", fields);
    }
    Reply::Learnt(learnt)
}
