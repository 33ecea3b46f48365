//! A Lambda Runtime API host in a hundred lines: `next` waits for an event, `response` brings its answer.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Waiting = Arc<Mutex<BTreeMap<String, Sender<Value>>>>;
type Queue = Arc<Mutex<Receiver<(String, Value)>>>;

pub struct Host {
    pub address: String,
    events: Mutex<Sender<(String, Value)>>,
    waiting: Waiting,
    ids: AtomicU64,
}

impl Host {
    pub fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (events, queue) = channel();
        let (queue, waiting): (Queue, Waiting) = (Arc::new(Mutex::new(queue)), Waiting::default());
        let answers = Arc::clone(&waiting);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (queue, answers) = (Arc::clone(&queue), Arc::clone(&answers));
                std::thread::spawn(move || converse(stream.unwrap(), &queue, &answers));
            }
        });
        Self {
            address,
            events: Mutex::new(events),
            waiting,
            ids: AtomicU64::new(0),
        }
    }

    pub fn invoke(&self, event: &Value) -> Value {
        let id = format!("invocation-{}", self.ids.fetch_add(1, Ordering::Relaxed));
        let (answer, answered) = channel();
        self.waiting.lock().unwrap().insert(id.clone(), answer);
        self.events.lock().unwrap().send((id, event.clone())).unwrap();
        answered.recv_timeout(Duration::from_secs(20)).unwrap()
    }
}

/// Serves one connection until the function closes it.
fn converse(stream: TcpStream, queue: &Queue, answers: &Waiting) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some((path, body)) = request(&mut reader) {
        let sent = if path.ends_with("/invocation/next") {
            let Ok((id, event)) = queue.lock().unwrap().recv() else {
                return;
            };
            let deadline = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() + 10_000;
            let extra =
                format!("lambda-runtime-aws-request-id: {id}\r\nlambda-runtime-deadline-ms: {deadline}\r\n");
            reply(&mut writer, "200 OK", &extra, &event.to_string())
        } else {
            let id = path.rsplit('/').nth(1).unwrap().to_owned();
            let answer = answers.lock().unwrap().remove(&id).unwrap();
            answer.send(serde_json::from_slice(&body).unwrap()).unwrap();
            reply(&mut writer, "202 Accepted", "", "{}")
        };
        if sent.is_err() {
            return;
        }
    }
}

fn reply(writer: &mut TcpStream, status: &str, extra: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n");
    writer.write_all(format!("{head}{extra}\r\n{body}").as_bytes())
}

fn request(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|&read| read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}

/// Ends with the test that started it.
pub struct Function(pub Child);

impl Drop for Function {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

pub fn start(binary: &str, host: &Host, extra: &[(&str, &str)]) -> Function {
    let mut given = vec![
        ("AWS_LAMBDA_RUNTIME_API", host.address.clone()),
        ("AWS_LAMBDA_FUNCTION_NAME", "test".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
    ];
    given.extend(extra.iter().map(|&(name, value)| (name, value.to_owned())));
    start_without_host(binary, &given)
}

/// Its database is a port that nobody listens on.
pub fn start_without_host(binary: &str, given: &[(&str, String)]) -> Function {
    let child = Command::new(binary)
        .env_clear()
        .envs([
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9"),
            ("LEARNING_TABLE", "Learning"),
            ("FEEDBACK_TABLE", "Feedback"),
        ])
        .envs(given.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Function(child)
}
