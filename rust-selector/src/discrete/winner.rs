//! Which arm's draw is the highest, in probability: with distribution functions F_j over the atoms, an atom x of arm
//! i wins with its mass times the product of F_j(x) over the others. One pass over all atoms in ascending order keeps
//! the product P of all F_j; an atom raises its own F_i by a factor 1 + g, so what it wins is P g, and P grows by just
//! that: what is won adds up to the last P, which is 1.

use super::grid::{Atoms, GAINS, MASSES, mass_of_first};
use super::order::ascending;

/// 2^512. With many arms P starts below what a double holds, so it is held as a multiple of a power of this.
const HUGE: f64 = f64::from_bits((1_023 + 512) << 52);

/// The probability of each arm, of which there is at least one, to draw the highest value where each draws one of
/// its atoms; of equal values the lowest index wins. They add up to 1 but for rounding.
pub fn win_probabilities(arms: &[Atoms]) -> Vec<f64> {
    let last = last_to_begin(arms);
    let mut wins = vec![0.0; arms.len()];
    if arms.len() == 1 {
        wins[last] = 1.0;
        return wins;
    }
    // Atoms that some arm's every draw beats win nothing: all lowest atoms are passed when the last arm begins.
    let mut passed: Vec<usize> = passed_before(arms, last);
    let mut product = Product::of(MASSES[0]);
    for (arm, passed) in passed.iter().enumerate() {
        if arm != last {
            product.shrink(mass_of_first(*passed));
        }
    }
    wins[last] = product.settled(product.value);
    passed[last] = 1;
    for (_, arm) in ascending(arms, &passed) {
        let gained = product.value * GAINS[passed[arm]];
        wins[arm] += product.settled(gained);
        passed[arm] += 1;
        product.grow(gained);
    }
    wins
}

/// The arm whose lowest atom comes last.
fn last_to_begin(arms: &[Atoms]) -> usize {
    let mut last = 0;
    for (arm, atoms) in arms.iter().enumerate() {
        if atoms[0] > arms[last][0] {
            last = arm;
        }
    }
    last
}

/// How many atoms of each arm come before the lowest of `last`.
fn passed_before(arms: &[Atoms], last: usize) -> Vec<usize> {
    let least = arms[last][0];
    let count = |(arm, atoms): (usize, &Atoms)| {
        atoms.partition_point(|value| *value < least || (arm > last && *value == least))
    };
    arms.iter().enumerate().map(count).collect()
}

/// `value` / 2^(512 `scale`)
struct Product {
    value: f64,
    scale: u32,
}

impl Product {
    fn of(value: f64) -> Self {
        Self { value, scale: 0 }
    }

    fn shrink(&mut self, factor: f64) {
        self.value *= factor;
        if self.value < 1.0 / HUGE {
            self.value *= HUGE;
            self.scale += 1;
        }
    }

    #[inline]
    fn grow(&mut self, by: f64) {
        self.value += by;
        if self.scale > 0 && self.value >= 1.0 {
            self.value /= HUGE;
            self.scale -= 1;
        }
    }

    /// What is scaled down is below 2^-512: nothing.
    #[inline]
    fn settled(&self, part: f64) -> f64 {
        if self.scale == 0 { part } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::NORMAL_ATOMS;
    use super::*;
    use crate::discrete::ATOMS;

    fn normal(mean: f64, deviation: f64) -> Atoms {
        NORMAL_ATOMS.map(|z| mean + deviation * z)
    }

    /// The definition, for two arms.
    fn first_beats_second(one: &Atoms, other: &Atoms) -> f64 {
        let pairs = (0..ATOMS).flat_map(|i| (0..ATOMS).map(move |j| (i, j)));
        pairs
            .filter(|(i, j)| one[*i] >= other[*j])
            .map(|(i, j)| MASSES[i] * MASSES[j])
            .sum()
    }

    #[test]
    fn two_arms_win_as_their_pairs_of_atoms_do() {
        for (mean, deviation) in [
            (0.0, 1.0),
            (0.3, 0.1),
            (-2.0, 0.5),
            (0.0, 0.0),
            (9.0, 1.0),
            (-9.0, 1.0),
        ] {
            let arms = [normal(mean, deviation), normal(0.0, 1.0)];
            let wins = win_probabilities(&arms);
            let expected = first_beats_second(&arms[0], &arms[1]);
            assert!(
                (wins[0] - expected).abs() < 1e-12,
                "{mean} {deviation}: {wins:?} {expected}"
            );
            assert!((wins[0] + wins[1] - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn of_equal_values_the_lowest_index_wins() {
        assert_eq!(
            win_probabilities(&[[0.5; ATOMS], [0.5; ATOMS], [0.5; ATOMS]]),
            [1.0, 0.0, 0.0]
        );
        assert_eq!(win_probabilities(&[[0.5; ATOMS], [0.75; ATOMS]]), [0.0, 1.0]);
    }

    #[test]
    fn a_thousand_like_arms_share_though_their_product_underflows() {
        let arms = vec![normal(0.0, 1.0); 1_000];
        let wins = win_probabilities(&arms);
        assert!((wins.iter().sum::<f64>() - 1.0).abs() < 1e-11);
        assert!(wins.iter().all(|win| (0.0004..0.003).contains(win)), "{wins:?}");
        assert!(wins.windows(2).all(|pair| pair[0] >= pair[1]));
    }
}
