//! One JSON line to standard output, where Lambda collects it. Lines carry counts and codes, never data.

use serde_json::{Value, json};
use std::io::Write;

pub fn info(event: &str, fields: Value) {
    line("INFO", event, fields);
}

pub fn error(event: &str, fields: Value) {
    line("ERROR", event, fields);
}

fn line(level: &str, event: &str, mut fields: Value) {
    fields["level"] = json!(level);
    fields["event"] = json!(event);
    // Nobody is left to tell when standard output is closed.
    drop(writeln!(std::io::stdout().lock(), "{fields}"));
}
