//! Which policies an event asks to look at: named ones (poll, sweep), or those whose feedback a DynamoDB stream
//! shows to be pending. Only names are taken from it; what is learnt comes from the outbox.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;

const MAX_POLICIES: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventError {
    Malformed { line: usize, column: usize },
    TooManyPolicies,
}

impl EventError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::TooManyPolicies => "too_many_policies",
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { line, column } => {
                write!(
                    f,
                    "the event names no policies as known here, line {line}, column {column}"
                )
            }
            Self::TooManyPolicies => write!(f, "an event names at most {MAX_POLICIES} policies"),
        }
    }
}

impl std::error::Error for EventError {}

#[derive(Deserialize)]
#[serde(untagged)]
enum Event {
    Named {
        policies: Vec<String>,
    },
    Stream {
        #[serde(rename = "Records")]
        records: Vec<Record>,
    },
}

#[derive(Deserialize)]
struct Record {
    dynamodb: Option<Change>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "NewImage")]
    new_image: Option<Image>,
}

#[derive(Deserialize)]
struct Image {
    pending: Option<Text>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "S")]
    value: Option<String>,
}

impl Record {
    fn policy(self) -> Option<String> {
        let pending = self.dynamodb?.new_image?.pending?.value?;
        pending.strip_prefix("p#").map(str::to_owned)
    }
}

pub fn policies(event: &str) -> Result<BTreeSet<String>, EventError> {
    let event: Event = serde_json::from_str(event).map_err(|error| EventError::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    let named: BTreeSet<String> = match event {
        Event::Named { policies } => policies.into_iter().collect(),
        Event::Stream { records } => records.into_iter().filter_map(Record::policy).collect(),
    };
    if named.len() > MAX_POLICIES {
        return Err(EventError::TooManyPolicies);
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_names_policies() {
        let found = policies(r#"{"source":"poll","policies":["b","a","b"]}"#).unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_stream_names_those_with_pending_feedback() {
        let event = r##"{"Records":[
            {"eventName":"INSERT","dynamodb":{"NewImage":{"pending":{"S":"p#default"},"policy":{"S":"x"}}}},
            {"eventName":"MODIFY","dynamodb":{"NewImage":{"policy":{"S":"learnt already"}}}},
            {"eventName":"REMOVE","dynamodb":{"Keys":{}}},
            {"eventName":"INSERT","dynamodb":{"NewImage":{"pending":{"N":"1"}}}}]}"##;
        assert_eq!(
            policies(event).unwrap().into_iter().collect::<Vec<_>>(),
            ["default"]
        );
    }

    #[test]
    fn anything_else_is_an_error() {
        for event in ["", "[]", "{}", r#"{"policies":"default"}"#, "null"] {
            assert_eq!(policies(event).unwrap_err().code(), "malformed", "{event}");
        }
    }
}
