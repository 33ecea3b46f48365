//! DynamoDB's JSON for items: a reader of the attribute types used here. Writers use `json!`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub type Item = BTreeMap<String, Attribute>;

/// At most one is set; a type that is not listed leaves all of them empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Attribute {
    #[serde(rename = "S")]
    pub string: Option<String>,
    #[serde(rename = "N")]
    pub number: Option<String>,
    #[serde(rename = "B")]
    pub binary: Option<String>,
}

impl Attribute {
    pub fn f64(&self) -> Option<f64> {
        self.number.as_ref()?.parse().ok()
    }

    pub fn u64(&self) -> Option<u64> {
        self.number.as_ref()?.parse().ok()
    }

    pub fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.binary.as_ref()?).ok()
    }
}

pub fn string(value: &str) -> Value {
    json!({ "S": value })
}

pub fn number(value: impl ToString) -> Value {
    json!({ "N": value.to_string() })
}

pub fn binary(value: &[u8]) -> Value {
    json!({ "B": STANDARD.encode(value) })
}

#[derive(Deserialize)]
pub struct QueryOutput {
    #[serde(rename = "Items", default)]
    pub items: Vec<Item>,
    #[serde(rename = "LastEvaluatedKey", default)]
    pub last: Option<Value>,
}
