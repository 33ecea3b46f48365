//! The Feedback table and its outbox, the sparse index on `pending`.

use super::item::{Item, QueryOutput, string};
use super::{Tables, learning, transaction};
use crate::arm::PolicyState;
use crate::store::{
    Commit, Cursor, Field, LearningStore, OutboxPage, Outcome, RawFeatures, RawFeedback, StoreError,
};
use serde_json::{Value, json};

const OUTBOX: &str = "pending-index";

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
            "ExpressionAttributeValues": { ":p": string(&format!("p#{policy}")) },
            "Limit": limit,
        });
        if let Some(Cursor(key)) = after {
            input["ExclusiveStartKey"] =
                serde_json::from_str(&key).map_err(|_| StoreError::Corrupt { what: "a cursor" })?;
        }
        let output = self.client.call("Query", &input).await?;
        let page: QueryOutput = serde_json::from_value(output).map_err(|_| StoreError::Corrupt {
            what: "Query's reply",
        })?;
        let next = page.last.as_ref().map(|key: &Value| Cursor(key.to_string()));
        Ok(OutboxPage {
            feedback: page.items.iter().filter_map(raw).collect(),
            next,
        })
    }

    async fn commit(&self, commit: &Commit<'_>) -> Result<Outcome, StoreError> {
        transaction::commit(self, commit).await
    }

    async fn poison(&self, marks: &[(String, &'static str)]) -> Result<Outcome, StoreError> {
        transaction::poison(self, marks).await
    }
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
    })
}
