//! Which policies an event asks to look at: named ones (poll), those whose feedback a DynamoDB stream shows to be
//! pending, or all that have some pending (sweep). Only names are taken from it; what is learnt comes from the outbox.

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    Policies(BTreeSet<String>),
    AllPending,
}

#[derive(Deserialize)]
enum Sweep {
    #[serde(rename = "sweep")]
    Sweep,
}

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
    Sweep {
        #[serde(rename = "source")]
        _source: Sweep,
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

pub fn wanted(event: &str) -> Result<Wanted, EventError> {
    let event: Event = serde_json::from_str(event).map_err(|error| EventError::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    let named: BTreeSet<String> = match event {
        Event::Named { policies } => policies.into_iter().collect(),
        Event::Stream { records } => records.into_iter().filter_map(Record::policy).collect(),
        Event::Sweep { .. } => return Ok(Wanted::AllPending),
    };
    if named.len() > MAX_POLICIES {
        return Err(EventError::TooManyPolicies);
    }
    Ok(Wanted::Policies(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<const N: usize>(names: [&str; N]) -> Wanted {
        Wanted::Policies(names.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn a_poll_names_policies() {
        let found = wanted(r#"{"source":"poll","policies":["b","a","b"]}"#).unwrap();
        assert_eq!(found, named(["a", "b"]));
    }

    #[test]
    fn a_sweep_names_none() {
        assert_eq!(wanted(r#"{"source":"sweep"}"#).unwrap(), Wanted::AllPending);
    }

    #[test]
    fn a_stream_names_those_with_pending_feedback() {
        let event = r##"{"Records":[
            {"eventName":"INSERT","dynamodb":{"NewImage":{"pending":{"S":"p#default"},"policy":{"S":"x"}}}},
            {"eventName":"MODIFY","dynamodb":{"NewImage":{"policy":{"S":"learnt already"}}}},
            {"eventName":"REMOVE","dynamodb":{"Keys":{}}},
            {"eventName":"INSERT","dynamodb":{"NewImage":{"pending":{"N":"1"}}}}]}"##;
        assert_eq!(wanted(event).unwrap(), named(["default"]));
    }

    #[test]
    fn anything_else_is_an_error() {
        for event in [
            "",
            "[]",
            "{}",
            r#"{"policies":"default"}"#,
            r#"{"source":"x"}"#,
            "null",
        ] {
            assert_eq!(wanted(event).unwrap_err().code(), "malformed", "{event}");
        }
    }
}
