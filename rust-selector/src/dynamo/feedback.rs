//! The Feedback table and its outbox, the sparse index on `pending`.

use super::item::{Item, QueryOutput, string};
use super::{Tables, learning, transaction};
use crate::arm::PolicyState;
use crate::store::{
    Commit, Cursor, Field, LearningStore, OutboxPage, Outcome, RawFeatures, RawFeedback, StoreError,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const OUTBOX: &str = "pending-index";
/// What `pending` begins with while a score waits, before the policy's name.
pub(super) const WAITS: &str = "p#";
/// `pending` of scores that can never be learnt: one Query lists them, oldest first.
pub(super) const DEAD_LETTERS: &str = "poisoned";
/// Of a megabyte each: the index holds what waits, which is little unless learning has long stood still.
const MOST_PAGES: usize = 16;

impl LearningStore for Tables {
    async fn read_latest(&self, policy: &str) -> Result<PolicyState, StoreError> {
        learning::read_latest(self, policy).await
    }

    async fn outbox(
        &self,
        policy: &str,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<OutboxPage, StoreError> {
        let mut input = json!({
            "TableName": self.feedback,
            "IndexName": OUTBOX,
            "KeyConditionExpression": "#p = :p",
            "ExpressionAttributeNames": { "#p": "pending" },
            "ExpressionAttributeValues": { ":p": string(&format!("{WAITS}{policy}")) },
            "Limit": limit,
        });
        if let Some(Cursor(key)) = after {
            input["ExclusiveStartKey"] =
                serde_json::from_str(&key).map_err(|_| StoreError::Corrupt { what: "a cursor" })?;
        }
        let page = items_of(self.client.call("Query", &input).await?, "Query's reply")?;
        let next = page.last.as_ref().map(|key: &Value| Cursor(key.to_string()));
        Ok(OutboxPage {
            feedback: page.items.iter().filter_map(raw).collect(),
            next,
        })
    }

    async fn pending(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut input = json!({
            "TableName": self.feedback,
            "IndexName": OUTBOX,
            "ProjectionExpression": "#p",
            "ExpressionAttributeNames": { "#p": "pending" },
        });
        let mut found = BTreeSet::new();
        for _ in 0..MOST_PAGES {
            let page = items_of(self.client.call("Scan", &input).await?, "Scan's reply")?;
            found.extend(page.items.iter().filter_map(policy_pending));
            let Some(last) = page.last else { break };
            input["ExclusiveStartKey"] = last;
        }
        Ok(found)
    }

    async fn commit(&self, commit: &Commit<'_>) -> Result<Outcome, StoreError> {
        transaction::commit(self, commit).await
    }

    async fn poison(&self, marks: &[(String, &'static str)]) -> Result<Outcome, StoreError> {
        transaction::poison(self, marks).await
    }
}

fn items_of(output: Value, what: &'static str) -> Result<QueryOutput, StoreError> {
    serde_json::from_value(output).map_err(|_| StoreError::Corrupt { what })
}

fn policy_pending(item: &Item) -> Option<String> {
    let pending = item.get("pending")?.string.as_deref()?;
    pending.strip_prefix(WAITS).map(str::to_owned)
}

fn raw(item: &Item) -> Option<RawFeedback> {
    let text = |name: &str| item.get(name).and_then(|attribute| attribute.string.clone());
    let number = |name: &str| {
        item.get(name).map_or(Field::Missing, |attribute| {
            attribute.f64().map_or(Field::Invalid, Field::Number)
        })
    };
    let features = item.get("features").map_or(RawFeatures::Missing, |attribute| {
        attribute.bytes().map_or(RawFeatures::Invalid, RawFeatures::Bytes)
    });
    Some(RawFeedback {
        id: text("feedback_id")?,
        policy: text("policy"),
        adapter: text("adapter_id"),
        score: item.get("quality_score").and_then(|attribute| attribute.f64()),
        gamma: number("gamma"),
        features,
        memory: number("memory"),
        task: number("task"),
    })
}
