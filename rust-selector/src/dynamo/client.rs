//! One signed HTTP call to DynamoDB with time-outs and a few retries. Nothing is opened before the first call.

use super::sigv4::{Credentials, Scope, authorization};
use crate::clock;
use crate::random::Sfc32;
use crate::store::StoreError;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client as Http, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Deserialize;
use serde_json::Value;
use std::sync::OnceLock;
use std::time::Duration;

const CONNECT: Duration = Duration::from_millis(500);
const CALL: Duration = Duration::from_millis(1_000);
const ATTEMPTS: u32 = 3;
const BACKOFF_MS: f64 = 25.0;
/// Shorter than what DynamoDB and its front ends grant an idle connection.
const IDLE: Duration = Duration::from_secs(20);

pub struct Endpoint {
    /// Scheme, host and port, without a slash at the end.
    pub url: String,
    pub region: String,
}

pub struct Client {
    endpoint: Endpoint,
    host: String,
    credentials: Credentials,
    http: OnceLock<Http<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

/// DynamoDB's own error: its short type, and why each item of a transaction failed.
pub struct Failure {
    pub code: String,
    pub reasons: Vec<String>,
}

pub enum CallError {
    Service(Failure),
    Store(StoreError),
}

impl From<CallError> for StoreError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Service(failure) => Self::Refused { code: failure.code },
            CallError::Store(error) => error,
        }
    }
}

impl Client {
    pub fn new(endpoint: Endpoint, credentials: Credentials) -> Self {
        let host = endpoint
            .url
            .split_once("://")
            .map_or(endpoint.url.as_str(), |(_, host)| host)
            .to_owned();
        Self {
            endpoint,
            host,
            credentials,
            http: OnceLock::new(),
        }
    }

    pub async fn call(&self, operation: &str, input: &Value) -> Result<Value, CallError> {
        let body = Bytes::from(input.to_string());
        let mut jitter = Sfc32::new(u64::from(clock::since_epoch().subsec_nanos()));
        let mut attempt = 0;
        loop {
            let error = match self.attempt(operation, body.clone()).await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            attempt += 1;
            if attempt == ATTEMPTS || !is_transient(&error) {
                return Err(error);
            }
            let wait = BACKOFF_MS * f64::from(1 << attempt) * jitter.next_unit();
            tokio::time::sleep(Duration::from_secs_f64(wait / 1_000.0)).await;
        }
    }

    async fn attempt(&self, operation: &str, body: Bytes) -> Result<Value, CallError> {
        let exchange = async {
            let request = self.sign(operation, body)?;
            let unreachable = |_| CallError::Store(StoreError::Unreachable);
            let response = self.http().request(request).await.map_err(unreachable)?;
            let status = response.status();
            let body = response.into_body().collect().await;
            Ok((
                status,
                body.map_err(|_| CallError::Store(StoreError::Unreachable))?
                    .to_bytes(),
            ))
        };
        let late = |_| CallError::Store(StoreError::TimedOut);
        let (status, body) = tokio::time::timeout(CALL, exchange).await.map_err(late)??;
        if status.is_success() {
            let broken = |_| {
                CallError::Store(StoreError::Corrupt {
                    what: "reply is not JSON",
                })
            };
            return serde_json::from_slice(&body).map_err(broken);
        }
        Err(failure(status, &body))
    }

    fn sign(&self, operation: &str, body: Bytes) -> Result<Request<Full<Bytes>>, CallError> {
        let target = format!("DynamoDB_20120810.{operation}");
        let timestamp = clock::basic_iso8601(clock::since_epoch().as_secs());
        let mut headers = vec![
            ("content-type", "application/x-amz-json-1.0"),
            ("host", self.host.as_str()),
            ("x-amz-date", timestamp.as_str()),
        ];
        if let Some(token) = &self.credentials.session_token {
            headers.push(("x-amz-security-token", token));
        }
        headers.push(("x-amz-target", &target));
        let scope = Scope {
            region: &self.endpoint.region,
            service: "dynamodb",
            timestamp: &timestamp,
        };
        let signature = authorization(&self.credentials, &scope, &headers, &body);
        let mut request = Request::post(format!("{}/", self.endpoint.url)).header("authorization", signature);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let misconfigured = |_| StoreError::Refused {
            code: "InvalidEndpointOrCredentials".to_owned(),
        };
        request
            .body(Full::new(body))
            .map_err(|error| CallError::Store(misconfigured(error)))
    }

    fn http(&self) -> &Http<HttpsConnector<HttpConnector>, Full<Bytes>> {
        self.http.get_or_init(|| {
            let mut tcp = HttpConnector::new();
            tcp.enforce_http(false);
            tcp.set_nodelay(true);
            tcp.set_connect_timeout(Some(CONNECT));
            let connector = HttpsConnectorBuilder::new()
                .with_webpki_roots()
                .https_or_http()
                .enable_http1()
                .wrap_connector(tcp);
            Http::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .build(connector)
        })
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(rename = "__type", default)]
    kind: String,
    #[serde(rename = "CancellationReasons", default)]
    reasons: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(rename = "Code", default)]
    code: Option<String>,
}

fn failure(status: StatusCode, body: &[u8]) -> CallError {
    let Ok(error) = serde_json::from_slice::<ErrorBody>(body) else {
        let code = status.as_u16().to_string();
        return CallError::Store(if status.is_server_error() {
            StoreError::Unreachable
        } else {
            StoreError::Refused { code }
        });
    };
    let code = error.kind.rsplit('#').next().unwrap_or_default().to_owned();
    match code.as_str() {
        "ProvisionedThroughputExceededException"
        | "ThrottlingException"
        | "RequestLimitExceeded"
        | "TransactionInProgressException" => CallError::Store(StoreError::Throttled),
        _ if status.is_server_error() => CallError::Store(StoreError::Unreachable),
        _ => {
            let reasons = error
                .reasons
                .into_iter()
                .map(|one| one.code.unwrap_or_default())
                .collect();
            CallError::Service(Failure { code, reasons })
        }
    }
}

fn is_transient(error: &CallError) -> bool {
    matches!(
        error,
        CallError::Store(StoreError::Unreachable | StoreError::TimedOut | StoreError::Throttled)
    )
}
