//! The JSON that callers and `select` exchange, contract version 1. Golden files pin it for both languages.

mod check;
mod error;
mod plain_json;
mod read;
mod reply;
mod request;
mod write;

pub use check::{Ids, check_batch, check_request};
pub(crate) use check::{id, whole, within};
pub use error::{BatchError, RequestError};
pub use read::read;
pub use reply::{Freshness, Ranked, Reply, RequestResult};
pub use request::{Batch, Candidate, Number, Params, Request, Weights};
pub use write::{Written, write};

/// The only version spoken.
pub const VERSION: u64 = 1;
pub const MAX_REQUESTS: usize = 1024;
pub const MAX_CANDIDATES: usize = 1000;
/// Longest id of a request, a policy or a candidate, in bytes.
pub const MAX_ID: usize = 128;
