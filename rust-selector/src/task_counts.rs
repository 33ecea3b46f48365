//! What a policy knows of one adapter by the task that callers name: discounted counts and sums of its scores. A name is a
//! caller's own words, so only a hash of it ever comes here.
//!
//! Bounded: a task too many takes the place of the one with the smallest count, of equal ones the one counted longest ago. So
//! whoever names every request differently wears out one place, and leaves the tasks that come again theirs.

use crate::arm::StateError;
use crate::random::MAX_SEED;

/// Most tasks of an arm.
pub const MAX_TASKS: usize = 32;
/// Largest hash of a name: whole numbers up to it are exact in JSON.
pub const MAX_TASK: u64 = MAX_SEED;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TaskCount {
    pub task: u64,
    /// Discounted number of scores.
    pub n: f64,
    /// Discounted sum of scores.
    pub sum: f64,
}

/// In the order in which they were last counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskCounts(Vec<TaskCount>);

impl TaskCounts {
    pub fn all(&self) -> &[TaskCount] {
        &self.0
    }

    #[inline]
    pub fn find(&self, task: u64) -> Option<&TaskCount> {
        self.0.iter().find(|one| one.task == task)
    }

    /// One more score of the arm, in [0, 1], and of this task where one was named: all of them fade by it.
    pub fn observe(&mut self, task: Option<u64>, score: f64, gamma: f64) {
        for one in &mut self.0 {
            one.n *= gamma;
            one.sum *= gamma;
        }
        let Some(task) = task else { return };
        let mut counted = self.take(task).unwrap_or_else(|| {
            self.make_room();
            TaskCount {
                task,
                n: 0.0,
                sum: 0.0,
            }
        });
        counted.n += 1.0;
        counted.sum += score;
        self.0.push(counted);
    }

    fn take(&mut self, task: u64) -> Option<TaskCount> {
        let at = self.0.iter().position(|one| one.task == task)?;
        Some(self.0.remove(at))
    }

    fn make_room(&mut self) {
        if self.0.len() < MAX_TASKS {
            return;
        }
        let counts = self.0.iter().map(|one| one.n).enumerate();
        if let Some((least, _)) = counts.min_by(|one, other| one.1.total_cmp(&other.1)) {
            self.0.remove(least);
        }
    }

    /// u16 number of tasks, then of each its hash as u64, n and sum as doubles.
    pub fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.0.len() as u16).to_le_bytes());
        for one in &self.0 {
            bytes.extend(one.task.to_le_bytes());
            bytes.extend(one.n.to_le_bytes());
            bytes.extend(one.sum.to_le_bytes());
        }
    }

    /// Bytes behind what is expected are a newer writer's.
    pub fn unpack(bytes: &[u8]) -> Result<Self, StateError> {
        let (count, rest) = bytes.split_first_chunk::<2>().ok_or(StateError::TooShort)?;
        let count = usize::from(u16::from_le_bytes(*count));
        if count > MAX_TASKS {
            return Err(StateError::OutOfRange);
        }
        let words = rest
            .as_chunks::<8>()
            .0
            .get(..3 * count)
            .ok_or(StateError::TooShort)?;
        let of = |[task, n, sum]: &[[u8; 8]; 3]| TaskCount {
            task: u64::from_le_bytes(*task),
            n: f64::from_le_bytes(*n),
            sum: f64::from_le_bytes(*sum),
        };
        let counts = Self(words.as_chunks::<3>().0.iter().map(of).collect());
        if counts.0.iter().all(TaskCount::is_possible) {
            Ok(counts)
        } else {
            Err(StateError::OutOfRange)
        }
    }
}

impl TaskCount {
    /// Scores lie in [0, 1], so 0 <= sum <= n, but for rounding.
    fn is_possible(&self) -> bool {
        self.task <= MAX_TASK
            && self.n.is_finite()
            && self.sum >= 0.0
            && self.sum <= self.n + 1e-9 * (1.0 + self.n)
    }
}
