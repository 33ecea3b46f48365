//! All arms' atoms in one ascending order: dealt into as many even bins as there are atoms, which leaves about one
//! atom a bin, then sorted within their bins. Where the bins are uneven it is as slow as any sort.

use super::grid::Atoms;
use std::cmp::Ordering;

/// Atoms from index `passed` on, of each arm, with the arm's index; of equal values the higher index comes first.
pub fn ascending(arms: &[Atoms], passed: &[usize]) -> Vec<(f64, usize)> {
    let rest = || {
        let backwards = arms.iter().zip(passed).enumerate().rev();
        backwards.flat_map(|(arm, (atoms, passed))| atoms[*passed..].iter().map(move |value| (*value, arm)))
    };
    let (mut count, mut least, mut most) = (0, f64::INFINITY, f64::NEG_INFINITY);
    for (value, _) in rest() {
        (count, least, most) = (count + 1, least.min(value), most.max(value));
    }
    let scale = count as f64 / (most - least);
    // A number that is none goes to the first bin, a too large one to the last.
    let bin_of = |value: f64| (((value - least) * scale) as usize).min(count - 1);
    let mut ends = vec![0usize; count + 1];
    rest().for_each(|(value, _)| ends[bin_of(value) + 1] += 1);
    for bin in 1..ends.len() {
        ends[bin] += ends[bin - 1];
    }
    let mut order = vec![(0.0, 0); count];
    for (value, arm) in rest() {
        let end = &mut ends[bin_of(value)];
        order[*end] = (value, arm);
        *end += 1;
    }
    let mut start = 0;
    for end in &ends[..count] {
        // Stable, so that equal values stay as they were dealt.
        order[start..*end].sort_by(|(one, _), (other, _)| compare(*one, *other));
        start = *end;
    }
    order
}

/// The two zeros are equal, as they are when a draw decides; a number that is none has a place too.
fn compare(one: f64, other: f64) -> Ordering {
    one.partial_cmp(&other).unwrap_or_else(|| one.total_cmp(&other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discrete::{ATOMS, NORMAL_ATOMS};

    #[test]
    fn the_order_is_that_of_a_sort() {
        let wide = |scale: f64, shift: f64| NORMAL_ATOMS.map(|z| shift + scale * z);
        let mut signs = [0.0; ATOMS];
        signs[..9].fill(-0.0);
        let infinite = wide(f64::INFINITY, 0.0);
        // Even bins, one crowded bin, equal values, both zeros, no finite range.
        let fields = [
            vec![wide(1.0, 0.0), wide(0.3, 0.1), wide(1.0, 0.0)],
            vec![
                wide(1e12, 0.0),
                wide(1e-3, 0.5),
                wide(1e-3, 0.5),
                wide(1e-3, 0.5001),
            ],
            vec![[0.5; ATOMS], [0.5; ATOMS]],
            vec![signs, [0.0; ATOMS], signs],
            vec![infinite, wide(1.0, 0.0)],
        ];
        for arms in fields {
            let passed: Vec<usize> = (0..arms.len()).map(|arm| 5 * arm).collect();
            let mut expected: Vec<(f64, usize)> = Vec::new();
            for (arm, atoms) in arms.iter().enumerate() {
                expected.extend(atoms[passed[arm]..].iter().map(|value| (*value, arm)));
            }
            expected.sort_by(|(one, arm), (other, next)| compare(*one, *other).then(next.cmp(arm)));
            let arms_of = |order: &[(f64, usize)]| order.iter().map(|(_, arm)| *arm).collect::<Vec<_>>();
            assert_eq!(arms_of(&ascending(&arms, &passed)), arms_of(&expected));
        }
    }
}
