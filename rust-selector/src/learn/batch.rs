//! What fits one transaction: 100 writes, of which one is the head and one each touched arm, and 4 MB.

use super::Feedback;
use crate::arm::{ArmState, PolicyState};
use std::collections::{BTreeMap, BTreeSet};

pub const MAX_WRITES: usize = 100;
/// An arm takes at most 91 KB: 64 features, and a memory of 1,024 scores.
const MAX_ARMS: usize = 40;

/// How many of the first scores go into one transaction.
pub fn cut(feedback: &[Feedback]) -> usize {
    let mut arms = BTreeSet::new();
    feedback
        .iter()
        .enumerate()
        .take_while(|(index, one)| {
            arms.insert(one.adapter.as_str());
            arms.len() <= MAX_ARMS && 1 + arms.len() + index < MAX_WRITES
        })
        .count()
}

/// The arms that the scores touch, after them.
pub fn apply(state: &PolicyState, feedback: &[Feedback]) -> BTreeMap<String, ArmState> {
    let mut arms = BTreeMap::<String, ArmState>::new();
    for one in feedback {
        let known = || state.arms.get(&one.adapter).cloned().unwrap_or_default();
        let arm = arms.entry(one.adapter.clone()).or_insert_with(known);
        match &one.features {
            Some(features) => {
                arm.observe_with(features, one.score, one.gamma);
                arm.observe_task(one.task, one.score, one.gamma);
                if let Some(size) = one.memory {
                    arm.remember(features, one.score, size);
                }
            }
            None => arm.observe(one.score, one.gamma),
        }
    }
    arms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn feedback(adapters: &[u8]) -> Vec<Feedback> {
        let one = |adapter: &u8| Feedback {
            id: String::new(),
            adapter: adapter.to_string(),
            score: 0.5,
            gamma: 1.0,
            features: None,
            memory: None,
            task: None,
        };
        adapters.iter().map(one).collect()
    }

    proptest! {
        #[test]
        fn a_cut_fits_and_could_not_be_longer(adapters in prop::collection::vec(any::<u8>(), 0..150)) {
            let all = feedback(&adapters);
            let size = cut(&all);
            let fits = |count: usize| {
                let arms = apply(&PolicyState::default(), &all[..count]).len();
                arms <= MAX_ARMS && 1 + arms + count <= MAX_WRITES
            };
            prop_assert!(fits(size));
            prop_assert!(size == all.len() || !fits(size + 1));
        }
    }
}
