//! The binaries under a Lambda Runtime API host, as AWS and the local runtime start them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod api;
mod direct;

use api::{Host, start, start_without_host};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::{Duration, Instant};

fn event() -> Value {
    json!({ "contract": 1, "requests": [{
        "id": "r1", "policy": "default", "strategy": "thompson", "seed": 7,
        "weights": { "quality": 1, "cost": 0.3, "latency": 0.1, "cost_scale_usd": 0.01, "latency_scale_ms": 1000 },
        "candidates": [{ "id": "a", "prior_quality": 0.9, "cost_usd": 0.01, "latency_ms": 800 }],
    }] })
}

#[test]
fn select_answers_by_priors_when_the_store_is_away() {
    let host = Host::listen();
    let _select = start(env!("CARGO_BIN_EXE_select"), &host, &[]);
    let reply = host.invoke(&event());
    assert_eq!(reply["results"][0]["id"], "r1");
    assert_eq!(reply["results"][0]["state"], "none");
    assert_eq!(reply["results"][0]["ranking"][0]["propensity"], 1.0);
    let refused = host.invoke(&json!({ "contract": 9 }));
    assert_eq!(
        refused,
        json!({ "contract": 1, "error": { "code": "unknown_contract", "message": "contract must be 1" } })
    );
    assert_eq!(host.invoke(&json!("nonsense"))["error"]["code"], "malformed");
}

#[test]
fn several_invocations_run_at_a_time_where_the_host_asks_for_it() {
    let host = Host::listen();
    let _select = start(
        env!("CARGO_BIN_EXE_select"),
        &host,
        &[("AWS_LAMBDA_MAX_CONCURRENCY", "4")],
    );
    let replies: Vec<Value> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..16).map(|_| scope.spawn(|| host.invoke(&event()))).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(replies.iter().all(|reply| reply["results"][0]["id"] == "r1"));
}

#[test]
fn learn_names_the_policies_that_it_could_not_reach() {
    let host = Host::listen();
    let _learn = start(env!("CARGO_BIN_EXE_learn"), &host, &[]);
    let reply = host.invoke(&json!({ "source": "poll", "policies": ["default"] }));
    assert_eq!(
        reply,
        json!({ "learnt": 0, "poisoned": 0, "versions": {}, "failed": { "default": "store_unreachable" } })
    );
    assert_eq!(host.invoke(&json!([]))["error"]["code"], "malformed");
}

#[test]
fn it_ends_with_the_process_that_holds_its_input() {
    let host = Host::listen();
    let mut select = start(
        env!("CARGO_BIN_EXE_select"),
        &host,
        &[("ATP_EXIT_WITH_PARENT", "1")],
    );
    host.invoke(&event());
    drop(select.0.stdin.take());
    let deadline = Instant::now() + Duration::from_secs(5);
    while select.0.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "still running");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn it_answers_invoke_by_itself_where_it_is_given_an_address() {
    let address = direct::free_address();
    let given = [("ATP_INVOKE_ADDRESS", address.to_string())];
    let select = start_without_host(env!("CARGO_BIN_EXE_select"), &given);
    direct::until_listening(address, &select);
    let replies: Vec<direct::Reply> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| direct::invoke(address, &event().to_string())))
            .collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for reply in replies {
        assert_eq!(reply.status, 200);
        assert!(!reply.head.contains("x-amz-function-error"));
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(body["results"][0]["id"], "r1");
    }
    let refused = direct::invoke(address, "[]");
    assert_eq!(refused.status, 200);
    assert!(refused.body.contains("malformed"));
}

#[cfg(unix)]
#[test]
fn it_answers_at_a_socket_also_where_a_killed_process_left_its_own() {
    let path = std::env::temp_dir().join(format!("atp-select-{}", std::process::id()));
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let given = [("ATP_INVOKE_ADDRESS", path.to_str().unwrap().to_owned())];
    let select = start_without_host(env!("CARGO_BIN_EXE_select"), &given);
    let reply = direct::invoke_at_socket(&path, &event().to_string(), &select);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(reply.status, 200);
    let body: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(body["results"][0]["id"], "r1");
}

#[test]
fn what_is_no_invocation_is_refused_and_does_no_harm() {
    let address = direct::free_address();
    let given = [("ATP_INVOKE_ADDRESS", address.to_string())];
    let select = start_without_host(env!("CARGO_BIN_EXE_select"), &given);
    direct::until_listening(address, &select);
    let path = "POST /2015-03-31/functions/select/invocations";
    let too_long = "x".repeat(6 * 1024 * 1024 + 1);
    for (line, headers, body, status) in [
        ("GET /ping", "", "", 200),
        ("GET /2015-03-31/functions/select/invocations", "", "", 404),
        ("POST /2015-03-31/functions//invocations", "", "{}", 404),
        ("POST /2015-03-31/functions/a/b/invocations", "", "{}", 404),
        (path, "", "{", 400),
        (path, "origin: http://evil.example\r\n", "{}", 403),
        (path, "", &too_long, 413),
    ] {
        assert_eq!(
            direct::send(address, line, headers, body).status,
            status,
            "{line}"
        );
    }
    assert_eq!(direct::invoke(address, &event().to_string()).status, 200);
}

#[test]
fn a_missing_variable_is_a_line_and_exit_code_2() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_select"))
        .env_clear()
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        line["reason"],
        "environment variable AWS_LAMBDA_RUNTIME_API is not set"
    );
}
