//! DynamoDB without an SDK: four operations, signed by hand. The generated SDK would take minutes to build.

mod client;
mod feedback;
mod item;
mod learning;
pub mod sigv4;
mod transaction;

pub use client::{Client, Endpoint};
pub use sigv4::Credentials;

/// The tables, behind the ports of `store`.
pub struct Tables {
    pub client: Client,
    pub learning: String,
    /// `select` has none.
    pub feedback: String,
}
