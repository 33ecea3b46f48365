//! The two Lambda functions: wiring at the edge, and nothing to compute.

pub mod learn;
pub mod select;
