//! TransactWriteItems: what makes learning exactly once. A lost reply is safe to ask again for, as every attempt
//! of one transaction carries the same client token.

use super::client::{CallError, Failure};
use super::feedback::{DEAD_LETTERS, WAITS};
use super::item::{binary, number, string};
use super::learning::HEAD;
use super::{Client, Tables};
use crate::arm::ArmState;
use crate::store::{Commit, Outcome, StoreError};
use ring::rand::{self, SystemRandom};
use serde_json::{Value, json};

pub async fn commit(tables: &Tables, commit: &Commit<'_>) -> Result<Outcome, StoreError> {
    let version = commit.from_version + 1;
    let mut writes = vec![head(&tables.learning, commit.policy, commit.from_version)];
    writes.extend(
        commit
            .arms
            .iter()
            .map(|(id, arm)| put(&tables.learning, commit.policy, id, arm, version)),
    );
    let before = writes.len();
    writes.extend(
        commit
            .learnt
            .iter()
            .map(|id| learnt(&tables.feedback, id, version)),
    );
    write(&tables.client, writes, before, commit.learnt.iter()).await
}

pub async fn poison(tables: &Tables, marks: &[(String, &'static str)]) -> Result<Outcome, StoreError> {
    let writes = marks
        .iter()
        .map(|(id, reason)| poisoned(&tables.feedback, id, reason))
        .collect();
    write(&tables.client, writes, 0, marks.iter().map(|(id, _)| id)).await
}

async fn write<'a>(
    client: &Client,
    writes: Vec<Value>,
    before: usize,
    ids: impl Iterator<Item = &'a String>,
) -> Result<Outcome, StoreError> {
    let input = json!({ "TransactItems": writes, "ClientRequestToken": token()? });
    match client.call("TransactWriteItems", &input).await {
        Ok(_) => Ok(Outcome::Done),
        Err(CallError::Service(failure)) => rejected(failure, before, ids),
        Err(CallError::Store(error)) => Err(error),
    }
}

/// Reasons stand in the order of the writes.
fn rejected<'a>(
    failure: Failure,
    before: usize,
    ids: impl Iterator<Item = &'a String>,
) -> Result<Outcome, StoreError> {
    match failure.code.as_str() {
        "TransactionConflictException" => return Ok(Outcome::Rejected { gone: Vec::new() }),
        "TransactionCanceledException" => {}
        _ => return Err(StoreError::Refused { code: failure.code }),
    }
    for reason in &failure.reasons {
        match reason.as_str() {
            "" | "None" | "ConditionalCheckFailed" | "TransactionConflict" => {}
            "ThrottlingError" | "ProvisionedThroughputExceeded" => return Err(StoreError::Throttled),
            other => {
                return Err(StoreError::Refused {
                    code: other.to_owned(),
                });
            }
        }
    }
    let marks = failure.reasons.iter().skip(before);
    let gone = marks
        .zip(ids)
        .filter(|(reason, _)| *reason == "ConditionalCheckFailed");
    Ok(Outcome::Rejected {
        gone: gone.map(|(_, id)| id.clone()).collect(),
    })
}

fn head(table: &str, policy: &str, from: u64) -> Value {
    let mut update = json!({
        "TableName": table,
        "Key": { "policy": string(policy), "arm": string(HEAD) },
        "UpdateExpression": "SET #v = :next",
        "ConditionExpression": "#v = :from",
        "ExpressionAttributeNames": { "#v": "version" },
        "ExpressionAttributeValues": { ":next": number(from + 1), ":from": number(from) },
    });
    if from == 0 {
        update["ConditionExpression"] = json!("attribute_not_exists(#v)");
        update["ExpressionAttributeValues"] = json!({ ":next": number(1) });
    }
    json!({ "Update": update })
}

/// `mean` and `count` are for people; the packed state is what is read back.
fn put(table: &str, policy: &str, id: &str, arm: &ArmState, version: u64) -> Value {
    json!({ "Put": { "TableName": table, "Item": {
        "policy": string(policy),
        "arm": string(id),
        "state": binary(&arm.pack()),
        "version": number(version),
        "mean": number(format!("{:.6}", arm.mean())),
        "count": number(arm.count),
    } } })
}

fn learnt(table: &str, id: &str, version: u64) -> Value {
    let values = json!({ ":mark": number(version), ":waits": string(WAITS) });
    leave_outbox(table, id, "SET learnt_version = :mark REMOVE pending", values)
}

/// Into the dead letters, which stand in the outbox's index under a key of their own.
fn poisoned(table: &str, id: &str, reason: &str) -> Value {
    let values = json!({ ":mark": string(reason), ":waits": string(WAITS), ":dead": string(DEAD_LETTERS) });
    leave_outbox(table, id, "SET poisoned = :mark, pending = :dead", values)
}

fn leave_outbox(table: &str, id: &str, expression: &str, values: Value) -> Value {
    json!({ "Update": {
        "TableName": table,
        "Key": { "feedback_id": string(id) },
        "UpdateExpression": expression,
        "ConditionExpression": "begins_with(pending, :waits)",
        "ExpressionAttributeValues": values,
    } })
}

fn token() -> Result<String, StoreError> {
    let random: [u8; 16] = rand::generate(&SystemRandom::new())
        .map_err(|_| StoreError::Refused {
            code: "NoRandomness".to_owned(),
        })?
        .expose();
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
