//! The Learning table: a policy's head item and arms share a partition, so one Query reads them. "#head" sorts
//! before every adapter id, so what follows it is never older than the version it shows.

use super::item::{Item, QueryOutput, string};
use super::{Client, Tables};
use crate::arm::{ArmState, PolicyState, StateError};
use crate::store::{ArmReader, StoreError};
use serde_json::json;

pub const HEAD: &str = "#head";

type Unpack = fn(&[u8]) -> Result<ArmState, StateError>;

impl ArmReader for Tables {
    /// An arm that cannot be read counts as unknown: its prior decides, and the others still work.
    async fn read(&self, policy: &str) -> Result<PolicyState, StoreError> {
        query(&self.client, &self.learning, policy, None).await
    }
}

/// For a writer: consistent, and an arm that cannot be read is an error, as writing would destroy it.
pub async fn read_latest(tables: &Tables, policy: &str) -> Result<PolicyState, StoreError> {
    query(
        &tables.client,
        &tables.learning,
        policy,
        Some(ArmState::unpack_to_write),
    )
    .await
}

async fn query(
    client: &Client,
    table: &str,
    policy: &str,
    to_write: Option<Unpack>,
) -> Result<PolicyState, StoreError> {
    let mut state = PolicyState::default();
    let mut input = json!({
        "TableName": table,
        "KeyConditionExpression": "#p = :p",
        "ProjectionExpression": "#a, #s, #v",
        "ExpressionAttributeNames": { "#p": "policy", "#a": "arm", "#s": "state", "#v": "version" },
        "ExpressionAttributeValues": { ":p": string(policy) },
        "ConsistentRead": to_write.is_some(),
    });
    loop {
        let output = client.call("Query", &input).await?;
        let page: QueryOutput = serde_json::from_value(output).map_err(|_| StoreError::Corrupt {
            what: "Query's reply",
        })?;
        for item in &page.items {
            add(&mut state, item, to_write)?;
        }
        match page.last {
            Some(key) => input["ExclusiveStartKey"] = key,
            None => return Ok(state),
        }
    }
}

fn add(state: &mut PolicyState, item: &Item, to_write: Option<Unpack>) -> Result<(), StoreError> {
    let Some(name) = item.get("arm").and_then(|arm| arm.string.clone()) else {
        return Err(StoreError::Corrupt {
            what: "an item without its key",
        });
    };
    if name == HEAD {
        let version = item.get("version").and_then(|version| version.u64());
        state.version = version.ok_or(StoreError::Corrupt {
            what: "head without a version",
        })?;
        return Ok(());
    }
    let bytes = item
        .get("state")
        .and_then(|state| state.bytes())
        .unwrap_or_default();
    let unpacked = to_write.unwrap_or(ArmState::unpack)(&bytes);
    match (unpacked, to_write) {
        (Ok(arm), _) => drop(state.arms.insert(name, arm)),
        (Err(_), Some(_)) => {
            return Err(StoreError::Corrupt {
                what: "an arm's packed state",
            });
        }
        (Err(_), None) => {}
    }
    Ok(())
}
