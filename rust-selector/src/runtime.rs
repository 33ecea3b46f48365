//! Runs a handler: under any Lambda Runtime API host, such as AWS on demand or managed instances with many invocations at a
//! time, or answering Invoke by itself, as in the local runtime.

use crate::settings::{Host, Missing, Settings};
use crate::{invoke, log};
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use std::convert::Infallible;
use std::future::Future;
use std::io::Read;
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;

/// As lambda_runtime hands it over: unparsed, so that each function refuses a bad one in its own words.
pub type Event = LambdaEvent<Box<RawValue>>;

/// `start` builds what outlives an invocation; `handle` answers one.
pub fn serve<D, R, F>(start: fn() -> Result<D, Missing>, handle: fn(Arc<D>, Event) -> F) -> ExitCode
where
    D: Send + Sync + 'static,
    R: Serialize + Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        log::error("panic", json!({ "at": place }));
    }));
    match prepare(start) {
        Ok((settings, dependencies)) => run(&settings, Arc::new(dependencies), handle),
        Err(missing) => {
            log::error("start_failed", json!({ "reason": missing.to_string() }));
            ExitCode::from(2)
        }
    }
}

fn prepare<D>(start: fn() -> Result<D, Missing>) -> Result<(Settings, D), Missing> {
    Ok((Settings::from_env()?, start()?))
}

fn run<D, R, F>(settings: &Settings, dependencies: Arc<D>, handle: fn(Arc<D>, Event) -> F) -> ExitCode
where
    D: Send + Sync + 'static,
    R: Serialize + Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    if settings.exit_with_parent {
        std::thread::spawn(exit_at_end_of_input);
    }
    let mut builder = match &settings.host {
        Host::RuntimeApi { concurrency: 1 } => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let ended = builder
        .enable_all()
        .build()
        .map_err(lambda_runtime::Error::from)
        .and_then(|runtime| match &settings.host {
            Host::RuntimeApi { .. } => runtime.block_on(poll(dependencies, handle)),
            Host::Itself(address) => runtime
                .block_on(invoke::serve(address, dependencies, handle))
                .map_err(lambda_runtime::Error::from),
        });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error("stopped", json!({ "reason": error.to_string() }));
            ExitCode::FAILURE
        }
    }
}

async fn poll<D, R, F>(
    dependencies: Arc<D>,
    handle: fn(Arc<D>, Event) -> F,
) -> Result<(), lambda_runtime::Error>
where
    D: Send + Sync + 'static,
    R: Serialize + Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let service = lambda_runtime::service_fn(move |event| {
        let reply = handle(Arc::clone(&dependencies), event);
        async move { Ok::<R, Never>(reply.await) }
    });
    lambda_runtime::run_concurrent(service).await
}

/// The host holds the other end of our standard input, and the kernel closes it when the host dies.
fn exit_at_end_of_input() {
    let mut buffer = [0; 64];
    while !matches!(std::io::stdin().read(&mut buffer), Ok(0) | Err(_)) {}
    #[expect(clippy::disallowed_methods, reason = "this is the module that may")]
    std::process::exit(0);
}

/// Handlers do not fail: what is wrong with an event is part of the reply.
#[derive(Debug)]
struct Never(Infallible);

impl From<Never> for Diagnostic {
    fn from(never: Never) -> Self {
        match never.0 {}
    }
}
