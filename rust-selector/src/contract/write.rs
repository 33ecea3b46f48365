//! Writes a reply faster than serde does, which asks every key for what to escape and for room at every piece of it.
//! To the byte it is what serde writes.

use super::reply::{Freshness, Ranked, Reply, RequestResult};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// JSON as it is sent. Whatever serializes it by serde_json takes it as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(String);

impl Written {
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// As serde_json's `RawValue`, which itself would read the text again before it takes it.
impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const RAW: &str = "$serde_json::private::RawValue";
        let mut raw = serializer.serialize_struct(RAW, 1)?;
        raw.serialize_field(RAW, &self.0)?;
        raw.end()
    }
}

/// What room is made for: what most ids and digits take.
const RESULT: usize = 96;
const RANKED: usize = 144;

pub fn write(reply: &Reply<'_>) -> Written {
    let Reply::Results {
        contract,
        compute_us,
        results,
    } = reply
    else {
        return Written(by_serde(reply));
    };
    let ranked = |result: &RequestResult<'_>| match result {
        RequestResult::Chosen { ranking, .. } => ranking.len(),
        RequestResult::Refused { .. } => 1,
    };
    let size = results.iter().map(|one| RESULT + RANKED * ranked(one)).sum();
    let mut out = Writer {
        out: String::with_capacity(size),
        doubles: zmij::Buffer::new(),
    };
    out.push("{\"contract\":");
    out.count(*contract);
    out.push(",\"compute_us\":");
    out.count(*compute_us);
    out.push(",\"results\":");
    out.array(results, Writer::result);
    out.push("}");
    Written(out.out)
}

fn by_serde(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

struct Writer {
    out: String,
    doubles: zmij::Buffer,
}

impl Writer {
    #[inline]
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    #[inline]
    fn array<T>(&mut self, items: &[T], item: impl Fn(&mut Self, &T)) {
        let mut separator = "[";
        for one in items {
            self.push(separator);
            item(self, one);
            separator = ",";
        }
        self.push(if items.is_empty() { "[]" } else { "]" });
    }

    fn result(&mut self, result: &RequestResult<'_>) {
        match result {
            RequestResult::Chosen {
                id,
                state_version,
                state,
                ranking,
            } => {
                self.push("{\"id\":");
                self.text(id);
                self.push(",\"state_version\":");
                self.count(*state_version);
                self.push(state_named(*state));
                self.array(ranking, Self::ranked);
                self.push("}");
            }
            RequestResult::Refused { .. } => self.push(&by_serde(result)),
        }
    }

    #[inline]
    fn ranked(&mut self, one: &Ranked<'_>) {
        self.push("{\"id\":");
        self.text(&one.id);
        self.push(",\"quality\":");
        self.double(one.quality);
        self.push(",\"uncertainty\":");
        self.double(one.uncertainty);
        self.push(",\"score\":");
        self.double(one.score);
        self.push(",\"propensity\":");
        self.propensity(one.propensity);
        if let Some(by_task) = one.by_task {
            self.push(",\"by_task\":");
            self.double(by_task);
        }
        self.push("}");
    }

    #[inline]
    fn text(&mut self, text: &str) {
        let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if text.bytes().all(is_plain) {
            self.push("\"");
            self.push(text);
            self.push("\"");
        } else {
            self.push(&by_serde(&text));
        }
    }

    #[inline]
    fn double(&mut self, value: f64) {
        let text = if value.is_finite() {
            self.doubles.format_finite(value)
        } else {
            "null"
        };
        self.out.push_str(text);
    }

    /// Mostly one of the two that a certain choice has.
    #[inline]
    fn propensity(&mut self, value: f64) {
        if value == 1.0 {
            self.push("1.0");
        } else if value.to_bits() == 0 {
            self.push("0.0");
        } else {
            self.double(value);
        }
    }

    fn count(&mut self, value: u64) {
        self.push(itoa::Buffer::new().format(value));
    }
}

/// With the keys around it.
fn state_named(state: Freshness) -> &'static str {
    match state {
        Freshness::Fresh => ",\"state\":\"fresh\",\"ranking\":",
        Freshness::Cached => ",\"state\":\"cached\",\"ranking\":",
        Freshness::Stale => ",\"state\":\"stale\",\"ranking\":",
        Freshness::None => ",\"state\":\"none\",\"ranking\":",
    }
}
