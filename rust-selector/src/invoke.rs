//! Lambda's Invoke API spoken by the function's own process, as in the local runtime: nothing stands between a caller and
//! the handler. AWS goes by the Runtime API instead.

use crate::runtime::Event;
use crate::settings::Address;
use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use lambda_runtime::{Context, LambdaEvent};
use serde::Serialize;
use serde_json::value::RawValue;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::time::timeout;

/// Lambda's own bound.
const MAX_PAYLOAD: usize = 6 * 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(2);
/// After what is wrong with one connection, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

type Reply = Response<Full<Bytes>>;
type Handler<D, F> = fn(Arc<D>, Event) -> F;

struct Host<D, F> {
    dependencies: Arc<D>,
    handle: Handler<D, F>,
    invocations: AtomicU64,
}

/// Serves until the process ends.
pub async fn serve<D, R, F>(
    address: &Address,
    dependencies: Arc<D>,
    handle: Handler<D, F>,
) -> std::io::Result<()>
where
    D: Send + Sync + 'static,
    R: Serialize + Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let host = Arc::new(Host {
        dependencies,
        handle,
        invocations: AtomicU64::new(0),
    });
    match address {
        Address::Port(address) => {
            let listener = TcpListener::bind(address).await?;
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                };
                drop(stream.set_nodelay(true));
                host.converse(stream);
            }
        }
        #[cfg(unix)]
        Address::Socket(path) => {
            // A process that was killed leaves its own there.
            drop(std::fs::remove_file(path));
            let listener = UnixListener::bind(path)?;
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => host.converse(stream),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
        }
    }
}

impl<D, R, F> Host<D, F>
where
    D: Send + Sync + 'static,
    R: Serialize + Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    fn converse(self: &Arc<Self>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let host = Arc::clone(self);
        let service = service_fn(move |request| {
            let host = Arc::clone(&host);
            async move { Ok::<Reply, Infallible>(host.answer(request).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }

    async fn answer(&self, request: Request<Incoming>) -> Reply {
        // No browser has business here.
        if request.headers().contains_key(header::ORIGIN) {
            return plain(StatusCode::FORBIDDEN, "{}");
        }
        match (request.method(), request.uri().path()) {
            (&Method::GET, "/ping") => plain(StatusCode::OK, "{}"),
            (&Method::POST, path) if is_invocation(path) => self.invoke(request.into_body()).await,
            _ => plain(StatusCode::NOT_FOUND, "{}"),
        }
    }

    async fn invoke(&self, body: Incoming) -> Reply {
        let Ok(body) = Limited::new(body, MAX_PAYLOAD).collect().await else {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "{}");
        };
        let Ok(payload) = serde_json::from_slice::<Box<RawValue>>(&body.to_bytes()) else {
            return plain(StatusCode::BAD_REQUEST, "{}");
        };
        let mut context = Context::default();
        context.request_id = self.invocations.fetch_add(1, Ordering::Relaxed).to_string();
        let event = LambdaEvent::new(payload, context);
        // A panic ends the invocation, not the connection. A task of its own would do that too, but has to be woken.
        let invocation = AssertUnwindSafe((self.handle)(Arc::clone(&self.dependencies), event));
        match timeout(LONGEST, invocation.catch_unwind()).await {
            Ok(Ok(reply)) => serde_json::to_vec(&reply).map_or_else(
                |_| failed("Runtime.MarshalError"),
                |json| reply_of(StatusCode::OK, Bytes::from(json)),
            ),
            Ok(Err(_)) => failed("Runtime.ExitError"),
            Err(_) => failed("Sandbox.Timedout"),
        }
    }
}

fn is_invocation(path: &str) -> bool {
    path.strip_prefix("/2015-03-31/functions/")
        .and_then(|rest| rest.strip_suffix("/invocations"))
        .is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn failed(error_type: &'static str) -> Reply {
    let body = format!(r#"{{"errorType":"{error_type}","errorMessage":""}}"#);
    let mut reply = reply_of(StatusCode::OK, Bytes::from(body));
    reply
        .headers_mut()
        .insert("x-amz-function-error", HeaderValue::from_static("Unhandled"));
    reply
}

fn plain(status: StatusCode, body: &'static str) -> Reply {
    reply_of(status, Bytes::from_static(body.as_bytes()))
}

fn reply_of(status: StatusCode, body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    reply
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}
