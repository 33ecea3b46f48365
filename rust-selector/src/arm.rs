//! What a policy knows about one adapter: discounted sums of its scores, and their packed form in the store.
//! Only observations are kept; priors are added when a choice is made, so changing one needs no relearning.

use crate::linear_state::LinearState;
use crate::memory::Memory;
use crate::task_counts::TaskCounts;
use std::collections::BTreeMap;
use std::fmt;

/// Format byte, three doubles, one u64, little-endian. Later formats append; these bytes keep their meaning.
const SUMS: u8 = 1;
/// Appends a linear state.
const LINEAR: u8 = 2;
/// Appends to that a memory.
const MEMORY: u8 = 3;
/// Appends counts by task to that; the memory before them may hold nothing.
const TASKS: u8 = 4;
const SUMS_LEN: usize = 33;
/// Counts pass through doubles, so they stop where a double stops counting.
const MAX_COUNT: u64 = (1 << 53) - 1;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArmState {
    /// Discounted number of observations.
    pub n: f64,
    /// Discounted sum of scores.
    pub sum: f64,
    /// Discounted sum of squared scores.
    pub sum_squares: f64,
    /// Observations ever learnt, undiscounted.
    pub count: u64,
    /// What scores that came with features say.
    pub linear: Option<LinearState>,
    /// The newest of those, where their policy asked for it; never without a linear state.
    pub memory: Option<Memory>,
    /// What those say that came with a task's name; never without a linear state.
    pub tasks: TaskCounts,
}

/// A policy's arms as they stood at one version of its head item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyState {
    pub version: u64,
    pub arms: BTreeMap<String, ArmState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateError {
    TooShort,
    UnknownFormat(u8),
    OutOfRange,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(f, "packed state is too short"),
            Self::UnknownFormat(format) => write!(f, "packed state has format {format}"),
            Self::OutOfRange => write!(f, "packed state holds impossible sums"),
        }
    }
}

impl ArmState {
    /// One more observation. `score` lies in [0, 1]; `gamma` in (0, 1] fades what this arm saw before, a
    /// per-arm form of discounted UCB (Garivier & Moulines 2011) that leaves the other arms' items alone.
    pub fn observe(&mut self, score: f64, gamma: f64) {
        self.n = self.n * gamma + 1.0;
        self.sum = self.sum * gamma + score;
        self.sum_squares = self.sum_squares * gamma + score * score;
        self.count = self.count.saturating_add(1);
    }

    /// One more observation, of a request with these features: 1 to 64 finite numbers. Another number of them than
    /// before starts the linear part anew, since the old one says nothing about the new features.
    pub fn observe_with(&mut self, features: &[f64], score: f64, gamma: f64) {
        self.observe(score, gamma);
        let fits = |linear: &LinearState| linear.dimension() == features.len();
        let mut linear = self
            .linear
            .take()
            .filter(fits)
            .unwrap_or_else(|| LinearState::new(features.len()));
        linear.observe(features, score, gamma);
        self.linear = Some(linear);
    }

    /// Remembers an observation that was just made with `observe_with`, among the newest `size`, 1 to `MAX_MEMORY`.
    /// Another number of features than before starts the memory anew.
    pub fn remember(&mut self, features: &[f64], score: f64, size: usize) {
        let fits = |memory: &Memory| memory.dimension() == features.len();
        let memory = self.memory.take().filter(fits);
        let mut memory = memory.unwrap_or_else(|| Memory::new(features.len()));
        memory.observe(features, score, size);
        self.memory = Some(memory);
    }

    /// Counts an observation that was just made with `observe_with` for its task, where one was named. The others fade as
    /// the linear part does.
    pub fn observe_task(&mut self, task: Option<u64>, score: f64, gamma: f64) {
        self.tasks.observe(task, score, gamma);
    }

    pub fn mean(&self) -> f64 {
        if self.n > 0.0 { self.sum / self.n } else { 0.0 }
    }

    pub fn pack(&self) -> Vec<u8> {
        let format = match (&self.linear, &self.memory, self.tasks.all()) {
            (None, _, _) => SUMS,
            (Some(_), None, []) => LINEAR,
            (Some(_), Some(_), []) => MEMORY,
            (Some(_), _, _) => TASKS,
        };
        let mut bytes = vec![format];
        for sum in [self.n, self.sum, self.sum_squares] {
            bytes.extend(sum.to_le_bytes());
        }
        bytes.extend(self.count.to_le_bytes());
        if let Some(linear) = &self.linear {
            linear.pack(&mut bytes);
            match &self.memory {
                Some(memory) => memory.pack(&mut bytes),
                None if format == TASKS => Memory::new(linear.dimension()).pack(&mut bytes),
                None => {}
            }
            if format == TASKS {
                self.tasks.pack(&mut bytes);
            }
        }
        bytes
    }

    /// Reads any format whose first bytes are ours: what follows them is a newer writer's, and no loss to
    /// a reader.
    pub fn unpack(bytes: &[u8]) -> Result<Self, StateError> {
        let (head, rest) = bytes
            .split_first_chunk::<SUMS_LEN>()
            .ok_or(StateError::TooShort)?;
        if head[0] < SUMS {
            return Err(StateError::UnknownFormat(head[0]));
        }
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&head[at..at + 8]);
            word
        };
        let double = |at| f64::from_le_bytes(word(at));
        let mut state = Self {
            n: double(1),
            sum: double(9),
            sum_squares: double(17),
            count: u64::from_le_bytes(word(25)),
            linear: None,
            memory: None,
            tasks: TaskCounts::default(),
        };
        if !state.is_possible() {
            return Err(StateError::OutOfRange);
        }
        if head[0] >= LINEAR {
            let (linear, rest) = LinearState::unpack(rest)?;
            state.linear = Some(linear);
            if head[0] >= MEMORY {
                let (memory, rest) = Memory::unpack(rest)?;
                let remembers = head[0] == MEMORY || !memory.scores().is_empty();
                state.memory = remembers.then_some(memory);
                if head[0] >= TASKS {
                    state.tasks = TaskCounts::unpack(rest)?;
                }
            }
        }
        Ok(state)
    }

    /// As `unpack`, for a writer: it must not cut off what a newer format appended.
    pub fn unpack_to_write(bytes: &[u8]) -> Result<Self, StateError> {
        match bytes.first() {
            Some(&format) if format > TASKS => Err(StateError::UnknownFormat(format)),
            _ => Self::unpack(bytes),
        }
    }

    /// Scores lie in [0, 1] and are discounted, so 0 <= squares <= sum <= n <= count, but for rounding.
    fn is_possible(&self) -> bool {
        let slack = 1e-9 * (1.0 + self.n);
        self.count <= MAX_COUNT
            && self.n <= self.count as f64 + slack
            && self.sum <= self.n + slack
            && self.sum_squares <= self.sum + slack
            && self.sum_squares >= 0.0
            && self.n >= 0.0
    }
}
