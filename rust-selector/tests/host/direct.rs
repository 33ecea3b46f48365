//! `select` at an address of its own, and the few words of HTTP that it takes to talk to it.

use crate::api::Function;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Waits until somebody listens.
pub fn until_listening(address: SocketAddr, _held: &Function) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_err() {
        assert!(Instant::now() < deadline, "nobody listens");
        std::thread::sleep(Duration::from_millis(10));
    }
}

const INVOKE: &str = "POST /2015-03-31/functions/select/invocations";

pub fn send(address: SocketAddr, line: &str, headers: &str, body: &str) -> Reply {
    talk(TcpStream::connect(address).unwrap(), line, headers, body)
}

fn talk(mut stream: impl Read + Write, line: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    write!(
        stream,
        "{line} HTTP/1.1\r\nhost: local\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Reply {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub fn invoke(address: SocketAddr, event: &str) -> Reply {
    send(address, INVOKE, "", event)
}

/// As soon as somebody listens there.
#[cfg(unix)]
pub fn invoke_at_socket(path: &std::path::Path, event: &str, _held: &Function) -> Reply {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Ok(stream) = std::os::unix::net::UnixStream::connect(path) {
            return talk(stream, INVOKE, "", event);
        }
        assert!(Instant::now() < deadline, "nobody listens");
        std::thread::sleep(Duration::from_millis(10));
    }
}
