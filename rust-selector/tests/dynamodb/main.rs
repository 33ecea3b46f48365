//! The same promises against a real DynamoDB endpoint: `ATP_TEST_DYNAMODB` is its URL, or the path of a dynoxide
//! binary to start. Without it these tests say that they were left out.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod server;

use atp_selector::dynamo::Tables;
use atp_selector::learn::{Learner, Learnt};
use atp_selector::random::Sfc32;
use atp_selector::store::{ArmReader, LearningStore, StoreError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use server::{Server, tables};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

fn item(index: usize, adapter: &str, score: &str) -> Value {
    json!({
        "feedback_id": { "S": format!("tenant#{index}") },
        "policy": { "S": "default" },
        "pending": { "S": "p#default" },
        "adapter_id": { "S": adapter },
        "quality_score": { "N": score },
        "created_at_ms": { "N": index.to_string() },
        "propensity": { "N": "0.5" },
    })
}

async fn write(tables: &Tables, item: Value) {
    let input = json!({ "TableName": tables.feedback, "Item": item });
    assert!(tables.client.call("PutItem", &input).await.is_ok());
}

async fn learn(tables: &Tables, seed: u64) -> Learnt {
    let deadline = Instant::now() + Duration::from_secs(60);
    Learner::new(tables, deadline, Sfc32::new(seed))
        .learn(&BTreeSet::from(["default".to_owned()]))
        .await
}

#[tokio::test]
async fn what_is_learnt_is_what_select_reads() {
    let Some(server) = Server::from_env() else { return };
    let tables = tables(&server, "sum").await;
    assert_eq!(tables.read("default").await.unwrap().version, 0);
    for index in 0..120 {
        write(
            &tables,
            item(index, if index % 2 == 0 { "even" } else { "odd" }, "0.25"),
        )
        .await;
    }
    let learnt = learn(&tables, 1).await;
    assert_eq!(
        (learnt.learnt, learnt.versions["default"]),
        (120, 2),
        "{learnt:?}"
    );
    let state = tables.read("default").await.unwrap();
    assert_eq!(
        (state.version, state.arms["even"].count, state.arms["odd"].sum),
        (2, 60, 15.0)
    );
    assert_eq!(state, tables.read_latest("default").await.unwrap());
    assert_eq!(learn(&tables, 2).await, Learnt::default());
}

#[tokio::test]
async fn the_outbox_tells_whose_feedback_waits() {
    let Some(server) = Server::from_env() else { return };
    let tables = tables(&server, "waiting").await;
    assert_eq!(tables.pending().await.unwrap(), BTreeSet::new());
    for (index, policy) in ["default", "support", "default"].iter().enumerate() {
        let mut waiting = item(index, "only", "1");
        waiting["policy"] = json!({ "S": policy });
        waiting["pending"] = json!({ "S": format!("p#{policy}") });
        write(&tables, waiting).await;
    }
    let names = ["default", "support"].map(str::to_owned);
    assert_eq!(tables.pending().await.unwrap(), BTreeSet::from(names.clone()));
    learn(&tables, 1).await;
    assert_eq!(
        tables.pending().await.unwrap(),
        BTreeSet::from([names[1].clone()])
    );
}

#[tokio::test]
async fn features_are_learnt_as_they_were_packed() {
    let Some(server) = Server::from_env() else { return };
    let tables = tables(&server, "features").await;
    let bytes: Vec<u8> = [1.0f32, -0.1].iter().flat_map(|one| one.to_le_bytes()).collect();
    let mut featured = item(0, "only", "0.5");
    featured["features"] = json!({ "B": STANDARD.encode(bytes) });
    featured["memory"] = json!({ "N": "5" });
    write(&tables, featured).await;
    write(&tables, item(1, "only", "1")).await;
    let mut numbers = item(2, "only", "1");
    numbers["features"] = json!({ "L": [] });
    write(&tables, numbers).await;
    let learnt = learn(&tables, 1).await;
    assert_eq!((learnt.learnt, learnt.poisoned), (2, 1), "{learnt:?}");
    let arm = tables.read("default").await.unwrap().arms["only"].clone();
    assert_eq!(arm.memory.unwrap().scores(), [0.5]);
    let linear = arm.linear.unwrap();
    let x = f64::from(-0.1f32);
    assert_eq!(
        (arm.count, linear.upper(), linear.b()),
        (2, [1.0, x, x * x].as_slice(), [0.5, 0.5 * x].as_slice())
    );
}

#[tokio::test]
async fn learners_side_by_side_count_each_score_once() {
    let Some(server) = Server::from_env() else { return };
    let tables = Arc::new(tables(&server, "race").await);
    for index in 0..200 {
        write(&tables, item(index, "only", "0.5")).await;
    }
    let mut running = tokio::task::JoinSet::new();
    for seed in 0..4 {
        let tables = Arc::clone(&tables);
        running.spawn(async move { learn(&tables, seed).await });
    }
    let learnt: usize = running.join_all().await.into_iter().map(|one| one.learnt).sum();
    let rest = learn(&tables, 9).await.learnt;
    let arm = tables.read_latest("default").await.unwrap().arms["only"].clone();
    assert_eq!((arm.count, arm.sum, learnt + rest), (200, 100.0, 200));
}

async fn dead_letters(tables: &Tables) -> Vec<Value> {
    let input = json!({
        "TableName": tables.feedback, "IndexName": "pending-index", "KeyConditionExpression": "pending = :dead",
        "ExpressionAttributeValues": { ":dead": { "S": "poisoned" } },
    });
    let found = tables.client.call("Query", &input).await.ok().unwrap();
    found["Items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn poison_becomes_a_dead_letter_with_its_reason_and_can_be_sent_again() {
    let Some(server) = Server::from_env() else { return };
    let tables = tables(&server, "poison").await;
    write(&tables, item(0, "good", "1")).await;
    write(&tables, item(1, "bad", "3")).await;
    let learnt = learn(&tables, 1).await;
    assert_eq!((learnt.learnt, learnt.poisoned), (1, 1), "{learnt:?}");
    let letters = dead_letters(&tables).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0]["feedback_id"]["S"], "tenant#1");
    let reason = letters[0]["poisoned"]["S"].as_str().unwrap();
    assert!(reason.starts_with("quality_score"));
    assert_eq!(tables.pending().await.unwrap(), BTreeSet::new());
    assert_eq!(learn(&tables, 2).await, Learnt::default());

    write(&tables, item(1, "bad", "1")).await;
    assert_eq!(learn(&tables, 3).await.learnt, 1);
    assert_eq!(dead_letters(&tables).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_table_that_is_not_there_is_a_typed_error() {
    let Some(server) = Server::from_env() else { return };
    let refused = StoreError::Refused {
        code: "ResourceNotFoundException".to_owned(),
    };
    assert_eq!(server.tables("never-made").read("default").await, Err(refused));
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_a_typed_error() {
    let nobody = server::tables_at("http://127.0.0.1:9", "nowhere");
    assert_eq!(nobody.read("default").await, Err(StoreError::Unreachable));
}
