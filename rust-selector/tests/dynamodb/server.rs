//! The endpoint under test and its tables.

use atp_selector::dynamo::{Client, Credentials, Endpoint, Tables};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

pub struct Server {
    url: String,
    process: Option<Child>,
}

impl Server {
    pub fn from_env() -> Option<Self> {
        let Some(given) = std::env::var_os("ATP_TEST_DYNAMODB") else {
            println!("left out: ATP_TEST_DYNAMODB is not set");
            return None;
        };
        match given.to_str() {
            Some(url) if url.starts_with("http") => Some(Self {
                url: url.to_owned(),
                process: None,
            }),
            _ => Some(Self::start(given)),
        }
    }

    fn start(binary: OsString) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = Command::new(binary)
            .args(["--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        Self {
            url: format!("http://127.0.0.1:{port}"),
            process: Some(process),
        }
    }

    pub fn tables(&self, name: &str) -> Tables {
        tables_at(&self.url, name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

pub fn tables_at(url: &str, name: &str) -> Tables {
    let endpoint = Endpoint {
        url: url.to_owned(),
        region: "us-east-1".to_owned(),
    };
    let credentials = Credentials {
        access_key_id: "local".to_owned(),
        secret_access_key: "local".to_owned(),
        session_token: None,
    };
    let name = |table: &str| format!("{table}-{name}-{}", std::process::id());
    Tables {
        client: Client::new(endpoint, credentials),
        learning: name("Learning"),
        feedback: name("Feedback"),
    }
}

/// Empty tables as the project's infrastructure makes them.
pub async fn tables(server: &Server, name: &str) -> Tables {
    let tables = server.tables(name);
    create(
        &tables,
        keyed(
            &tables.learning,
            &[("policy", "HASH", "S"), ("arm", "RANGE", "S")],
        ),
    )
    .await;
    let mut feedback = keyed(&tables.feedback, &[("feedback_id", "HASH", "S")]);
    let outbox = keyed("", &[("pending", "HASH", "S"), ("created_at_ms", "RANGE", "N")]);
    let attributes = outbox["AttributeDefinitions"].as_array().unwrap().clone();
    feedback["AttributeDefinitions"]
        .as_array_mut()
        .unwrap()
        .extend(attributes);
    feedback["GlobalSecondaryIndexes"] = json!([{
        "IndexName": "pending-index",
        "KeySchema": outbox["KeySchema"],
        "Projection": { "ProjectionType": "ALL" },
    }]);
    create(&tables, feedback).await;
    tables
}

fn keyed(table: &str, keys: &[(&str, &str, &str)]) -> Value {
    let schema = keys
        .iter()
        .map(|(name, role, _)| json!({ "AttributeName": name, "KeyType": role }));
    let types = keys
        .iter()
        .map(|(name, _, kind)| json!({ "AttributeName": name, "AttributeType": kind }));
    json!({
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": schema.collect::<Vec<_>>(),
        "AttributeDefinitions": types.collect::<Vec<_>>(),
    })
}

async fn create(tables: &Tables, input: Value) {
    let made = tables.client.call("CreateTable", &input).await;
    assert!(made.is_ok(), "CreateTable failed");
}
