//! Atoms of Beta distributions, kept for as long as there is room: most requests ask for the same ones, as states
//! and priors change seldom.

use super::beta::beta_atoms;
use super::grid::Atoms;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Half a KiB each. When it is full all are dropped: most of them are of states that have passed.
const MOST: usize = 4_096;

#[derive(Default)]
pub struct BetaMemo {
    known: Mutex<BTreeMap<(u64, u64), Arc<Atoms>>>,
}

impl BetaMemo {
    /// a and b are positive and finite.
    pub fn atoms(&self, a: f64, b: f64) -> Arc<Atoms> {
        let key = (a.to_bits(), b.to_bits());
        if let Some(known) = self.with(|known| known.get(&key).map(Arc::clone)) {
            return known;
        }
        let atoms = Arc::new(beta_atoms(a, b));
        self.with(|known| {
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(key, Arc::clone(&atoms));
        });
        atoms
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<(u64, u64), Arc<Atoms>>) -> T) -> T {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_are_worked_out_once_and_few_are_kept() {
        let memo = BetaMemo::default();
        let first = memo.atoms(2.0, 3.0);
        assert!(Arc::ptr_eq(&first, &memo.atoms(2.0, 3.0)));
        assert_eq!(*first, beta_atoms(2.0, 3.0));
        (0..=MOST).for_each(|i| drop(memo.atoms(1.0, 1.0 + i as f64)));
        assert!(memo.with(|known| known.len()) <= MOST);
        assert!(!Arc::ptr_eq(&first, &memo.atoms(2.0, 3.0)));
    }
}
