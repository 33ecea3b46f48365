//! Two Lambda functions: `select` ranks candidate models for requests, `learn` folds scores into what `select`
//! reads. The core (arm, linear_state, memory, task_counts, ridge, triangular, predict, roster, choose, contract, discrete, policy, random, and learn
//! but for its loop) is pure: time, randomness and state are arguments.

pub mod arm;
pub mod cache;
pub mod choose;
mod clock;
pub mod contract;
pub mod discrete;
pub mod dynamo;
pub mod functions;
mod invoke;
pub mod learn;
pub mod linear_state;
mod log;
pub mod memory;
pub mod policy;
mod predict;
pub mod random;
pub mod ridge;
mod roster;
pub mod runtime;
mod settings;
pub mod store;
pub mod task_counts;
mod triangular;
