//! The environment, read once when a function starts.

use crate::dynamo::{Client, Credentials, Endpoint, Tables};
use std::fmt;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

/// A variable that must be set and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub &'static str);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "environment variable {} is not set", self.0)
    }
}

impl std::error::Error for Missing {}

/// What the runtime client would otherwise panic about.
const RUNTIME: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// Where a function answers callers by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Port(SocketAddr),
    /// Of this machine, for who may open it.
    #[cfg(unix)]
    Socket(PathBuf),
}

/// Whom invocations come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// Concurrent invocations of one process; managed instances set more than 1.
    RuntimeApi { concurrency: usize },
    /// Callers themselves, at this address.
    Itself(Address),
}

pub struct Settings {
    pub host: Host,
    pub exit_with_parent: bool,
}

impl Settings {
    pub fn from_env() -> Result<Self, Missing> {
        Ok(Self {
            host: match variable("ATP_INVOKE_ADDRESS").and_then(|address| Address::of(&address)) {
                Some(address) => Host::Itself(address),
                None => runtime_api()?,
            },
            exit_with_parent: variable("ATP_EXIT_WITH_PARENT").is_some_and(|value| value == "1"),
        })
    }
}

impl Address {
    /// `<ip>:<port>`, or the path of a socket from the root.
    fn of(text: &str) -> Option<Self> {
        #[cfg(unix)]
        if text.starts_with('/') {
            return Some(Self::Socket(PathBuf::from(text)));
        }
        text.parse().ok().map(Self::Port)
    }
}

fn runtime_api() -> Result<Host, Missing> {
    for name in RUNTIME {
        required(name)?;
    }
    let concurrency = variable("AWS_LAMBDA_MAX_CONCURRENCY").and_then(|count| count.parse().ok());
    Ok(Host::RuntimeApi {
        concurrency: concurrency.unwrap_or(1),
    })
}

/// `select` reads Learning alone and is given no name for Feedback.
pub fn tables(needs_feedback: bool) -> Result<Tables, Missing> {
    let region = required("AWS_REGION")?;
    let url = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"]
        .into_iter()
        .find_map(variable)
        .unwrap_or_else(|| format!("https://dynamodb.{region}.amazonaws.com"));
    let endpoint = Endpoint {
        url: url.trim_end_matches('/').to_owned(),
        region,
    };
    let credentials = Credentials {
        access_key_id: required("AWS_ACCESS_KEY_ID")?,
        secret_access_key: required("AWS_SECRET_ACCESS_KEY")?,
        session_token: variable("AWS_SESSION_TOKEN"),
    };
    let feedback = if needs_feedback {
        required("FEEDBACK_TABLE")?
    } else {
        String::new()
    };
    Ok(Tables {
        client: Client::new(endpoint, credentials),
        learning: required("LEARNING_TABLE")?,
        feedback,
    })
}

fn required(name: &'static str) -> Result<String, Missing> {
    variable(name).ok_or(Missing(name))
}

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is the module that may")]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}
